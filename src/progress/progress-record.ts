/**
 * What a learner has done: lessons opened and finished, turns reached, checks answered. Pure values.
 * Two records merge without losing anything either of them knows; merging is commutative,
 * associative and idempotent, so files, tabs and devices may be merged in any order, any number of
 * times. Times are milliseconds since 1970.
 */

import { mergePractice, noPracticeMemory, type PracticeMemory } from './practice-memory.ts';

export type CheckOutcome = 'right' | 'wrong';

export interface CheckProgress {
  /** How often it was answered, as far as one device knows. */
  readonly tries: number;
  /** The latest answer. */
  readonly outcome: CheckOutcome;
  readonly at: number;
  /** When it was first right. */
  readonly rightAt?: number;
}

export interface LessonProgress {
  readonly openedAt?: number;
  readonly doneAt?: number;
  /** Ids of turns that were reached, in alphabetical order. */
  readonly turns: readonly string[];
  readonly checks: Readonly<Record<string, CheckProgress>>;
}

export interface LabProgress {
  /** Ids of steps that were taken, in alphabetical order. */
  readonly steps: readonly string[];
  readonly doneAt?: number;
}

export interface Progress {
  readonly version: 1;
  /** By slug, e.g. `50-ephemeral-ports`. */
  readonly lessons: Readonly<Record<string, LessonProgress>>;
  /** By id, e.g. `range`; absent until a lab is begun. */
  readonly labs?: Readonly<Record<string, LabProgress>>;
  /** What practice remembers; absent until something was practised. */
  readonly practice?: PracticeMemory;
}

export const progressVersion = 1;

export const noProgress: Progress = { version: progressVersion, lessons: {} };

const noLessonProgress: LessonProgress = { turns: [], checks: {} };

/** An entry that the record itself holds (never one of Object's own). */
export function entryOf<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** What is known of a lesson; nothing yet gives an empty entry. */
export function lessonProgress(progress: Progress, lesson: string): LessonProgress {
  return entryOf(progress.lessons, lesson) ?? noLessonProgress;
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

function mergeRecords<T>(
  a: Readonly<Record<string, T>>,
  b: Readonly<Record<string, T>>,
  mergeBoth: (x: T, y: T) => T,
): Record<string, T> {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(
    keys.flatMap((key) => {
      const [x, y] = [entryOf(a, key), entryOf(b, key)];
      const merged = x !== undefined && y !== undefined ? mergeBoth(x, y) : (x ?? y);
      return merged === undefined ? [] : [[key, merged]];
    }),
  );
}

function mergeChecks(a: CheckProgress, b: CheckProgress): CheckProgress {
  const latest = a.at > b.at || (a.at === b.at && a.outcome === 'right') ? a.outcome : b.outcome;
  const rightAt = earliest(a.rightAt, b.rightAt);
  return {
    tries: Math.max(a.tries, b.tries),
    outcome: latest,
    at: Math.max(a.at, b.at),
    ...(rightAt === undefined ? {} : { rightAt }),
  };
}

function mergeLessons(a: LessonProgress, b: LessonProgress): LessonProgress {
  const openedAt = earliest(a.openedAt, b.openedAt);
  const doneAt = earliest(a.doneAt, b.doneAt);
  return {
    ...(openedAt === undefined ? {} : { openedAt }),
    ...(doneAt === undefined ? {} : { doneAt }),
    turns: [...new Set([...a.turns, ...b.turns])].sort(),
    checks: mergeRecords(a.checks, b.checks, mergeChecks),
  };
}

function mergeLabs(a: LabProgress, b: LabProgress): LabProgress {
  const doneAt = earliest(a.doneAt, b.doneAt);
  return {
    steps: [...new Set([...a.steps, ...b.steps])].sort(),
    ...(doneAt === undefined ? {} : { doneAt }),
  };
}

/** Everything that either record knows. */
export function mergeProgress(a: Progress, b: Progress): Progress {
  const labs = mergeRecords(a.labs ?? {}, b.labs ?? {}, mergeLabs);
  return {
    version: progressVersion,
    lessons: mergeRecords(a.lessons, b.lessons, mergeLessons),
    ...(Object.keys(labs).length === 0 ? {} : { labs }),
    ...(a.practice || b.practice
      ? { practice: mergePractice(a.practice ?? noPracticeMemory, b.practice ?? noPracticeMemory) }
      : {}),
  };
}

function withLesson(progress: Progress, lesson: string, entry: LessonProgress): Progress {
  return mergeProgress(progress, { version: progressVersion, lessons: { [lesson]: entry } });
}

/** The lesson was opened, or its end was reached; the first time counts. */
export function withLessonEvent(
  progress: Progress,
  lesson: string,
  event: 'opened' | 'done',
  at: number,
): Progress {
  const time = event === 'opened' ? { openedAt: at } : { doneAt: at };
  return withLesson(progress, lesson, { ...noLessonProgress, ...time });
}

/** The turn was reached. */
export function withTurn(progress: Progress, lesson: string, turn: string): Progress {
  return withLesson(progress, lesson, { ...noLessonProgress, turns: [turn] });
}

/** The check was answered once more. */
export function withCheck(
  progress: Progress,
  lesson: string,
  question: string,
  outcome: CheckOutcome,
  at: number,
): Progress {
  const before = entryOf(lessonProgress(progress, lesson).checks, question);
  const check: CheckProgress = {
    tries: (before?.tries ?? 0) + 1,
    outcome,
    at,
    ...(outcome === 'right' ? { rightAt: at } : {}),
  };
  return withLesson(progress, lesson, { ...noLessonProgress, checks: { [question]: check } });
}

/** Steps of a lab were taken; `doneAt` once all of them are. */
export function withLab(
  progress: Progress,
  lab: string,
  steps: readonly string[],
  doneAt?: number,
): Progress {
  const entry = { steps: [...new Set(steps)].sort(), ...(doneAt === undefined ? {} : { doneAt }) };
  return mergeProgress(progress, {
    version: progressVersion,
    lessons: {},
    labs: { [lab]: entry },
  });
}

/** Practice as it is now, besides what is known already. */
export function withPractice(progress: Progress, practice: PracticeMemory): Progress {
  return mergeProgress(progress, { version: progressVersion, lessons: {}, practice });
}
