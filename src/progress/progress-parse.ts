/**
 * Saved text → progress. Nothing that can be read is dropped because something beside it cannot: a
 * damaged record, or one of another version, gives its readable entries and says that it was not
 * whole, so that the caller keeps the text itself aside.
 */

import * as v from 'valibot';
import {
  noProgress,
  progressVersion,
  type LessonProgress,
  type Progress,
} from './progress-record.ts';

const slug = v.pipe(v.string(), v.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), v.maxLength(80));
const time = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const checkSchema = v.object({
  tries: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  outcome: v.picklist(['right', 'wrong']),
  at: time,
  rightAt: v.exactOptional(time),
});

/**
 * - `whole`: this version, every part understood
 * - `newer`, `older`: another version of Port Dojo wrote it
 * - `damaged`: ours, but not all of it can be read
 * - `foreign`: not a record of ours at all
 */
export type RecordCondition = 'whole' | 'newer' | 'older' | 'damaged' | 'foreign';

export interface ReadRecord {
  readonly condition: RecordCondition;
  /** Everything that could be read. */
  readonly progress: Progress;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads one saved record; never throws. */
export function parseProgress(text: string): ReadRecord {
  let losses = 0;

  const read = <T>(schema: v.GenericSchema<unknown, T>, value: unknown): T | undefined => {
    const result = v.safeParse(schema, value);
    if (result.success) return result.output;
    losses += 1;
    return undefined;
  };

  const readEntries = <T>(value: unknown, readOne: (entry: unknown) => T | undefined) => {
    if (!isObject(value)) {
      losses += 1;
      return {};
    }
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, entry]) => {
        const one = read(slug, key) === undefined ? undefined : readOne(entry);
        return one === undefined ? [] : [[key, one]];
      }),
    ) as Record<string, T>;
  };

  const readCheck = (value: unknown) => {
    const check = read(checkSchema, value);
    if (
      check &&
      isObject(value) &&
      Object.keys(value).some((key) => !(key in checkSchema.entries))
    ) {
      losses += 1;
    }
    return check;
  };

  const readLesson = (value: unknown): LessonProgress | undefined => {
    if (!isObject(value)) {
      losses += 1;
      return undefined;
    }
    const { openedAt, doneAt, turns, checks, ...unknown } = value;
    losses += Object.keys(unknown).length;
    const opened = openedAt === undefined ? undefined : read(time, openedAt);
    const done = doneAt === undefined ? undefined : read(time, doneAt);
    const ids = read(v.array(v.unknown()), turns) ?? [];
    return {
      ...(opened === undefined ? {} : { openedAt: opened }),
      ...(done === undefined ? {} : { doneAt: done }),
      turns: [...new Set(ids.flatMap((id) => read(slug, id) ?? []))].sort(),
      checks: readEntries(checks, readCheck),
    };
  };

  let saved: unknown;
  try {
    saved = JSON.parse(text);
  } catch {
    return { condition: 'foreign', progress: noProgress };
  }
  if (!isObject(saved) || !('lessons' in saved)) {
    return { condition: 'foreign', progress: noProgress };
  }
  const { version, lessons, ...unknown } = saved;
  losses += Object.keys(unknown).length;
  const progress: Progress = {
    version: progressVersion,
    lessons: readEntries(lessons, readLesson),
  };
  if (typeof version !== 'number' || !Number.isInteger(version)) {
    return { condition: 'damaged', progress };
  }
  if (version !== progressVersion) {
    return { condition: version > progressVersion ? 'newer' : 'older', progress };
  }
  return { condition: losses === 0 ? 'whole' : 'damaged', progress };
}

/** The text that is saved, in the browser and in a learner's file. */
export function formatProgress(progress: Progress): string {
  return JSON.stringify(progress);
}
