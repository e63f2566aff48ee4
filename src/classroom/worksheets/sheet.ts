/**
 * Worksheets: which questions a lesson's sheet asks, drawn from a seed. Versions ask about the same
 * items, in another order and with other numbers. A sheet holds nothing that gives an answer away.
 */

import type { Ask } from '../../quiz/asking.ts';
import { drawExam } from '../../quiz/memory/exam.ts';
import type { SessionItem } from '../../quiz/memory/session.ts';
import { shuffled } from '../../quiz/generators/drawing.ts';
import type { PracticeQuestion } from '../../quiz/practice-question.ts';
import { readCode, writeCode } from '../../simulation-kit/state-code.ts';
import { Random } from '../../time-and-chance/random.ts';

export const versions = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
export const papers = ['a4', 'letter'] as const;
export const sheetKinds = ['worksheet', 'ticket'] as const;
export const mostSeed = 9999;
export const mostQuestions = 20;
/** An exit ticket takes five minutes. */
const ticketQuestions = 3;

export interface SheetSettings {
  readonly seed: number;
  readonly version: (typeof versions)[number];
  /** Of a worksheet; a ticket has its own number. */
  readonly count: number;
  readonly paper: (typeof papers)[number];
  readonly kind: (typeof sheetKinds)[number];
}

export const firstSettings: SheetSettings = {
  seed: 1,
  version: 'A',
  count: 8,
  paper: 'a4',
  kind: 'worksheet',
};

/** The settings as a word for the address. */
export function writeSettings({ seed, version, count, paper, kind }: SheetSettings): string {
  return writeCode(seed, version, count, paper, kind);
}

/** @returns null for what `writeSettings` would not write. */
export function readSettings(code: string): SheetSettings | null {
  return readCode(code, (fields) => ({
    seed: fields.number(1, mostSeed),
    version: fields.oneOf(versions),
    count: fields.number(1, mostQuestions),
    paper: fields.oneOf(papers),
    kind: fields.oneOf(sheetKinds),
  }));
}

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

/** A question as a student sees it: without its key and without a word about any answer. */
export type SheetQuestion = Pick<
  PracticeQuestion,
  'prompt' | 'screen' | 'parts' | 'partners' | 'unit'
> & { readonly kind: PracticeQuestion['key']['kind'] };

export function withoutKey({
  prompt,
  screen,
  parts,
  partners,
  unit,
  key,
}: PracticeQuestion): SheetQuestion {
  return { prompt, screen, parts, partners, unit, kind: key.kind };
}

/** A, B, C … for a place from 0. */
export function letterOf(place: number): string {
  return String.fromCharCode(65 + place);
}

/** The right answer as it stands on the sheet: letters, a number, places. */
export function answerOnPaper({ key, parts, partners }: PracticeQuestion): string {
  const letter = (list: PracticeQuestion['parts'], id: string): string =>
    letterOf(list.findIndex((one) => one.id === id));
  switch (key.kind) {
    case 'choice':
      return letter(parts, key.answer);
    case 'several':
      return key.answer
        .map((id) => letter(parts, id))
        .toSorted()
        .join(', ');
    case 'number':
      return String(key.answer);
    case 'order':
      return parts.map(({ id }) => String(key.answer.indexOf(id) + 1)).join(', ');
    case 'match':
      return parts
        .map(({ id }, place) => `${String(place + 1)} ${letter(partners, key.answer[id] ?? '')}`)
        .join(', ');
    case 'command':
      return `\`${key.answer}\``;
  }
}
