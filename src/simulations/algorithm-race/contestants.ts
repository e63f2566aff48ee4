/** Who runs in the race, and what a race is told; no engine here, so that the first view is light. */

export const contestants = [
  'traditional-up',
  'rfc6056-1',
  'rfc6056-2',
  'rfc6056-3',
  'rfc6056-4',
  'rfc6056-5',
  'linux-connect',
  'linux-bind',
] as const;
export type Contestant = (typeof contestants)[number];

/** One server again and again, or another server with each connection. */
export const loads = ['same', 'other'] as const;
export type Load = (typeof loads)[number];

/** Linux's default range; all run in the same, so that only the rule differs. */
export const LOW = 32_768;
export const HIGH = 60_999;

export const MOST_CONNECTIONS = 60;

export interface RaceSetup {
  readonly load: Load;
  /** Connections made so far, 1 to MOST_CONNECTIONS. */
  readonly count: number;
  /** After how many connections ten seconds went by, ascending. */
  readonly pauses: readonly number[];
}

/** For each contestant the ports of all connections so far, and the one that will come next. */
export type Lanes = Readonly<Record<Contestant, readonly number[]>>;
