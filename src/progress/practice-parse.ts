/**
 * Practice's part of a saved record → what can be read of it. Entries that are not what they should be
 * are left out and counted. Small, because every lesson page loads it.
 */

import {
  mergePractice,
  noPracticeMemory,
  reviewGrades,
  type DaySum,
  type ExamAnswer,
  type ExamRecord,
  type ItemMemory,
  type PracticeMemory,
  type PracticeSettings,
  type ReviewEntry,
} from './practice-memory.ts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

const isBetween = (value: unknown, low: number, high: number): boolean =>
  typeof value === 'number' && value >= low && value <= high;

/** `reply-ports/both`, `check/50-ephemeral-ports/reply-ports`. */
const isItem = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 160 && /^[a-z0-9-]+(\/[a-z0-9-]+){1,2}$/.test(value);

const isOptional = (value: unknown, guard: (value: unknown) => boolean): boolean =>
  value === undefined || guard(value);

function isMemory(value: unknown): value is ItemMemory {
  return (
    isObject(value) &&
    [value['at'], value['due'], value['reps'], value['lapses'], value['step']].every(isCount) &&
    isBetween(value['stability'], 0, 1e6) &&
    isBetween(value['difficulty'], 0, 10) &&
    [0, 1, 2, 3].includes(Number(value['state'])) &&
    isOptional(value['usualMs'], isCount)
  );
}

const isDay = (value: unknown): value is DaySum =>
  isObject(value) && isCount(value['reviews']) && isCount(value['right']);

const isAnswer = (value: unknown): value is ExamAnswer =>
  isObject(value) &&
  isCount(value['at']) &&
  typeof value['given'] === 'string' &&
  value['given'].length <= 2000 &&
  typeof value['isFlagged'] === 'boolean';

/** Whether this is an exam's record, with all that belongs to it. */
export const isExam = (value: unknown): value is ExamRecord =>
  isObject(value) &&
  isCount(value['startedAt']) &&
  isCount(value['seed']) &&
  isCount(value['minutes']) &&
  Array.isArray(value['items']) &&
  value['items'].length <= 500 &&
  value['items'].every(isItem) &&
  isObject(value['answers']) &&
  Object.values(value['answers']).every(isAnswer) &&
  isOptional(value['endedAt'], isCount);

const isEntry = (value: unknown): value is ReviewEntry =>
  isObject(value) &&
  isCount(value['at']) &&
  isItem(value['item']) &&
  reviewGrades.some((grade) => grade === value['grade']) &&
  isOptional(value['misconception'], (one) => typeof one === 'string' && one.length <= 80);

const isSettings = (value: unknown): value is PracticeSettings =>
  isObject(value) &&
  isCount(value['at']) &&
  isBetween(value['perDay'], 5, 200) &&
  isBetween(value['retention'], 0.7, 0.97);

/** The entries of a record that are what they should be. */
function entries<T>(
  value: unknown,
  isKey: (key: string) => boolean,
  isOne: (value: unknown) => value is T,
  lose: (count: number) => void,
): Record<string, T> {
  if (!isObject(value)) {
    if (value !== undefined) lose(1);
    return {};
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => {
      if (isKey(key) && isOne(one)) return [[key, one] as const];
      lose(1);
      return [];
    }),
  );
}

/** @returns what could be read, within its bounds, and how many entries could not. Never throws. */
export function readPractice(value: unknown): {
  readonly memory: PracticeMemory;
  readonly losses: number;
} {
  let losses = 0;
  const lose = (count: number): void => {
    losses += count;
  };
  if (!isObject(value)) return { memory: noPracticeMemory, losses: 1 };
  const { items, recent, days, exams, settings, sprintBest, ...others } = value;
  lose(Object.keys(others).length);
  const list = Array.isArray(recent) ? recent : [];
  if (recent !== undefined && !Array.isArray(recent)) lose(1);
  const readable = list.filter(isEntry);
  lose(list.length - readable.length);
  if (!isOptional(settings, isSettings)) lose(1);
  if (!isOptional(sprintBest, isCount)) lose(1);
  const read: PracticeMemory = {
    items: entries(items, isItem, isMemory, lose),
    recent: readable,
    days: entries(days, (key) => /^\d{4}-\d\d-\d\d$/.test(key), isDay, lose),
    exams: entries(exams, (key) => /^\d{16}$/.test(key), isExam, lose),
    ...(isSettings(settings) ? { settings } : {}),
    ...(isCount(sprintBest) && sprintBest > 0 ? { sprintBest } : {}),
  };
  return { memory: mergePractice(read, noPracticeMemory), losses };
}
