/**
 * One question of content/questions/<lesson>.yaml: one key for all languages, and its
 * words by language. Every option explains itself. CONTRIBUTING.md has a worked example.
 */

import { z } from 'astro/zod';
import { languagesOf } from '../i18n/by-language.ts';
import { identifier, words } from './identifier.ts';
import { inLanguages } from './in-languages.ts';

/** A key that the engine works out: the name of a row of src/quiz/engine/computed-keys.ts and what it asks for. */
const computed = z.looseObject({ compute: identifier });

const explained = z.strictObject({ text: words, feedback: words });
const byId = <S extends z.ZodType>(schema: S) => z.record(identifier, schema);
const ids = (what: string) =>
  z
    .array(identifier)
    .min(2, `A question needs at least two ${what}.`)
    .refine(
      (list) => new Set(list).size === list.length,
      `The same id stands twice among the ${what}.`,
    );

const chosen = z.strictObject({ prompt: words, options: byId(explained) });

const choice = z.strictObject({
  id: identifier,
  kind: z.literal('choice'),
  answer: z.union([identifier, computed]),
  options: ids('options'),
  ...inLanguages(chosen),
});

const several = z.strictObject({
  id: identifier,
  kind: z.literal('several'),
  answer: z.union([z.array(identifier).min(1, 'At least one option is right.'), computed]),
  options: ids('options'),
  ...inLanguages(chosen),
});

const number = z.strictObject({
  id: identifier,
  kind: z.literal('number'),
  answer: z.union([z.number(), computed]),
  ...inLanguages(
    z.strictObject({
      prompt: words,
      unit: words.optional(),
      right: words,
      /** Values that people give for a reason, each with what decides it. */
      wrong: z.array(z.strictObject({ value: z.number(), feedback: words })),
      otherwise: words,
    }),
  ),
});

const order = z.strictObject({
  id: identifier,
  kind: z.literal('order'),
  answer: z.union([ids('items'), computed]),
  /** As they stand before the learner moves them. */
  items: ids('items'),
  ...inLanguages(z.strictObject({ prompt: words, items: byId(explained), right: words })),
});

const match = z.strictObject({
  id: identifier,
  kind: z.literal('match'),
  answer: z.union([byId(identifier), computed]),
  left: ids('left sides'),
  right: ids('right sides'),
  ...inLanguages(
    z.strictObject({
      prompt: words,
      left: byId(words),
      right: byId(words),
      feedback: byId(words),
      'right-all': words,
    }),
  ),
});

type Issue = (path: (string | number)[], message: string) => void;

/** The same ids on both sides, whatever their order. */
function sameIds(
  issue: Issue,
  path: string[],
  there: Iterable<string>,
  expected: readonly string[],
) {
  const found = new Set(there);
  for (const id of expected) {
    if (!found.has(id))
      issue([...path, id], `"${id}" is missing here: write it, as in the list above.`);
  }
  for (const id of found) {
    if (!expected.includes(id)) {
      issue([...path, id], `"${id}" is not in the list of this question: ${expected.join(', ')}.`);
    }
  }
}

const keysOf = (words: object | undefined): readonly string[] => Object.keys(words ?? {});

type Computed = z.output<typeof computed>;

const isComputed = (answer: Question['answer']): answer is Computed =>
  typeof answer === 'object' && 'compute' in answer;

export const questionSchema = z
  .discriminatedUnion('kind', [choice, several, number, order, match])
  .superRefine((question, context) => {
    const issue: Issue = (path, message) => {
      context.addIssue({ code: 'custom', path, message });
    };
    const { answer } = question;
    for (const code of languagesOf(question)) {
      if (question.kind === 'choice' || question.kind === 'several') {
        sameIds(issue, [code, 'options'], keysOf(question[code]?.options), question.options);
      } else if (question.kind === 'order') {
        sameIds(issue, [code, 'items'], keysOf(question[code]?.items), question.items);
      } else if (question.kind === 'match') {
        sameIds(issue, [code, 'left'], keysOf(question[code]?.left), question.left);
        sameIds(issue, [code, 'right'], keysOf(question[code]?.right), question.right);
        sameIds(issue, [code, 'feedback'], keysOf(question[code]?.feedback), question.left);
      } else {
        const values = question[code]?.wrong.map(({ value }) => value) ?? [];
        if (values.join(' ') !== question.en.wrong.map(({ value }) => value).join(' ')) {
          issue(
            [code, 'wrong'],
            'The wrong values differ between the languages: list the same, in the same order.',
          );
        }
        if (values.some((value) => value === answer)) {
          issue([code, 'wrong'], 'The answer itself stands among the wrong values.');
        }
      }
    }
    if (isComputed(answer)) return;
    if (
      typeof answer === 'string' &&
      question.kind === 'choice' &&
      !question.options.includes(answer)
    ) {
      issue(['answer'], `"${answer}" is not an option: ${question.options.join(', ')}.`);
    }
    if (question.kind === 'several' && Array.isArray(answer)) {
      for (const id of answer) {
        if (!question.options.includes(id)) {
          issue(['answer'], `"${id}" is not an option: ${question.options.join(', ')}.`);
        }
      }
    }
    if (question.kind === 'order' && Array.isArray(answer)) {
      sameIds(issue, ['answer'], answer, question.items);
      if (answer.join() === question.items.join()) {
        issue(['items'], 'The items are in the right order already: list them in another.');
      }
    }
    if (question.kind === 'match') {
      sameIds(issue, ['answer'], Object.keys(answer), question.left);
      for (const [left, right] of Object.entries(answer)) {
        if (!question.right.includes(String(right))) {
          issue(
            ['answer', left],
            `"${String(right)}" is not a right side: ${question.right.join(', ')}.`,
          );
        }
      }
    }
  });

export type Question = z.output<typeof questionSchema>;
