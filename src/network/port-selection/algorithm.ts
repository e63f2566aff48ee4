/**
 * What every algorithm of automatic port choice has in common: it lays out its candidates as runs,
 * asks what is in the way, and remembers what it must for the next time.
 */

import { addressWords, isIPv6 } from '../addresses.ts';
import type { PortChoiceReason, SkippedRun } from '../trace/trace.ts';
import type { Obstacles, Run } from './obstacles.ts';

export interface SelectionRequest {
  /** Inclusive. */
  readonly low: number;
  readonly high: number;
  readonly localAddress: number;
  /** 0 and 0 where no destination is known (bind). */
  readonly remoteAddress: number;
  readonly remotePort: number;
  readonly nowMs: number;
  /** SO_REUSEADDR on the asking socket. */
  readonly reuseAddress: boolean;
  /** ip_local_port_step_width, where the system has it; 0: off. */
  readonly stepWidth?: number;
  /** The range is the socket's own (IP_LOCAL_PORT_RANGE). */
  readonly hasOwnRange: boolean;
}

/**
 * What a keyed hash of the destination is made of: addresses and remote port, then what else counts.
 * An IPv6 address is four words, so that the two families have other starts under one key (Linux:
 * net/core/secure_seq.c: secure_ipv4_port_ephemeral, secure_ipv6_port_ephemeral).
 */
export function destinationWords(
  { localAddress, remoteAddress, remotePort }: SelectionRequest,
  ...more: readonly number[]
): readonly number[] {
  if (!isIPv6(remoteAddress)) return [localAddress, remoteAddress, remotePort, ...more];
  return [...addressWords(localAddress), ...addressWords(remoteAddress), remotePort, ...more];
}

export interface Selection {
  /** −1: none is free. */
  readonly port: number;
  readonly why: PortChoiceReason;
}

/**
 * One algorithm with its memory. `choose` is only called with ranges of at least one port.
 */
export interface PortAlgorithm {
  readonly id: string;
  /** The rotation of port sets that suits its steps (see PortSet). */
  readonly rotation: number;
  /** Chooses, and moves the algorithm's own memory on. */
  choose(request: SelectionRequest, obstacles: Obstacles): Selection;
}

/** How many stretches of skipped candidates a reason names. */
export const namedStretches = 8;

/** Searches runs and says why, for algorithms whose candidates are runs. */
export function selectFrom(
  algorithm: string,
  request: SelectionRequest,
  runs: readonly Run[],
  obstacles: Obstacles,
  parameters?: Readonly<Record<string, number>>,
): Selection & { readonly run: number; readonly before: number } {
  const { port, run, before, considered, skipped } = obstacles.search(runs);
  const firstSkipped = obstacles.firstSkipped(runs, considered, namedStretches);
  const why: PortChoiceReason = {
    algorithm,
    range: [request.low, request.high],
    start: runs[0]?.first ?? request.low,
    step: runs[0]?.step ?? 1,
    considered,
    skipped,
    ...(parameters === undefined ? {} : { parameters }),
    ...(firstSkipped.length > 0 ? { firstSkipped } : {}),
  };
  return { port, why, run, before };
}

/** Candidates that are not runs, but come one after the other. */
export interface Walk {
  readonly count: number;
  /** The next candidate. */
  readonly next: () => number;
  /** What the reason says of the distance between them. */
  readonly step: number;
}

/** Looks at candidates one by one. */
export function selectWalking(
  algorithm: string,
  request: SelectionRequest,
  { count, next, step }: Walk,
  obstacles: Obstacles,
  parameters: Readonly<Record<string, number>>,
): Selection {
  const counts = new Array<number>(obstacles.list.length).fill(0);
  const firstSkipped: SkippedRun[] = [];
  let considered = 0;
  let start = -1;
  let port = -1;
  while (considered < count) {
    const candidate = next();
    if (considered === 0) start = candidate;
    considered++;
    const index = obstacles.indexFor(candidate);
    const obstacle = obstacles.list[index];
    if (obstacle === undefined) {
      port = candidate;
      break;
    }
    counts[index] = (counts[index] ?? 0) + 1;
    if (firstSkipped.length < namedStretches) {
      const { reason } = obstacle;
      firstSkipped.push({ first: candidate, last: candidate, count: 1, reason });
    }
  }
  const why: PortChoiceReason = {
    algorithm,
    range: [request.low, request.high],
    start,
    step,
    considered,
    skipped: obstacles.byReason(counts),
    parameters,
    ...(firstSkipped.length > 0 ? { firstSkipped } : {}),
  };
  return { port, why };
}
