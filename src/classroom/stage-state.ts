/**
 * How far a lesson on the wall is: the screen, what was chosen and answered on it, the widgets'
 * moments, the votes, the clock. Two windows hold the same; the later change wins. What comes from
 * storage or another window is read strictly, and anything else is left alone.
 */

import { speedIds, type Motion, type SpeedId } from '../simulation-kit/speeds.ts';
import type { Moment } from '../simulation-kit/mirrored-moments.ts';
import { parseVote, type Vote } from './vote.ts';

/** What is in a question's form. */
export interface FormState {
  /** Chosen options, a typed number, or the items in order; for pairs `left=right`. */
  readonly given: readonly string[];
  readonly isMarked: boolean;
}

/** A stop-watch: what has passed, and since when it runs. */
export interface Stopwatch {
  readonly passedMs: number;
  /** In milliseconds since 1970; null while it is stopped. */
  readonly sinceMs: number | null;
}

export interface StageState {
  /** The screen's name: a turn, a widget, a question of the lesson. */
  readonly place: string;
  readonly isBlank: boolean;
  /** Whether the QR code of this moment covers the screen. */
  readonly isCodeShown: boolean;
  readonly moments: Readonly<Record<string, Moment>>;
  /** The open reply of each choice; empty for none. */
  readonly replies: Readonly<Record<string, string>>;
  readonly forms: Readonly<Record<string, FormState>>;
  readonly votes: Readonly<Record<string, Vote>>;
  /** The question whose vote is open; empty for none. */
  readonly openVote: string;
  readonly watch: Stopwatch;
}

/** A state with its place in time among the windows'. */
export interface Stamped {
  readonly revision: number;
  /** The window that made it. */
  readonly by: string;
  /** In milliseconds since 1970. */
  readonly atMs: number;
  readonly state: StageState;
}

export const openingState: StageState = {
  place: 'title',
  isBlank: false,
  isCodeShown: false,
  moments: {},
  replies: {},
  forms: {},
  votes: {},
  openVote: '',
  watch: { passedMs: 0, sinceMs: null },
};

/** What another screen begins with: nothing lies over it. */
export const uncovered = { openVote: '', isBlank: false, isCodeShown: false } as const;

/** Whether `one` came after `other`: by revision, and where two windows acted at once, by name. */
export function isLater(one: Stamped, other: Stamped): boolean {
  return one.revision === other.revision ? one.by > other.by : one.revision > other.revision;
}

export function passedMs({ passedMs, sinceMs }: Stopwatch, nowMs: number): number {
  return passedMs + (sinceMs === null ? 0 : Math.max(0, nowMs - sinceMs));
}

/** Starts a stop-watch that is stopped, stops one that runs. */
export function toggled(watch: Stopwatch, nowMs: number): Stopwatch {
  return watch.sinceMs === null
    ? { ...watch, sinceMs: nowMs }
    : { passedMs: passedMs(watch, nowMs), sinceMs: null };
}

type Loose = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 5000;

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** More entries than a lesson has parts. */
const MOST_ENTRIES = 300;

function mapped<T>(
  value: unknown,
  read: (one: unknown, key: string) => T | null,
): Readonly<Record<string, T>> | null {
  if (!isRecord(value)) return null;
  const entries = Object.entries(value);
  if (entries.length > MOST_ENTRIES) return null;
  const found: [string, T][] = [];
  for (const [key, one] of entries) {
    const good = read(one, key);
    if (good === null) return null;
    found.push([key, good]);
  }
  return Object.fromEntries(found);
}

const motions: readonly Motion[] = ['paused', 'playing', 'rewinding', 'fast'];

function parseMoment(value: unknown, id: string): Moment | null {
  if (!isRecord(value) || value['id'] !== id || !isText(value['state'])) return null;
  const { state, live } = value;
  if (live === undefined) return { id, state };
  if (!isRecord(live)) return null;
  const { motion, speed, asks, isAsking } = live;
  if (!motions.includes(motion as Motion) || !speedIds.includes(speed as SpeedId)) return null;
  if (typeof asks !== 'boolean' || typeof isAsking !== 'boolean') return null;
  return {
    id,
    state,
    live: { motion: motion as Motion, speed: speed as SpeedId, asks, isAsking },
  };
}

function parseForm(value: unknown): FormState | null {
  if (!isRecord(value) || typeof value['isMarked'] !== 'boolean') return null;
  const { given, isMarked } = value;
  return Array.isArray(given) && given.length <= 100 && given.every(isText)
    ? { given, isMarked }
    : null;
}

function parseWatch(value: unknown): Stopwatch | null {
  if (!isRecord(value)) return null;
  const { passedMs, sinceMs } = value;
  return isCount(passedMs) && (sinceMs === null || isCount(sinceMs)) ? { passedMs, sinceMs } : null;
}

function parseState(value: unknown): StageState | null {
  if (!isRecord(value)) return null;
  const { place, isBlank, isCodeShown, openVote } = value;
  const moments = mapped(value['moments'], parseMoment);
  const replies = mapped(value['replies'], (one) => (isText(one) ? one : null));
  const forms = mapped(value['forms'], parseForm);
  const votes = mapped(value['votes'], parseVote);
  const watch = parseWatch(value['watch']);
  if (!isText(place) || !isText(openVote)) return null;
  if (typeof isBlank !== 'boolean' || typeof isCodeShown !== 'boolean') return null;
  if (!moments || !replies || !forms || !votes || !watch) return null;
  return { place, isBlank, isCodeShown, moments, replies, forms, votes, openVote, watch };
}

/** Reads what another window or the storage holds; null for anything else. */
export function parseStamped(value: unknown): Stamped | null {
  if (!isRecord(value)) return null;
  const { revision, by, atMs } = value;
  const state = parseState(value['state']);
  if (!isCount(revision) || !Number.isSafeInteger(revision)) return null;
  if (!isText(by) || !isCount(atMs) || state === null) return null;
  return { revision, by, atMs, state };
}
