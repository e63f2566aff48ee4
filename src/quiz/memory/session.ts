/**
 * What is asked today: what is due first, the longest overdue before the rest, then new items, those of
 * lessons already read before the others, in the order of the course; mixed by kind.
 */

import {
  defaultSettings,
  noPracticeMemory,
  type PracticeMemory,
  type PracticeSettings,
} from '../../progress/practice-memory.ts';
import {
  entryOf,
  lessonProgress,
  type CheckProgress,
  type Progress,
} from '../../progress/progress-record.ts';

/** What a session knows of an item. */
export interface SessionItem {
  /** `reply-ports/both`, or `check/50-ephemeral-ports/reply-ports` for a lesson's own question. */
  readonly id: string;
  readonly lesson: string;
}

export interface TodaysPlan {
  /** To be repeated now. */
  readonly due: readonly string[];
  /** Never asked, as many as today allows. */
  readonly fresh: readonly string[];
}

/** New items a day at the most, and at least one where there are any: enough to go on, no flood later. */
const freshPerDay = (perDay: number): number => Math.max(1, Math.ceil(perDay / 3));

export function settingsOf(memory: PracticeMemory): PracticeSettings {
  return memory.settings ?? defaultSettings;
}

/** When an item is to be asked again, and how firmly it is known (days); undefined if it never was. */
export interface DueTime {
  readonly due: number;
  readonly stability: number;
}

/** What ts-fsrs gives a first answer: asked again after ten minutes if right, after one if wrong. */
const FIRST = {
  right: { afterMs: 600_000, stability: 2.3 },
  wrong: { afterMs: 60_000, stability: 0.2 },
} as const;

/**
 * What is remembered of an item. A lesson's own question that was answered in the lesson only counts as
 * asked for the first time then.
 */
export function dueOf(progress: Progress, id: string): DueTime | undefined {
  const { items } = progress.practice ?? noPracticeMemory;
  const kept = Object.hasOwn(items, id) ? items[id] : undefined;
  if (kept) return kept;
  const check = checkOf(progress, id);
  if (!check) return undefined;
  const { afterMs, stability } = FIRST[check.outcome];
  return { due: check.at + afterMs, stability };
}

/** How a lesson's own question was answered in the lesson; undefined for other items. */
export function checkOf(progress: Progress, id: string): CheckProgress | undefined {
  const [kind, lesson, question] = id.split('/');
  if (kind !== 'check' || lesson === undefined || question === undefined) return undefined;
  return entryOf(lessonProgress(progress, lesson).checks, question);
}

/**
 * @param items in the order of the course.
 * @param startedToday ids of items asked for the first time today; they count against today's new ones.
 */
export function planToday(
  items: readonly SessionItem[],
  progress: Progress,
  nowMs: number,
  startedToday = 0,
): TodaysPlan {
  const { perDay } = settingsOf(progress.practice ?? noPracticeMemory);
  const known = items.map((one) => ({ ...one, memory: dueOf(progress, one.id) }));
  const due = known
    .flatMap(({ id, memory }) => (memory && memory.due <= nowMs ? [{ id, memory }] : []))
    .sort((a, b) => overdue(b.memory, nowMs) - overdue(a.memory, nowMs))
    .map(({ id }) => id)
    .slice(0, perDay);
  const room = Math.max(0, Math.min(freshPerDay(perDay) - startedToday, perDay - due.length));
  const never = known.filter(({ memory }) => memory === undefined);
  const isRead = ({ lesson }: SessionItem): boolean =>
    lessonProgress(progress, lesson).openedAt !== undefined;
  const fresh = [...never.filter(isRead), ...never.filter((one) => !isRead(one))]
    .slice(0, room)
    .map(({ id }) => id);
  return { due: interleaved(due), fresh: interleaved(fresh) };
}

/** How late an item is, in parts of its stability: what is forgotten soonest comes first. */
function overdue({ due, stability }: DueTime, nowMs: number): number {
  return (nowMs - due) / Math.max(0.01, stability);
}

const kindOf = (id: string): string => id.slice(0, id.indexOf('/'));

/**
 * The same ids, no two of one kind in a row as long as others are left. The order is kept otherwise.
 */
export function interleaved(ids: readonly string[]): readonly string[] {
  const left = [...ids];
  const result: string[] = [];
  while (left.length > 0) {
    const last = result.at(-1);
    const at = left.findIndex((id) => last === undefined || kindOf(id) !== kindOf(last));
    result.push(...left.splice(Math.max(0, at), 1));
  }
  return result;
}

/** How many items were asked for the first time since the beginning of the day (UTC) of `nowMs`. */
export function startedOn(progress: Progress, nowMs: number): number {
  const { items } = progress.practice ?? noPracticeMemory;
  const dayStart = nowMs - (nowMs % 86_400_000);
  return Object.values(items).filter(({ at, reps }) => reps === 1 && at >= dayStart).length;
}

/** A misconception and how much speaks for it: recent mistakes weigh more, half after two weeks. */
export interface WeakSpot {
  readonly id: string;
  readonly times: number;
  readonly weight: number;
}

const HALF_LIFE_MS = 14 * 86_400_000;

/** What the learner seems to think, heaviest first. */
export function weakSpots(memory: PracticeMemory, nowMs: number): readonly WeakSpot[] {
  const spots = new Map<string, { times: number; weight: number }>();
  for (const { misconception, at } of memory.recent) {
    if (misconception === undefined) continue;
    const spot = spots.get(misconception) ?? { times: 0, weight: 0 };
    spot.times += 1;
    spot.weight += 0.5 ** (Math.max(0, nowMs - at) / HALF_LIFE_MS);
    spots.set(misconception, spot);
  }
  return [...spots]
    .map(([id, spot]) => ({ id, ...spot }))
    .sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1));
}
