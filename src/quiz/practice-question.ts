/**
 * A question of practice in one language, ready to be drawn and marked: a variant of a generator, or a
 * lesson's own question.
 */

import type { Key } from './engine/question.ts';
import { say, sayValue, type PracticeLanguage } from './generators/say.ts';
import type { Variant } from './generators/variant.ts';
import type { Labelled, QuestionView } from './question-view.ts';

export interface PracticeQuestion {
  readonly item: string;
  readonly prompt: string;
  /** What a terminal or a table shows; empty for none. */
  readonly screen: readonly string[];
  readonly key: Key;
  readonly parts: readonly Labelled[];
  readonly partners: readonly Labelled[];
  readonly unit: string | null;
  /** What is said about an option, a part, `=16384` (a number given), `right` or `otherwise`. */
  readonly feedback: Readonly<Record<string, string>>;
  /** Why the right answer is right. */
  readonly because: string;
  /** Misconceptions by option, or by `=16384`. */
  readonly misconceptions: Readonly<Record<string, string>>;
}

/** @throws Error where words are missing: a mistake of ours. */
export function questionOf(
  item: string,
  variant: Variant,
  language: PracticeLanguage,
): PracticeQuestion {
  const { asked, screen = [], prompt, because } = variant;
  const base = {
    item,
    prompt: say(prompt, language),
    screen,
    partners: [],
    unit: null,
    because: say(because, language),
  };
  if (asked.kind === 'number') {
    return {
      ...base,
      key: { kind: 'number', answer: asked.answer },
      parts: [],
      feedback: Object.fromEntries(
        asked.traps.map(({ value, feedback }) => [`=${String(value)}`, say(feedback, language)]),
      ),
      misconceptions: misconceptionsBy(asked.traps, ({ value }) => `=${String(value)}`),
    };
  }
  const options = asked.kind === 'order' ? asked.items : asked.options;
  return {
    ...base,
    key:
      asked.kind === 'choice'
        ? { kind: 'choice', answer: asked.answer }
        : { kind: asked.kind, answer: asked.answer },
    parts: options.map(({ id, label }) => ({ id, text: sayValue(label, language) })),
    feedback: Object.fromEntries(options.map(({ id, feedback }) => [id, say(feedback, language)])),
    misconceptions: misconceptionsBy(options, ({ id }) => id),
  };
}

function misconceptionsBy<T extends { readonly misconception?: string }>(
  list: readonly T[],
  keyOf: (one: T) => string,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    list.flatMap((one) =>
      one.misconception === undefined ? [] : [[keyOf(one), one.misconception]],
    ),
  );
}

/** A lesson's own question. */
export function questionOfCheck(item: string, view: QuestionView): PracticeQuestion {
  const { key, prompt, parts, partners, unit, explanations } = view;
  const whole = explanations.filter(({ about }) => about === 'right');
  const right = whole.length > 0 ? whole : explanations.filter(({ isRight }) => isRight);
  return {
    item,
    prompt,
    screen: [],
    key,
    parts,
    partners,
    unit,
    feedback: Object.fromEntries(explanations.map(({ about, text }) => [about, text])),
    because: right.map(({ text }) => text).join(' '),
    misconceptions: {},
  };
}
