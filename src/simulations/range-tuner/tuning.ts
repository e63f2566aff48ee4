/** What the learner sets and what comes back; no engine here. */

/** A run of reserved ports, both ends included. */
export type ReservedRun = readonly [first: number, last: number];

export interface Tuning {
  readonly low: number;
  readonly high: number;
  readonly reserved: readonly ReservedRun[];
}

/** The parts of the line 0–65535 that the picture counts in. */
export const BINS = 64;
/** Destinations that are asked for, each for the first time. */
export const DESTINATIONS = 1000;

export interface Tuned {
  readonly ok: true;
  readonly tuning: Tuning;
  /** The list as the kernel reads it back. */
  readonly list: string;
  readonly left: number;
  readonly leftEven: number;
  /** The port of the next connection; null: none is left. */
  readonly next: number | null;
  /** How many of the destinations get a port in each part of the line. */
  readonly bins: readonly number[];
  /** The port that most of them get, and how many. */
  readonly favourite: { readonly port: number; readonly count: number } | null;
}

export type TuneOutcome = Tuned | { readonly ok: false; readonly refused: 'range' | 'reserved' };

/** The start of the lesson: the memo's list. */
export const memoTuning = { low: 32_768, high: 60_999, reserved: '32768-60500' } as const;
