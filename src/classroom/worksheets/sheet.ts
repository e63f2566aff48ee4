/** Worksheets: what can be chosen, and a question on paper, which gives no answer away. */

import type { PracticeQuestion } from '../../quiz/practice-question.ts';
import { readCode, writeCode } from '../../simulation-kit/state-code.ts';

export const versions = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
export const papers = ['a4', 'letter'] as const;
export const sheetKinds = ['worksheet', 'ticket'] as const;
export const mostSeed = 9999;
export const mostQuestions = 20;

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

/** The right answer as it is on the sheet: letters, a number, places. */
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
