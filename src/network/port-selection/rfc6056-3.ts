/**
 * RFC 6056 §3.3.3, algorithm 3, "Simple Hash-Based Port Selection": one counter for the host, and for
 * each destination an offset by a keyed hash. To one destination the ports rise one by one; how fast
 * the counter moves tells an observer how many connections the host makes in all.
 */

import type { Random } from '../../time-and-chance/random.ts';
import { siphash } from '../../time-and-chance/siphash.ts';
import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import { destinationWords, selectFrom } from './algorithm.ts';
import type { Obstacles } from './obstacles.ts';
import { upwards } from './round-the-range.ts';

export function createRfc6056Third(random: Random): PortAlgorithm {
  const key = random.fork('key').key();
  let counter = random.fork('counter').uint32();
  return {
    id: 'rfc6056-3',
    rotation: 0,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const offset = siphash(key, destinationWords(request)).low;
      const start = low + ((counter + offset) % (high - low + 1));
      const found = selectFrom('rfc6056-3', request, upwards(low, high, start), obstacles);
      counter += found.why.considered;
      return found;
    },
  };
}
