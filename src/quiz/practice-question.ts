/**
 * A question of practice in one language, ready to be drawn and marked: a variant of a generator, or a
 * lesson's own question.
 */

import { inARow } from '../i18n/format.ts';
import type { LocaleCode } from '../i18n/locales.ts';
import type { PracticeKey } from './engine/question.ts';
import { say, sayValue, type PracticeLanguage } from './generators/say.ts';
import type { CommandTask, Variant } from './generators/variant.ts';
import type { Lab } from '../terminal/labs/lab.ts';
import type { Labelled, QuestionView } from './question-view.ts';

export interface PracticeQuestion {
  readonly item: string;
  /** Of its words. */
  readonly language: LocaleCode;
  readonly prompt: string;
  /** What a terminal or a table shows; empty for none. */
  readonly screen: readonly string[];
  readonly key: PracticeKey;
  readonly parts: readonly Labelled[];
  readonly partners: readonly Labelled[];
  readonly unit: string | null;
  /** For a command: the machine and its one step, as the labs' judge takes them; null otherwise. */
  readonly lab: Lab | null;
  /** What is said about an option, a part, a foreseen mistake, `=16384` (a number given), `right` or `otherwise`. */
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
    language: language.language,
    prompt: say(prompt, language),
    screen,
    partners: [],
    unit: null,
    because: say(because, language),
    lab: null,
  };
  if (asked.kind === 'command') {
    const { task } = asked;
    return {
      ...base,
      key: { kind: 'command', answer: task.solution },
      parts: [],
      lab: labOf(item, base, task, language),
      feedback: {
        ...Object.fromEntries(task.hints.map(({ id, feedback }) => [id, say(feedback, language)])),
        otherwise: say(task.otherwise, language),
      },
      misconceptions: misconceptionsBy(task.hints, ({ id }) => id),
    };
  }
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

/** A lab of one step: the judge that the labs have. */
function labOf(
  item: string,
  { prompt, because }: Pick<PracticeQuestion, 'prompt' | 'because'>,
  { distribution, seed, setup, servers, goal, hints, otherwise, solution }: CommandTask,
  language: PracticeLanguage,
): Lab {
  return {
    id: item,
    number: 1,
    lesson: '',
    title: prompt,
    about: prompt,
    machine: { distribution, seed, installs: [], setup, servers },
    steps: [
      {
        id: 'command',
        instruction: prompt,
        goal,
        hints: hints.map(({ id, when, feedback }) => ({
          id,
          when,
          words: say(feedback, language),
        })),
        hint: say(otherwise, language),
        solution: [solution],
        after: because,
        chips: [],
      },
    ],
    ending: because,
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
  const { language, key, prompt, parts, partners, unit, explanations } = view;
  const whole = explanations.filter(({ about }) => about === 'right');
  const right = whole.length > 0 ? whole : explanations.filter(({ isRight }) => isRight);
  return {
    item,
    language,
    prompt,
    screen: [],
    key,
    parts,
    partners,
    unit,
    lab: null,
    feedback: Object.fromEntries(explanations.map(({ about, text }) => [about, text])),
    because: inARow(...right.map(({ text }) => text)),
    misconceptions: {},
  };
}
