/**
 * When an item is to be asked again: FSRS (the npm package ts-fsrs), without chance and with time
 * handed in. A clock that was set back does no harm: a review never comes before the one it follows.
 */

import { createEmptyCard, fsrs, Rating, State, type Card, type Grade } from 'ts-fsrs';
import {
  noPracticeMemory,
  type ItemMemory,
  type ReviewGrade,
} from '../../progress/practice-memory.ts';
import type { Progress } from '../../progress/progress-record.ts';
import { checkOf, settingsOf } from './session.ts';

const ratings: Readonly<Record<ReviewGrade, Grade>> = {
  again: Rating.Again,
  hard: Rating.Hard,
  good: Rating.Good,
  easy: Rating.Easy,
};

const states = [State.New, State.Learning, State.Review, State.Relearning] as const;

/** A day; the longest interval asked for is ten years. */
const DAY_MS = 86_400_000;
const LONGEST_DAYS = 3650;

const schedulers = new Map<number, ReturnType<typeof fsrs>>();

function schedulerFor(retention: number): ReturnType<typeof fsrs> {
  const kept = schedulers.get(retention);
  if (kept) return kept;
  const made = fsrs({
    request_retention: retention,
    maximum_interval: LONGEST_DAYS,
    enable_fuzz: false,
    enable_short_term: true,
  });
  schedulers.set(retention, made);
  return made;
}

function cardOf(memory: ItemMemory | undefined, nowMs: number): Card {
  if (!memory) return createEmptyCard(new Date(nowMs));
  return {
    ...createEmptyCard(new Date(memory.at)),
    due: new Date(memory.due),
    stability: memory.stability,
    difficulty: memory.difficulty,
    scheduled_days: Math.max(0, Math.round((memory.due - memory.at) / DAY_MS)),
    learning_steps: memory.step,
    reps: memory.reps,
    lapses: memory.lapses,
    state: states[memory.state],
    last_review: new Date(memory.at),
  };
}

/** What is remembered of an item, a lesson's own question answered in the lesson included. */
export function memoryOf(progress: Progress, id: string): ItemMemory | undefined {
  const practice = progress.practice ?? noPracticeMemory;
  const kept = Object.hasOwn(practice.items, id) ? practice.items[id] : undefined;
  if (kept) return kept;
  const check = checkOf(progress, id);
  if (!check) return undefined;
  const grade = check.outcome === 'right' ? 'good' : 'again';
  return reviewed(undefined, grade, check.at, settingsOf(practice).retention);
}

/** Four digits are enough for a memory, and keep the record small. */
const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

/**
 * The item's memory after one more answer.
 * @param before undefined for an item that was never asked.
 * @param nowMs ms since 1970.
 * @param retention 0.7 to 0.97.
 * @param tookMs how long the answer took, for what is usual.
 */
export function reviewed(
  before: ItemMemory | undefined,
  grade: ReviewGrade,
  nowMs: number,
  retention: number,
  tookMs?: number,
): ItemMemory {
  const at = before ? Math.max(nowMs, before.at + 1) : nowMs;
  const { card } = schedulerFor(retention).next(cardOf(before, at), new Date(at), ratings[grade]);
  const usual = usualAfter(before?.usualMs, grade, tookMs);
  return {
    at,
    due: card.due.getTime(),
    stability: rounded(card.stability),
    difficulty: rounded(card.difficulty),
    reps: card.reps,
    lapses: card.lapses,
    state: card.state,
    step: card.learning_steps,
    ...(usual === undefined ? {} : { usualMs: usual }),
  };
}

/** Longer than this the learner was elsewhere. */
const AWAY_MS = 120_000;

function usualAfter(
  before: number | undefined,
  grade: ReviewGrade,
  tookMs: number | undefined,
): number | undefined {
  if (grade === 'again' || tookMs === undefined || tookMs < 0 || tookMs > AWAY_MS) return before;
  return Math.round(before === undefined ? tookMs : before * 0.7 + tookMs * 0.3);
}

/**
 * How an answer counts: wrong is `again`; right is `good`, and `easy` when it came within the item's
 * own usual time at the first look.
 */
export function gradeOf(
  isRight: boolean,
  before: ItemMemory | undefined,
  tookMs: number,
): ReviewGrade {
  if (!isRight) return 'again';
  const isQuick = before?.usualMs !== undefined && tookMs <= before.usualMs * 0.8;
  return isQuick && before.state === 2 ? 'easy' : 'good';
}

/** The chance (0 to 1) that an item is known at a moment; 0 for one that was never asked. */
export function knownChance(memory: ItemMemory | undefined, nowMs: number): number {
  if (!memory) return 0;
  const now = new Date(Math.max(nowMs, memory.at));
  return schedulerFor(0.9).get_retrievability(cardOf(memory, memory.at), now, false);
}
