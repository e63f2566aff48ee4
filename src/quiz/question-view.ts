/**
 * A question for a page in a language, ready to be drawn: its key worked out, its parts in the order shown, and
 * an explanation for everything that can be answered.
 */

import { languageOf, wordsIn } from '../i18n/by-language.ts';
import type { LocaleCode } from '../i18n/locales.ts';
import { formatCount } from '../i18n/numbers.ts';
import type { Question } from '../schemas/question.ts';
import type { Key } from './engine/question.ts';
import { keyOf } from './key-of.ts';

export interface Labelled {
  readonly id: string;
  readonly text: string;
}

export interface Explanation {
  /** What it explains: an option's, item's or left side's id; `right`, `otherwise`; `=16384`. */
  readonly about: string;
  readonly label: string;
  readonly isRight: boolean;
  readonly text: string;
}

export interface QuestionView {
  readonly id: string;
  /** Of its words; not the page's where the question is not translated yet. */
  readonly language: LocaleCode;
  readonly key: Key;
  readonly prompt: string;
  /** Options, items or left sides, in the order shown. */
  readonly parts: readonly Labelled[];
  /** The right sides of a match. */
  readonly partners: readonly Labelled[];
  /** What is counted, after the number. */
  readonly unit: string | null;
  readonly explanations: readonly Explanation[];
}

/** @throws Error where the key cannot be worked out or does not fit the question. */
export function questionView(question: Question, locale: LocaleCode): QuestionView {
  const key = keyOf(question);
  const language = languageOf(question, locale);
  const base = {
    id: question.id,
    language,
    key,
    prompt: wordsIn<{ prompt: string }>(question, locale).prompt,
    partners: [],
    unit: null,
  };
  if (question.kind === 'number') {
    const { right, wrong, otherwise, unit } = wordsIn(question, locale);
    return {
      ...base,
      parts: [],
      unit: unit ?? null,
      explanations: [
        {
          about: 'right',
          label: formatCount(Number(key.answer), language),
          isRight: true,
          text: right,
        },
        ...wrong.map(({ value, feedback }) => ({
          about: `=${value}`,
          label: formatCount(value, language),
          isRight: false,
          text: feedback,
        })),
        { about: 'otherwise', label: '', isRight: false, text: otherwise },
      ],
    };
  }
  if (question.kind === 'match' && key.kind === 'match') {
    const words = wordsIn(question, locale);
    const { left, right, feedback } = words;
    return {
      ...base,
      parts: labelled(question.left, left),
      partners: labelled(question.right, right),
      explanations: [
        ...question.left.map((id) => ({
          about: id,
          label: `${left[id] ?? ''}: ${right[key.answer[id] ?? ''] ?? ''}`,
          isRight: true,
          text: feedback[id] ?? '',
        })),
        { about: 'right', label: '', isRight: true, text: words['right-all'] },
      ],
    };
  }
  if (question.kind === 'order' && key.kind === 'order') {
    const { items, right } = wordsIn(question, locale);
    return {
      ...base,
      parts: question.items.map((id) => ({ id, text: items[id]?.text ?? '' })),
      explanations: [
        ...key.answer.map((id, place) => ({
          about: id,
          label: `${place + 1}. ${items[id]?.text ?? ''}`,
          isRight: true,
          text: items[id]?.feedback ?? '',
        })),
        { about: 'right', label: '', isRight: true, text: right },
      ],
    };
  }
  if (question.kind !== 'choice' && question.kind !== 'several') {
    throw new Error(`question "${question.id}": its key is of another kind.`);
  }
  const { options } = wordsIn(question, locale);
  const rightIds: unknown[] = [key.answer].flat();
  return {
    ...base,
    parts: question.options.map((id) => ({ id, text: options[id]?.text ?? '' })),
    explanations: question.options.map((id) => ({
      about: id,
      label: options[id]?.text ?? '',
      isRight: rightIds.includes(id),
      text: options[id]?.feedback ?? '',
    })),
  };
}

function labelled(ids: readonly string[], texts: Readonly<Record<string, string>>): Labelled[] {
  return ids.map((id) => ({ id, text: texts[id] ?? '' }));
}
