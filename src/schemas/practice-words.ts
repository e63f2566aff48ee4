/**
 * The words of practice: content/practice/<generator>.yaml, checked when read. A file holds a
 * generator's phrases, each in every language, with the same places to fill. Build time and tests only.
 */

import { z } from 'astro/zod';
import { parse } from 'yaml';
import { locales, type LocaleCode } from '../i18n/locales.ts';
import { identifier, words } from './identifier.ts';

const everyLanguage = Object.fromEntries(locales.map(({ code }) => [code, words])) as Record<
  LocaleCode,
  typeof words
>;

/** The names of the places in a phrase, in alphabetical order. */
export function placesOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name = '']) => name))].sort();
}

export const practiceWordsSchema = z.record(
  identifier,
  z.strictObject(everyLanguage).refine(
    (phrase) => {
      const [first, ...others] = locales.map(({ code }) => placesOf(phrase[code]).join());
      return others.every((places) => places === first);
    },
    { message: 'The languages have different places to fill: use the same {names} in each.' },
  ),
);

export type PracticeWords = z.output<typeof practiceWordsSchema>;

const files = import.meta.glob<string>('../../content/practice/*.yaml', {
  query: '?raw',
  import: 'default',
  eager: true,
});

/** Phrases by generator, in the order of the files' names. */
export const practiceWords: ReadonlyMap<string, PracticeWords> = new Map(
  Object.entries(files).map(([path, source]) => {
    const name = path.split('/').at(-1)?.replace('.yaml', '') ?? '';
    const read = practiceWordsSchema.safeParse(parse(source));
    if (!read.success) {
      throw new Error(`content/practice/${name}.yaml: ${z.prettifyError(read.error)}`);
    }
    return [name, read.data];
  }),
);

/** One language's phrases: text by phrase by generator. What the page of practice is sent. */
export function practiceWordsIn(
  locale: LocaleCode,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  return Object.fromEntries(
    [...practiceWords].map(([name, phrases]) => [
      name,
      Object.fromEntries(Object.entries(phrases).map(([id, phrase]) => [id, phrase[locale]])),
    ]),
  );
}
