/** Remembering an answer: the scheduler, and so loaded only with the questions. */

import {
  dayOf,
  noPracticeMemory,
  withReview,
  type ReviewGrade,
} from '../../../progress/practice-memory.ts';
import { readProgress, recordPractice } from '../../../progress/progress-store.ts';
import { gradeOf, memoryOf, reviewed } from '../../memory/schedule.ts';
import { settingsOf } from '../../memory/session.ts';

/** An answer that was given. */
export interface AnswerGiven {
  readonly item: string;
  /** ms since 1970. */
  readonly at: number;
  readonly isRight: boolean;
  /** Whether the learner says that it was hard. */
  readonly wasHard: boolean;
  readonly misconception?: string | undefined;
  readonly tookMs: number;
}

/**
 * Remembers the first try at a lesson's own question in the lesson, as practice remembers its answers.
 * How long it took says nothing there: the learner was reading.
 */
export function recordLessonAnswer(item: string, isRight: boolean, at: number): void {
  const practice = readProgress().practice ?? noPracticeMemory;
  const before = Object.hasOwn(practice.items, item) ? practice.items[item] : undefined;
  const grade: ReviewGrade = isRight ? 'good' : 'again';
  const after = reviewed(before, grade, at, settingsOf(practice).retention);
  const day = dayOf(at, -new Date(at).getTimezoneOffset());
  recordPractice(withReview(practice, { at: after.at, item, grade }, after, day));
}

/** Remembers an answer: the item's memory, the list of the latest answers and the day's sum. */
export function recordAnswer({
  item,
  at,
  isRight,
  wasHard,
  misconception,
  tookMs,
}: AnswerGiven): void {
  const progress = readProgress();
  const practice = progress.practice ?? noPracticeMemory;
  const before = memoryOf(progress, item);
  const grade: ReviewGrade = isRight && wasHard ? 'hard' : gradeOf(isRight, before, tookMs);
  const after = reviewed(before, grade, at, settingsOf(practice).retention, tookMs);
  const entry = {
    at: after.at,
    item,
    grade,
    ...(misconception === undefined ? {} : { misconception }),
  };
  const day = dayOf(at, -new Date(at).getTimezoneOffset());
  recordPractice(withReview(practice, entry, after, day));
}
