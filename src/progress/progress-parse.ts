/**
 * Saved text → progress. Nothing that can be read is dropped because something beside it cannot: a
 * damaged record, or one of another version, gives its readable entries and says that it was not
 * whole, so that the caller keeps the text itself aside.
 *
 * Guards of our own instead of a schema library: every lesson page loads this file.
 */

import {
  noProgress,
  progressVersion,
  type CheckProgress,
  type LabProgress,
  type LessonProgress,
  type Progress,
} from './progress-record.ts';
import { readPractice } from './practice-parse.ts';

/**
 * - `whole`: this version, every part understood
 * - `newer`, `older`: another version of Port Dojo wrote it
 * - `damaged`: ours, but not all of it can be read
 * - `foreign`: not a record of ours at all
 * - `too-large`: longer than any record of ours, and not read at all
 */
export type RecordCondition = 'whole' | 'newer' | 'older' | 'damaged' | 'foreign' | 'too-large';

/** A record of the whole course has about 30,000 characters; reading this many takes no time yet. */
export const mostCharacters = 500_000;

export interface ReadRecord {
  readonly condition: RecordCondition;
  /** Everything that could be read. */
  readonly progress: Progress;
}

type Guard<T> = (value: unknown) => value is T;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);

/** As lessons, turns and questions are named. */
const isSlug = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 80 && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value);

const isTime = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

const isCount = (value: unknown): value is number => isTime(value) && value > 0;

/** One reading of a record; counts what it had to leave out. */
class Reader {
  losses = 0;

  /** The value if it is what it should be, else undefined and a loss. */
  take<T>(guard: Guard<T>, value: unknown): T | undefined {
    if (guard(value)) return value;
    this.losses += 1;
    return undefined;
  }

  /** As `take`, where the value may be missing. */
  takeAny<T>(guard: Guard<T>, value: unknown): T | undefined {
    return value === undefined ? undefined : this.take(guard, value);
  }

  /** Parts that this version does not know. */
  leaveOut(parts: object): void {
    this.losses += Object.keys(parts).length;
  }

  entries<T>(value: unknown, readOne: (entry: unknown) => T | undefined): Record<string, T> {
    const pairs = Object.entries(this.take(isObject, value) ?? {}).flatMap(([key, entry]) => {
      const one = this.take(isSlug, key) === undefined ? undefined : readOne(entry);
      return one === undefined ? [] : [[key, one] as const];
    });
    return Object.fromEntries(pairs);
  }

  readonly check = (value: unknown): CheckProgress | undefined => {
    const entry = this.take(isObject, value);
    if (entry === undefined) return undefined;
    const { tries, outcome, at, rightAt, ...others } = entry;
    this.leaveOut(others);
    const first = this.takeAny(isTime, rightAt);
    if (!isCount(tries) || !isTime(at) || (outcome !== 'right' && outcome !== 'wrong')) {
      this.losses += 1;
      return undefined;
    }
    return { tries, outcome, at, ...(first === undefined ? {} : { rightAt: first }) };
  };

  readonly lab = (value: unknown): LabProgress | undefined => {
    const entry = this.take(isObject, value);
    if (entry === undefined) return undefined;
    const { steps, doneAt, ...others } = entry;
    this.leaveOut(others);
    const done = this.takeAny(isTime, doneAt);
    const taken = (this.take(isList, steps) ?? []).flatMap((id) => this.take(isSlug, id) ?? []);
    return {
      steps: [...new Set(taken)].sort(),
      ...(done === undefined ? {} : { doneAt: done }),
    };
  };

  readonly lesson = (value: unknown): LessonProgress | undefined => {
    const entry = this.take(isObject, value);
    if (entry === undefined) return undefined;
    const { openedAt, doneAt, turns, checks, ...others } = entry;
    this.leaveOut(others);
    const opened = this.takeAny(isTime, openedAt);
    const done = this.takeAny(isTime, doneAt);
    const reached = (this.take(isList, turns) ?? []).flatMap((id) => this.take(isSlug, id) ?? []);
    return {
      ...(opened === undefined ? {} : { openedAt: opened }),
      ...(done === undefined ? {} : { doneAt: done }),
      turns: [...new Set(reached)].sort(),
      checks: this.entries(checks, this.check),
    };
  };
}

/** Reads one saved record; never throws. */
export function parseProgress(text: string): ReadRecord {
  if (text.length > mostCharacters) return { condition: 'too-large', progress: noProgress };
  let saved: unknown;
  try {
    saved = JSON.parse(text);
  } catch {
    return { condition: 'foreign', progress: noProgress };
  }
  if (!isObject(saved) || !('lessons' in saved)) {
    return { condition: 'foreign', progress: noProgress };
  }
  const reader = new Reader();
  const { version, lessons, labs, practice, ...others } = saved;
  const practised = practice === undefined ? undefined : readPractice(practice);
  reader.losses += practised?.losses ?? 0;
  reader.leaveOut(others);
  const progress: Progress = {
    version: progressVersion,
    lessons: reader.entries(lessons, reader.lesson),
    ...(labs === undefined ? {} : { labs: reader.entries(labs, reader.lab) }),
    ...(practised === undefined ? {} : { practice: practised.memory }),
  };
  if (!isTime(version)) return { condition: 'damaged', progress };
  if (version !== progressVersion) {
    return { condition: version > progressVersion ? 'newer' : 'older', progress };
  }
  return { condition: reader.losses === 0 ? 'whole' : 'damaged', progress };
}

/** The text that is saved, in the browser and in a learner's file. */
export function formatProgress(progress: Progress): string {
  return JSON.stringify(progress);
}
