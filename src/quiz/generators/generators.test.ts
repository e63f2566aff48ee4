/** Every generator over many seeds: one right answer, options that differ, words for everything. */

import { describe, expect, it } from 'vitest';
import { famousPorts } from '../../schemas/famous-ports.ts';
import { misconceptions } from '../../schemas/misconceptions.ts';
import { placesOf, practiceWords, practiceWordsIn } from '../../schemas/practice-words.ts';
import { languagesOf, wordsIn } from '../../i18n/by-language.ts';
import { locales } from '../../i18n/locales.ts';
import { allItems, drawVariant, generators } from './generators.ts';
import { factsOf, languageFor, serviceNames } from './practice-facts.ts';
import { say, sayValue } from './say.ts';
import type { Phrase, Variant, VariantOption } from './variant.ts';

const facts = factsOf(famousPorts);
const items = allItems(facts);
const known = new Set(misconceptions.map(({ id }) => id));
/** Drawing is cheap for most items; worlds of fifteen runs are drawn less often. */
const seeds = Array.from({ length: 40 }, (_, seed) => seed * 7919 + 1);

function optionsOf({ asked }: Variant): readonly VariantOption[] {
  if (asked.kind === 'number' || asked.kind === 'command') return [];
  return asked.kind === 'order' ? asked.items : asked.options;
}

/** Everything that is said about an answer, with the misconception it speaks of. */
function saidOf(
  variant: Variant,
): readonly { readonly feedback: Phrase; readonly misconception?: string }[] {
  const { asked } = variant;
  if (asked.kind === 'number') return asked.traps;
  if (asked.kind === 'command') return [...asked.task.hints, { feedback: asked.task.otherwise }];
  return optionsOf(variant);
}

function phrasesOf(variant: Variant): readonly Phrase[] {
  const { prompt, because } = variant;
  const labels = optionsOf(variant).flatMap(({ label }) =>
    typeof label === 'object' && 'phrase' in label ? [label] : [],
  );
  return [prompt, because, ...labels, ...saidOf(variant).map(({ feedback }) => feedback)];
}

const misconceptionsOf = (variant: Variant): readonly string[] =>
  saidOf(variant).flatMap(({ misconception }) =>
    misconception === undefined ? [] : [misconception],
  );

it('there are at least twenty-four kinds, each with its words and at least one item', () => {
  expect(generators.length).toBeGreaterThanOrEqual(24);
  expect([...practiceWords.keys()].sort()).toEqual(generators.map(({ name }) => name).sort());
  for (const { name, items: itemsOf } of generators) {
    expect(itemsOf(facts).length, name).toBeGreaterThan(0);
    for (const { id } of itemsOf(facts)) expect(id.startsWith(`${name}/`)).toBe(true);
  }
  expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
});

describe.each(items.map(({ id }) => id))('%s', (id) => {
  const variants = seeds.map((seed) => drawVariant(id, seed, facts));

  it('gives the same question for the same seed', () => {
    expect(drawVariant(id, 5, facts)).toEqual(drawVariant(id, 5, facts));
  });

  it('has an answer among its options, and options that differ in every language', () => {
    for (const variant of variants) {
      const { asked } = variant;
      const ids = optionsOf(variant).map((option) => option.id);
      // A command is played on its machine: tests/practice/commands.test.ts.
      if (asked.kind === 'command') continue;
      if (asked.kind === 'choice') expect(ids).toContain(asked.answer);
      if (asked.kind === 'order') expect([...asked.answer].sort()).toEqual([...ids].sort());
      if (asked.kind === 'number') {
        const values = asked.traps.map(({ value }) => value);
        expect(values).not.toContain(asked.answer);
        expect(new Set(values).size).toBe(values.length);
        expect(Number.isSafeInteger(asked.answer) && asked.answer >= 0).toBe(true);
        continue;
      }
      expect(ids.length).toBeGreaterThanOrEqual(2);
      for (const { code } of locales) {
        const language = languageFor(id, practiceWordsIn(code), serviceNames(famousPorts, code));
        const texts = optionsOf(variant).map(({ label }) => sayValue(label, language));
        expect(new Set(texts).size).toBe(texts.length);
      }
    }
  });

  it('says everything in every language, with no place left open', () => {
    for (const { code } of locales) {
      const language = languageFor(id, practiceWordsIn(code), serviceNames(famousPorts, code));
      for (const variant of variants) {
        for (const phrase of phrasesOf(variant)) {
          const text = say(phrase, language);
          expect(text).not.toMatch(/\{[a-zA-Z]/);
          expect(text).not.toMatch(/undefined|NaN|\[object/);
        }
      }
    }
  });

  it('names misconceptions that there are', () => {
    for (const variant of variants) {
      for (const misconception of misconceptionsOf(variant)) {
        expect([...known]).toContain(misconception);
      }
    }
  });
});

it('every phrase is said by some question', () => {
  const said = new Map<string, Set<string>>();
  const note = (generator: string, phrase: Phrase): void => {
    const all = said.get(generator) ?? new Set<string>();
    said.set(generator, all.add(phrase.phrase));
    for (const value of Object.values(phrase.values ?? {})) {
      if (typeof value === 'object' && 'phrase' in value) note(generator, value);
    }
  };
  for (const { id } of items) {
    for (const seed of seeds) {
      for (const phrase of phrasesOf(drawVariant(id, seed, facts))) {
        note(id.slice(0, id.indexOf('/')), phrase);
      }
    }
  }
  const never = [...practiceWords].flatMap(([name, phrases]) =>
    Object.keys(phrases)
      .filter((phrase) => !said.get(name)?.has(phrase))
      .map((phrase) => `${name}: ${phrase}`),
  );
  expect(never).toEqual([]);
});

it('every misconception is offered by some question', () => {
  const offered = new Set(
    items.flatMap(({ id }) =>
      seeds.flatMap((seed) => misconceptionsOf(drawVariant(id, seed, facts))),
    ),
  );
  expect([...known].filter((id) => !offered.has(id))).toEqual([]);
});

it('the answer changes with the seed, where there is something to change', () => {
  const fixed = new Set([
    // What is asked there has one answer, whatever the numbers are.
    'port-of-service',
    'service-of-port',
    'transport-of-service',
    'encrypted-sibling',
    'systems-range',
    'time-wait-length',
    'who-time-waits',
    'time-wait-blocks',
    'segment-order',
    'state-after',
    'knock',
    'ssh-verdict',
    'same-connection',
  ]);
  for (const { name, items: itemsOf } of generators) {
    if (fixed.has(name)) continue;
    const answers = new Set(
      itemsOf(facts).flatMap(({ id }) =>
        seeds.map((seed) => {
          const { asked } = drawVariant(id, seed, facts);
          if (asked.kind === 'command') return asked.task.solution;
          if (asked.kind !== 'choice') return JSON.stringify(asked.answer);
          const chosen = asked.options.find((option) => option.id === asked.answer);
          return `${asked.answer} ${JSON.stringify(chosen?.label)}`;
        }),
      ),
    );
    expect(answers.size, name).toBeGreaterThan(1);
  }
});

it('places in the phrases are letters only, and in every language the same', () => {
  for (const [, phrases] of practiceWords) {
    for (const phrase of Object.values(phrases))
      for (const language of languagesOf(phrase))
        expect(placesOf(wordsIn(phrase, language))).toEqual(placesOf(phrase.en));
  }
});
