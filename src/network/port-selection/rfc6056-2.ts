/**
 * RFC 6056 §3.3.2, algorithm 2, "Another Simple Port Randomization": every candidate is drawn anew
 * from the whole range. Even after a block of excluded ports; may fail while ports are free.
 */

import type { Random } from '../../time-and-chance/random.ts';
import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import { selectDrawn, stateOf } from './drawn-candidates.ts';
import type { Obstacles } from './obstacles.ts';

/** The candidates again, from the parameters of a reason; without end. */
export function* rfc6056SecondCandidates(
  low: number,
  high: number,
  parameters: Readonly<Record<string, number>>,
  random: Random,
): Generator<number> {
  random.restore(stateOf(parameters));
  for (;;) yield low + random.below(high - low + 1);
}

export function createRfc6056Second(random: Random): PortAlgorithm {
  const draws = random.fork('draws');
  return {
    id: 'rfc6056-2',
    rotation: 0,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const draw = (): number => low + draws.below(high - low + 1);
      return selectDrawn('rfc6056-2', request, obstacles, draws, {}, draw);
    },
  };
}
