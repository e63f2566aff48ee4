/**
 * RFC 6056 §3.3.2, algorithm 2, "Another Simple Port Randomization": every candidate is a new draw
 * from the whole range. Even after a block of excluded ports; may fail while ports are free.
 *
 * Drawing 1,000 candidates to find the one free port of 1,000 would be slow, and nobody looks at most
 * of them. So what the drawing would come to is drawn itself, with the same chances: first how many
 * candidates are passed over before the first free one, then which free one that is, then how many are
 * passed over for each reason. Which ones they are hangs on a stream of its own, whose state the reason
 * keeps: the first few are drawn for the trace, the others when somebody asks.
 */

import { drawFailures, drawSuccesses } from '../../time-and-chance/distributions.ts';
import { Random } from '../../time-and-chance/random.ts';
import type { PortChoiceReason, SkipReason, SkippedRun } from '../trace/trace.ts';
import { namedStretches, type PortAlgorithm, type Selection } from './algorithm.ts';
import type { Obstacles } from './obstacles.ts';
import { stateOf, stateParameters } from './stream-state.ts';

type ReasonFor = (port: number) => SkipReason | null;
type Counts = Readonly<Partial<Record<SkipReason, number>>>;

/** Candidates that are passed over, in order: so many for each reason, mixed evenly. */
function* passedOver(
  low: number,
  high: number,
  skipped: Counts,
  random: Random,
  reasonFor: ReasonFor,
): Generator<readonly [port: number, reason: SkipReason]> {
  const left = Object.entries(skipped) as [SkipReason, number][];
  let total = left.reduce((sum, [, count]) => sum + count, 0);
  for (; total > 0; total--) {
    let ticket = random.below(total);
    const next = left.find(([, count]) => (ticket -= count) < 0);
    if (next === undefined) return;
    const [reason] = next;
    next[1]--;
    let port: number;
    do port = low + random.below(high - low + 1);
    while (reasonFor(port) !== reason);
    yield [port, reason];
  }
}

/** The candidates again, from a reason and what stood in the way at that moment. */
export function* rfc6056SecondCandidates(
  why: PortChoiceReason,
  reasonFor: ReasonFor,
): Generator<number> {
  const { skipped, parameters = {} } = why;
  const [low, high] = why.range;
  const { port: chosen } = parameters;
  // Since it was chosen, something holds it.
  const reasonThen: ReasonFor = (port) => (port === chosen ? null : reasonFor(port));
  const known = new Set<SkipReason | null>();
  for (let port = low; port <= high; port++) known.add(reasonThen(port));
  if (Object.keys(skipped).some((reason) => !known.has(reason as SkipReason))) return;
  const random = new Random(0);
  random.restore(stateOf(parameters));
  for (const [port] of passedOver(low, high, skipped, random, reasonThen)) yield port;
  if (chosen !== undefined) yield chosen;
}

export function createRfc6056Second(random: Random): PortAlgorithm {
  const draws = random.fork('draws');
  const skips = new Random(0);
  return {
    id: 'rfc6056-2',
    rotation: 0,
    choose({ low, high }, obstacles): Selection {
      const ports = high - low + 1;
      const taken = obstacles.countByReason(low, high);
      const takenInAll = total(taken);
      const misses = Math.min(ports, drawFailures(draws, takenInAll / ports));
      const port =
        misses < ports ? obstacles.freePort(low, high, draws.below(ports - takenInAll)) : -1;
      const skipped = share(draws, misses, taken, takenInAll);
      // A state of its own for each choice, so that what is drawn later is drawn by nothing else.
      skips.restore([draws.uint32() | 0, draws.uint32() | 0, draws.uint32() | 0, 1]);
      const parameters = stateParameters(skips.save());
      const firstSkipped = nameFirst(low, high, skipped, skips, obstacles);
      const why: PortChoiceReason = {
        algorithm: 'rfc6056-2',
        range: [low, high],
        start: firstSkipped[0]?.first ?? port,
        step: 0,
        considered: port < 0 ? ports : misses + 1,
        skipped,
        parameters: port < 0 ? parameters : { ...parameters, port },
        ...(firstSkipped.length > 0 ? { firstSkipped } : {}),
      };
      return { port, why };
    },
  };
}

function total(counts: Counts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** How many of the candidates passed over were so for each reason: each port is as likely as any other. */
function share(random: Random, misses: number, taken: Counts, takenInAll: number): Counts {
  const skipped: Partial<Record<SkipReason, number>> = {};
  let left = misses;
  let ports = takenInAll;
  for (const [reason, count] of Object.entries(taken) as [SkipReason, number][]) {
    const here = drawSuccesses(random, left, count / ports);
    if (here > 0) skipped[reason] = here;
    left -= here;
    ports -= count;
  }
  return skipped;
}

function nameFirst(
  low: number,
  high: number,
  skipped: Counts,
  random: Random,
  obstacles: Obstacles,
): SkippedRun[] {
  const named: SkippedRun[] = [];
  const reasonFor: ReasonFor = (port) => obstacles.reasonFor(port);
  for (const [port, reason] of passedOver(low, high, skipped, random, reasonFor)) {
    named.push({ first: port, last: port, count: 1, reason });
    if (named.length === namedStretches) break;
  }
  return named;
}
