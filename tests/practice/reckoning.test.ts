/**
 * Every generator over many seeds, against answers reckoned from what a learner sees: one right answer,
 * no option that is right by accident or said twice, every language says the same question, nothing is
 * left open. `PRACTICE_SEEDS=2000 npm run unit -- tests/practice` draws more.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { CommandRun } from '../../src/quiz/command-run.ts';
import { drawVariant, generators } from '../../src/quiz/generators/generators.ts';
import { factsOf, languageFor, serviceNames } from '../../src/quiz/generators/practice-facts.ts';
import { questionOf, type PracticeQuestion } from '../../src/quiz/practice-question.ts';
import { famousPorts } from '../../src/schemas/famous-ports.ts';
import { practiceWordsIn } from '../../src/schemas/practice-words.ts';
import type { TerminalWords } from '../../src/terminal/words.ts';
import { reckoners } from './reckoning.ts';

const seeds = Number(process.env['PRACTICE_SEEDS'] ?? 200);
const facts = factsOf(famousPorts);
const words = Object.fromEntries(locales.map(({ code }) => [code, practiceWordsIn(code)]));
const services = Object.fromEntries(
  locales.map(({ code }) => [code, serviceNames(famousPorts, code)]),
);
const { terminal } = JSON.parse(readFileSync('content/interface/en.json', 'utf8')) as {
  terminal: { machine: TerminalWords };
};

interface Drawn {
  readonly item: string;
  readonly seed: number;
  readonly english: PracticeQuestion;
  readonly all: readonly PracticeQuestion[];
}

/** Items in turns, each with seeds of its own. */
function* drawn({ name, items }: (typeof generators)[number]): Generator<Drawn> {
  const ids = items(facts).map(({ id }) => id);
  for (let seed = 0; seed < seeds; seed++) {
    const item = ids[seed % ids.length] ?? name;
    const variant = drawVariant(item, (seed * 2_654_435_761) >>> 0, facts);
    const all = locales.map(({ code }) =>
      questionOf(item, variant, languageFor(item, words[code] ?? {}, services[code] ?? {})),
    );
    const [english] = all;
    if (english) yield { item, seed, english, all };
  }
}

const textsOf = ({ prompt, because, parts, feedback }: PracticeQuestion): readonly string[] => [
  prompt,
  because,
  ...parts.map(({ text }) => text),
  ...Object.values(feedback),
];

/** What is right, for comparing one variant with another. */
function rightAnswer({ key, parts, feedback }: PracticeQuestion): string {
  if (key.kind !== 'choice') return JSON.stringify(key.answer);
  const place = parts.findIndex(({ id }) => id === key.answer);
  return `${String(place)} ${parts[place]?.text ?? ''} ${feedback[key.answer] ?? ''}`;
}

const judged = generators.filter(({ name }) => name !== 'type-command');

it('every generator but the one that a machine judges has a reckoner', () => {
  expect(Object.keys(reckoners).sort()).toEqual(judged.map(({ name }) => name).sort());
});

describe.each(judged.map((generator) => [generator.name, generator] as const))(
  '%s',
  (name, generator) => {
    it('has one right answer by another reckoning, and no option that is right by accident', () => {
      for (const { item, seed, english } of drawn(generator)) {
        const { key, parts, feedback } = english;
        const reckoned = reckoners[name]?.(english);
        const where = `${item} ${String(seed)}: ${english.prompt}`;
        if (reckoned?.kind === 'choice' && key.kind === 'choice') {
          const right = parts.filter(({ text }) => reckoned.isRight(text)).map(({ id }) => id);
          expect([where, right]).toEqual([where, [key.answer]]);
        } else if (reckoned?.kind === 'number' && key.kind === 'number') {
          expect([where, key.answer]).toEqual([where, reckoned.answer]);
          expect(Object.keys(feedback)).not.toContain(`=${String(key.answer)}`);
        } else if (reckoned?.kind === 'order' && key.kind === 'order') {
          const order = key.answer.map((id) => parts.find((part) => part.id === id)?.text);
          expect([where, order]).toEqual([where, reckoned.order]);
          expect(parts.map(({ text }) => text)).not.toEqual(reckoned.order);
        } else throw new Error(`${where} is of another kind than was reckoned.`);
      }
    });

    it('asks the same in every language, with options that differ and nothing left open', () => {
      for (const { item, seed, english, all } of drawn(generator)) {
        const where = `${item} ${String(seed)}`;
        for (const question of all) {
          expect([where, question.key]).toEqual([where, english.key]);
          expect(question.screen).toEqual(english.screen);
          expect(question.parts.map(({ id }) => id)).toEqual(english.parts.map(({ id }) => id));
          const looks = question.parts.map(({ text }) => text);
          expect([where, new Set(looks).size]).toEqual([where, looks.length]);
          for (const text of textsOf(question)) {
            expect(text.trim()).not.toBe('');
            expect([where, text]).toEqual([
              where,
              expect.not.stringMatching(/\{[a-zA-Z]|\{\}|undefined|NaN|\[object/),
            ]);
          }
        }
      }
    });

    it('has another answer, or another place for it, with another seed', () => {
      const answers = new Set([...drawn(generator)].map(({ english }) => rightAnswer(english)));
      expect(answers.size).toBeGreaterThan(1);
    });
  },
);

it('commands: the solution does it, doing nothing does not, whatever the seed', async () => {
  const generator = generators.find(({ name }) => name === 'type-command');
  if (!generator) throw new Error('no commands');
  for (const { item, seed, english, all } of drawn(generator)) {
    const { lab, key } = english;
    if (!lab || key.kind !== 'command') throw new Error('no machine');
    const run = new CommandRun(lab, terminal.machine);
    const where = `${item} ${String(seed)} ${key.answer}`;
    expect([where, (await run.run('true')).hasDoneIt]).toEqual([where, false]);
    expect([where, (await run.run(key.answer)).hasDoneIt]).toEqual([where, true]);
    run.stop();
    for (const text of all.flatMap(textsOf)) {
      expect(text).not.toMatch(/\{[a-zA-Z]|\{\}|undefined|NaN|\[object/);
    }
  }
});
