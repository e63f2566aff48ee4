/**
 * RFC 6056 §3.3.4, algorithm 4, "Double-Hash Port Selection": as algorithm 3, but the counter is one
 * of a table, chosen by a second keyed hash of the destination, so that one destination learns little
 * about the connections to others.
 */

import type { Random } from '../../time-and-chance/random.ts';
import { siphash } from '../../time-and-chance/siphash.ts';
import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import { destinationWords, selectFrom } from './algorithm.ts';
import type { Obstacles } from './obstacles.ts';
import { upwards } from './round-the-range.ts';

export interface DoubleHashParameters {
  /** Counters in the table. The RFC finds that 10 already help. */
  readonly counters: number;
}

export function createRfc6056Fourth(
  random: Random,
  { counters }: DoubleHashParameters = { counters: 10 },
): PortAlgorithm {
  const offsetKey = random.fork('offset-key').key();
  const tableKey = random.fork('table-key').key();
  const filling = random.fork('table');
  const table = Array.from({ length: counters }, () => filling.uint32());
  return {
    id: 'rfc6056-4',
    rotation: 0,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const destination = destinationWords(request);
      const offset = siphash(offsetKey, destination).low;
      const slot = siphash(tableKey, destination).low % counters;
      const counter = table[slot] ?? 0;
      const start = low + ((offset + counter) % (high - low + 1));
      const found = selectFrom('rfc6056-4', request, upwards(low, high, start), obstacles);
      table[slot] = counter + found.why.considered;
      return found;
    },
  };
}
