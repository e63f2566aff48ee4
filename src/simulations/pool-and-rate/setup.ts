/** What the learner sets: how many connections a second, and which remedies are on. No engine here. */

export const remedies = [
  'wider-range',
  'second-destination',
  'keep-alive',
  'server-closes',
  'reset',
  'reuse-on',
  'reuse-delay',
  'reuse-loopback',
  'fin-timeout',
  'reuse-address',
] as const;
export type Remedy = (typeof remedies)[number];

/** Connections a second; up to 20 the run takes 130 s, above that it is a burst of 10 s. */
export const rates = [1, 1.6, 1.7, 2, 4, 10, 20, 50, 200] as const;

export const PORTS = 100;
export const WIDER = 1000;
export const TIME_WAIT_SECONDS = 60;
/** A run is told in so many equal parts. */
export const PARTS = 13;

export interface LoadSetup {
  readonly rate: number;
  readonly remedies: readonly Remedy[];
}

/** How long a run takes, in seconds. */
export function secondsOf(rate: number): number {
  return rate > 20 ? 10 : 130;
}

export interface LoadPart {
  readonly ok: number;
  readonly failed: number;
  /** Candidates looked at by a successful connect, on average; 0 where there was none. */
  readonly walked: number;
}

export interface LoadResult {
  readonly attempts: number;
  readonly ok: number;
  /** From 1; null: none failed. */
  readonly firstFailed: number | null;
  /** The call and the errno of the first failure. */
  readonly error: string | null;
  readonly timeWait: { readonly client: number; readonly server: number };
  readonly parts: readonly LoadPart[];
}
