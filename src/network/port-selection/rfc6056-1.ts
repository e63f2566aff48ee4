/**
 * RFC 6056 §3.3.1, algorithm 1, "Simple Port Randomization": a start drawn evenly from the range,
 * then the next port and the next, round the range. After a block of excluded ports the first free
 * one is favoured (§5).
 */

import type { Random } from '../../time-and-chance/random.ts';
import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import { selectFrom } from './algorithm.ts';
import type { Obstacles } from './obstacles.ts';
import { upwards } from './round-the-range.ts';

export function createRfc6056First(random: Random): PortAlgorithm {
  const starts = random.fork('start');
  return {
    id: 'rfc6056-1',
    rotation: 0,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const start = low + starts.below(high - low + 1);
      return selectFrom('rfc6056-1', request, upwards(low, high, start), obstacles);
    },
  };
}
