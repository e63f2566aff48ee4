/**
 * A search that draws each candidate instead of walking (algorithm 5): the same port may come twice,
 * and a free one may be missed. Where nothing at all is free this is known without drawing.
 */

import type { Random, RandomState } from '../../time-and-chance/random.ts';
import type { PortChoiceReason, SkipReason, SkippedRun } from '../trace.ts';
import { namedStretches, type Selection, type SelectionRequest } from './algorithm.ts';
import type { Obstacles } from './obstacles.ts';
import { upwards } from './round-the-range.ts';

/** A stream's state as parameters of a reason, and back. */
export function stateParameters([a, b, c, counter]: RandomState): Record<string, number> {
  return { a, b, c, counter };
}

export function stateOf(parameters: Readonly<Record<string, number>>): RandomState {
  const { a = 0, b = 0, c = 0, counter = 0 } = parameters;
  return [a, b, c, counter];
}

/** Draws as many candidates as the range has ports, at most, and takes the first free one. */
export function selectDrawn(
  algorithm: string,
  request: SelectionRequest,
  obstacles: Obstacles,
  random: Random,
  parameters: Readonly<Record<string, number>>,
  draw: () => number,
): Selection {
  const { low, high } = request;
  const tries = high - low + 1;
  const state = random.save();
  const why = { algorithm, range: [low, high], step: 0 } as const;
  const all = { ...parameters, ...stateParameters(state) };

  const onlyReason = obstacles.list.length === 1 ? obstacles.list[0]?.reason : undefined;
  if (onlyReason !== undefined && obstacles.search(upwards(low, high, low)).port < 0) {
    const start = draw();
    const skipped = { [onlyReason]: tries };
    return { port: -1, why: { ...why, start, considered: tries, skipped, parameters: all } };
  }

  const skipped: Partial<Record<SkipReason, number>> = {};
  const firstSkipped: SkippedRun[] = [];
  let start = -1;
  const reason = (considered: number): PortChoiceReason => ({
    ...why,
    start,
    considered,
    skipped,
    parameters: all,
    ...(firstSkipped.length > 0 ? { firstSkipped } : {}),
  });
  for (let considered = 1; considered <= tries; considered++) {
    const port = draw();
    if (start < 0) start = port;
    const obstacle = obstacles.reasonFor(port);
    if (obstacle === null) return { port, why: reason(considered) };
    skipped[obstacle] = (skipped[obstacle] ?? 0) + 1;
    if (firstSkipped.length < namedStretches) {
      firstSkipped.push({ first: port, last: port, count: 1, reason: obstacle });
    }
  }
  return { port: -1, why: reason(tries) };
}
