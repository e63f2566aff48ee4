/**
 * Every candidate of a choice, in the order in which the system looks at them, laid out again from the
 * reason in the trace. For views that ask; it costs nothing until then, and each candidate only when
 * taken.
 */

import { Random } from '../../time-and-chance/random.ts';
import type { PortChoiceReason, SkipReason } from '../trace/trace.ts';
import { linuxBindRunsAgain } from './linux-bind.ts';
import { linuxConnectRuns, wideStepCandidates } from './linux-connect.ts';
import { linuxUdpCandidates } from './linux-udp.ts';
import type { Run } from './obstacles.ts';
import { rfc6056SecondCandidates } from './rfc6056-2.ts';
import { rfc6056FifthCandidates } from './rfc6056-5.ts';
import { downwards, upwards } from './round-the-range.ts';

function* portsOf(runs: Iterable<Run>): Generator<number> {
  for (const { first, step, count } of runs) {
    for (let i = 0; i < count; i++) yield first + i * step;
  }
}

/** Candidates in order; where they are not drawn, whether or not they were reached. */
function orderOf(
  why: PortChoiceReason,
  reasonFor: (port: number) => SkipReason | null,
): Iterable<number> {
  const { algorithm, start, step, parameters = {} } = why;
  const [low, high] = why.range;
  const { scanStep } = parameters;
  switch (algorithm) {
    case 'linux-connect': {
      if (scanStep === undefined) return portsOf(linuxConnectRuns(low, high, start, step));
      // Steps of one where the socket has a range of its own, else of two.
      const stride = parameters['stride'] ?? 2;
      return wideStepCandidates(low, high, start, stride, scanStep);
    }
    case 'linux-connect-4.6-to-5.11':
    case 'linux-connect-5.12-to-5.17':
      return portsOf(linuxConnectRuns(low, high, start, 2));
    case 'linux-bind':
      return portsOf(linuxBindRunsAgain(low, high, parameters));
    case 'linux-udp':
      return linuxUdpCandidates(low, high, start, parameters);
    case 'rfc6056-2':
      return rfc6056SecondCandidates(why, reasonFor);
    case 'rfc6056-5':
      return rfc6056FifthCandidates(low, high, parameters, new Random(0));
    case 'traditional-down':
      return portsOf(downwards(low, high, start));
    default:
      return portsOf(upwards(low, high, start));
  }
}

export interface Candidate {
  readonly port: number;
  /** null: this one was taken. */
  readonly skipped: SkipReason | null;
}

/**
 * The candidates that were looked at, in order: `why.considered` of them. `reasonFor` says why a port
 * was passed over at that moment (`passedOverFor` of the port table), or null.
 */
export function* listCandidates(
  why: PortChoiceReason,
  reasonFor: (port: number) => SkipReason | null,
): Generator<Candidate> {
  let left = why.considered;
  for (const port of orderOf(why, reasonFor)) {
    if (left-- <= 0) return;
    yield { port, skipped: reasonFor(port) };
  }
}
