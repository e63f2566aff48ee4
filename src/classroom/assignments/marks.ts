/** What became of a question in three bits, and what those bits say when the question is drawn again. */

import { grade } from '../../quiz/engine/grade.ts';
import type { Response } from '../../quiz/engine/question.ts';
import type { PracticeQuestion } from '../../quiz/practice-question.ts';
import type { AnswerMark } from './result-code.ts';

/** Five options or traps have a number of their own. */
const MOST_NAMED = 5;

/** What can be given for a reason, in a fixed order: options, traps of a number, mistakes of a command. */
function named({ key, parts, feedback }: PracticeQuestion): readonly string[] {
  if (key.kind === 'choice') return parts.map(({ id }) => id);
  if (key.kind === 'number') return Object.keys(feedback).filter((about) => about.startsWith('='));
  if (key.kind === 'command') return Object.keys(feedback);
  return [];
}

export function markAnswer(question: PracticeQuestion, response: Response | null): AnswerMark {
  if (response?.kind !== question.key.kind) return 7;
  const judged = grade(question.key, response);
  if (judged.verdict === 'incomplete') return 7;
  if (judged.verdict === 'right') return 0;
  const given =
    response.kind === 'choice'
      ? response.chosen
      : response.kind === 'number'
        ? `=${String(judged.value)}`
        : response.kind === 'command'
          ? response.hint
          : undefined;
  const place = given === undefined || given === null ? -1 : named(question).indexOf(given);
  return place >= 0 && place < MOST_NAMED ? ((place + 1) as AnswerMark) : 6;
}

/** The misconception that a mark stands for. */
export function misconceptionOfMark(
  question: PracticeQuestion,
  mark: AnswerMark,
): string | undefined {
  const given = named(question)[mark - 1];
  return mark < 1 || mark > MOST_NAMED || given === undefined
    ? undefined
    : question.misconceptions[given];
}
