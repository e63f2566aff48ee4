/**
 * RFC 6056 §3.3.5, algorithm 5, "Random-Increments Port Selection": one counter that moves on by 1 to
 * N before each try. A small N is nearly the traditional choice, a large one nearly algorithm 1.
 *
 * Every step is drawn, so a nearly full range costs some thousand draws. It could be left out only by
 * drawing, for each free port ahead, whether the walk meets it, where it lands if not, and in how many
 * steps: three distributions that depend on each other and on the distance (a renewal process), and a
 * walk of N = 500 misses most free ports, so that there would be hundreds of such draws, each dearer
 * than a step. Algorithm 2, whose draws do not depend on each other, does it. Only where nothing at
 * all is free, and for one reason, is the end known at once: the counter is then left where the
 * candidates named have brought it.
 */

import type { Random } from '../../time-and-chance/random.ts';
import {
  namedStretches,
  selectWalking,
  type PortAlgorithm,
  type Selection,
  type SelectionRequest,
} from './algorithm.ts';
import type { Obstacles } from './obstacles.ts';
import { upwards } from './round-the-range.ts';
import { stateOf, stateParameters } from './stream-state.ts';

export interface RandomIncrementParameters {
  /** N, the largest step. The RFC suggests 500. */
  readonly largestStep: number;
}

/** The candidates again, from the parameters of a reason; without end. */
export function* rfc6056FifthCandidates(
  low: number,
  high: number,
  parameters: Readonly<Record<string, number>>,
  random: Random,
): Generator<number> {
  random.restore(stateOf(parameters));
  let { place = 0 } = parameters;
  const { largestStep = 1 } = parameters;
  for (;;) {
    place = (place + 1 + random.below(largestStep)) % (high - low + 1);
    yield low + place;
  }
}

export function createRfc6056Fifth(
  random: Random,
  { largestStep }: RandomIncrementParameters = { largestStep: 500 },
): PortAlgorithm {
  const draws = random.fork('steps');
  let place = random.fork('counter').uint32();

  return {
    id: 'rfc6056-5',
    rotation: 0,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const ports = high - low + 1;
      const state = stateParameters(draws.save());
      const parameters = { largestStep, place: place % ports, ...state };
      const [only, ...others] = obstacles.list;
      const isFull = others.length === 0 && obstacles.search(upwards(low, high, low)).port < 0;
      const count = isFull ? Math.min(ports, namedStretches) : ports;
      const next = (): number => {
        place = (place + 1 + draws.below(largestStep)) % ports;
        return low + place;
      };
      const walk = { count, next, step: 0 };
      const { port, why } = selectWalking('rfc6056-5', request, walk, obstacles, parameters);
      if (!isFull || only === undefined) return { port, why };
      return { port, why: { ...why, considered: ports, skipped: { [only.reason]: ports } } };
    },
  };
}
