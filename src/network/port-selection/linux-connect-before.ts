/**
 * How Linux chose a connecting TCP socket's port before 5.18: RFC 6056's algorithm 3, a counter for
 * the whole host ("hint") and a keyed offset per destination.
 *
 * - before 4.2 (net/ipv4/inet_hashtables.c of 3.10): port by port round the whole range;
 * - 4.2 to 4.5 (commit 07f4c90062f8): port by port from an even start, the counter moving on in twos,
 *   so that while ports are plenty the odd ones stay free for bind();
 * - 4.6 to 5.11 (commit 1580ab63fc9a): in steps of two, first the parity of the low end;
 * - 5.12 to 5.17 (commits 190cc82489f4, c579bd1b4021): a table of 256 counters, and in one case of
 *   sixteen a step more.
 */

import type { Random } from '../../time-and-chance/random.ts';
import { siphash } from '../../time-and-chance/siphash.ts';
import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import { destinationWords, selectFrom } from './algorithm.ts';
import { linuxConnectRuns, walkedInPass } from './linux-connect.ts';
import type { Obstacles } from './obstacles.ts';
import { walkLength } from './parity-passes.ts';
import { upwards } from './round-the-range.ts';

export type OlderGeneration = 'before-4.2' | '4.2-to-4.5' | '4.6-to-5.11' | '5.12-to-5.17';

const countersOf: Readonly<Record<OlderGeneration, number>> = {
  'before-4.2': 1,
  '4.2-to-4.5': 1,
  '4.6-to-5.11': 1,
  '5.12-to-5.17': 256,
};

export function createOlderLinuxConnect(
  random: Random,
  generation: OlderGeneration,
): PortAlgorithm {
  const key = random.fork('ephemeral-key').key();
  const filling = random.fork('perturb-table');
  const noise = random.fork('steps');
  const counters = countersOf[generation];
  // "hint" starts at 0; the table of 5.12 is filled by chance.
  const table = Array.from({ length: counters }, () => (counters === 1 ? 0 : filling.uint32()));
  const id = `linux-connect-${generation}`;

  return {
    id,
    rotation: generation === 'before-4.2' || generation === '4.2-to-4.5' ? 0 : 1,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const hash = siphash(key, destinationWords(request)).low;
      const slot = (hash >>> 24) & (counters - 1);
      const counter = table[slot] ?? 0;
      const sum = (counter + hash) >>> 0;
      const ports = high - low + 1;
      let found;
      let walked: number;
      if (generation === 'before-4.2') {
        found = selectFrom(id, request, upwards(low, high, low + ((sum + 1) % ports)), obstacles);
        walked = found.why.considered;
      } else if (generation === '4.2-to-4.5') {
        const start = low + (((sum & ~1) >>> 0) % ports);
        found = selectFrom(id, request, upwards(low, high, start), obstacles);
        walked = (found.why.considered + 1) & ~1;
      } else {
        const length = walkLength(low, high);
        const runs = linuxConnectRuns(low, high, low + ((sum % length) & ~1), 2);
        found = selectFrom(id, request, runs, obstacles);
        const before = walkedInPass(runs, found.run, found.before, length);
        const skipsOne = generation === '5.12-to-5.17' && before === 0 && noise.below(16) === 0;
        walked = (skipsOne ? 2 : before) + 2;
      }
      if (found.port >= 0) table[slot] = (counter + walked) >>> 0;
      return found;
    },
  };
}
