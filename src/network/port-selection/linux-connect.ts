/**
 * The port that Linux gives a connecting TCP socket: RFC 6056's algorithm 4 as Linux 5.18 and later
 * have it. A keyed hash of source address, destination and the current ten seconds says where to
 * start; a table of 2^16 counters moves each start on by 2 to 16 with every connection; candidates of
 * the range's low parity come first, all others after.
 *
 * Source: kernel 6.12 and 7.3, net/ipv4/inet_hashtables.c:__inet_hash_connect and
 * net/core/secure_seq.c:secure_ipv4_port_ephemeral. Measured on 6.18.
 */

import type { Random } from '../../time-and-chance/random.ts';
import { siphash } from '../../time-and-chance/siphash.ts';
import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import { destinationWords, selectFrom, selectWalking } from './algorithm.ts';
import type { Obstacles, Run } from './obstacles.ts';
import { pass, walkLength } from './parity-passes.ts';

export interface LinuxConnectParameters {
  /** Counters in the table; a power of two. CONFIG_INET_TABLE_PERTURB_ORDER is 16 by default. */
  readonly tableSize: number;
  /** After this many milliseconds the hash, and so every start, is another. 0: never. */
  readonly reseedMs: number;
  /** The most extra steps that chance adds after a choice: 0 to this many. */
  readonly extraSteps: number;
}

/** Linux 5.18 and later. EPHEMERAL_PORT_SHUFFLE_PERIOD is 10 s; get_random_u32_below(8) gives 0–7. */
export const linuxConnectDefaults: LinuxConnectParameters = {
  tableSize: 65536,
  reseedMs: 10_000,
  extraSteps: 7,
};

/** Every candidate, in order, for a start on the range's low parity. */
export function linuxConnectRuns(low: number, high: number, start: number, step: number): Run[] {
  const length = step === 1 ? high - low + 1 : walkLength(low, high);
  const runs = pass(low, high, length, start - low, step);
  if (step === 2 && length > 1) runs.push(...pass(low, high, length, start - low + 1, step));
  return runs;
}

export function createLinuxConnect(
  random: Random,
  parameters: LinuxConnectParameters = linuxConnectDefaults,
): PortAlgorithm {
  const key = random.fork('ephemeral-key').key();
  const tableKey = random.fork('perturb-table').key();
  const steps = random.fork('steps');
  /** Counters that have been used; the others are what chance filled the table with. */
  const table = new Map<number, number>();
  const counter = (slot: number): number => table.get(slot) ?? siphash(tableKey, [slot]).low;

  return {
    id: 'linux-connect',
    rotation: 1,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const step = request.hasOwnRange ? 1 : 2;
      const length = step === 1 ? high - low + 1 : walkLength(low, high);
      const period = parameters.reseedMs > 0 ? Math.floor(request.nowMs / parameters.reseedMs) : 0;
      const hash = siphash(key, destinationWords(request, period));
      const slot = hash.low & (parameters.tableSize - 1);
      const offset = ((counter(slot) + hash.high) >>> 0) % length;
      const start = low + (step === 2 ? offset & ~1 : offset);
      let found: Selection;
      let walked: number;
      if ((request.stepWidth ?? 0) > 0 && length > 1) {
        const perPass = Math.floor(length / step);
        const scanStep = step * drawStep(steps, perPass, request.stepWidth ?? 0);
        const candidates = wideStepCandidates(low, high, start, step, scanStep);
        const walk = {
          count: perPass * step,
          next: () => candidates.next().value ?? -1,
          step: scanStep,
        };
        const again = { scanStep, stride: step };
        found = selectWalking('linux-connect', request, walk, obstacles, again);
        walked = ((found.why.considered - 1) % Math.ceil(length / step)) * step;
      } else {
        const runs = linuxConnectRuns(low, high, start, step);
        const result = selectFrom('linux-connect', request, runs, obstacles);
        found = result;
        walked = walkedInPass(runs, result.run, result.before, length);
      }
      if (found.port >= 0) {
        const extra = step * steps.below(parameters.extraSteps + 1);
        table.set(slot, (counter(slot) + Math.max(walked, extra) + step) >>> 0);
      }
      return found;
    },
  };
}

/**
 * The candidates again where steps have a width (7.1 and later with ip_local_port_step_width): each
 * pass goes round in steps of `scanStep`, which has no divisor in common with the pass's length.
 */
export function* wideStepCandidates(
  low: number,
  high: number,
  start: number,
  step: number,
  scanStep: number,
): Generator<number, undefined> {
  const length = step === 1 ? high - low + 1 : walkLength(low, high);
  for (let offset = 0; offset < step; offset++) {
    let port = start + offset;
    for (let i = 0; i < length; i += step) {
      yield port;
      port += scanStep;
      if (port > high) port -= length;
    }
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** A step that chance draws, made to reach every candidate of a pass: 7.1's __inet_hash_connect. */
function drawStep(random: Random, candidates: number, widest: number): number {
  const most = Math.min(candidates, widest);
  let step = 1 + random.below(most);
  while (greatestCommonDivisor(step, candidates) !== 1) {
    step++;
    if (step > most) return 1;
  }
  return step;
}

/** How far the pass in which the port was found had come, in ports. */
export function walkedInPass(
  runs: readonly Run[],
  run: number,
  before: number,
  length: number,
): number {
  const step = runs[0]?.step ?? 1;
  const perPass = Math.ceil(length / step);
  let candidates = before;
  for (let i = 0; i < run; i++) candidates += runs[i]?.count ?? 0;
  return (candidates % perPass) * step;
}
