/**
 * Which questions a lesson's sheet asks, drawn from a seed. Versions ask about the same items, in
 * another order and with other numbers.
 */

import type { Ask } from '../../quiz/asking.ts';
import { shuffled } from '../../quiz/generators/drawing.ts';
import { drawExam } from '../../quiz/memory/exam.ts';
import type { SessionItem } from '../../quiz/memory/session.ts';
import type { PracticeQuestion } from '../../quiz/practice-question.ts';
import { Random } from '../../time-and-chance/random.ts';
import type { SheetSettings } from './sheet.ts';

/** An exit ticket takes five minutes. */
const ticketQuestions = 3;

/**
 * A sheet's questions, keys included.
 * @param items the lesson's own.
 * @throws Error from `ask`.
 */
export function drawSheet(
  { seed, version, count, kind }: SheetSettings,
  items: readonly SessionItem[],
  ask: Ask,
): readonly PracticeQuestion[] {
  const wanted = kind === 'ticket' ? ticketQuestions : count;
  const chosen = drawExam(items, wanted, new Random(seed).fork('items'));
  const random = new Random(seed).fork(`version ${version}`);
  return shuffled(random, chosen).map((item) => {
    const own = random.fork(item);
    return mixed(ask(item, own.uint32()), own);
  });
}

/** A lesson's own question has its options in one order; here each version has its own. */
function mixed(question: PracticeQuestion, random: Random): PracticeQuestion {
  if (!question.item.startsWith('check/')) return question;
  const { key, parts, partners } = question;
  if (key.kind !== 'order') {
    return {
      ...question,
      parts: key.kind === 'match' ? parts : shuffled(random, parts),
      partners: shuffled(random, partners),
    };
  }
  let items = shuffled(random, parts);
  while (items.every(({ id }, place) => id === key.answer[place])) items = shuffled(random, parts);
  return { ...question, parts: items };
}
