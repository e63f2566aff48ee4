/**
 * The words of practice: content/practice/<generator>.yaml, checked when read. A file holds a
 * generator's phrases, side by side in the languages, with the same places to fill. Build time and tests only.
 */

import { z } from 'astro/zod';
import { parse } from 'yaml';
import { languageOf, languagesOf, wordsIn } from '../i18n/by-language.ts';
import { defaultLocale, type LocaleCode } from '../i18n/locales.ts';
import { identifier, words } from './identifier.ts';
import { inLanguages } from './in-languages.ts';

/** The names of the places in a phrase, in alphabetical order. */
export function placesOf(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/\{([a-zA-Z]+)\}/g)].map(([, name = '']) => name))].sort();
}

export const practiceWordsSchema = z.record(
  identifier,
  z.strictObject(inLanguages(words)).refine(
    (phrase) => {
      const [first, ...others] = languagesOf(phrase).map((language) =>
        placesOf(wordsIn(phrase, language)).join(),
      );
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

/** A generator's phrases for a page: text by phrase. */
export interface PracticePhrases {
  /** The page's, or the default one where a phrase of the generator is not translated yet. */
  readonly language: LocaleCode;
  readonly phrases: Readonly<Record<string, string>>;
}

/** Phrases by generator: what the page of practice is sent. */
export function practiceWordsIn(locale: LocaleCode): Readonly<Record<string, PracticePhrases>> {
  return Object.fromEntries(
    [...practiceWords].map(([name, phrases]) => {
      const all = Object.entries(phrases);
      const isTranslated = all.every(([, phrase]) => languageOf(phrase, locale) === locale);
      const language = isTranslated ? locale : defaultLocale;
      const texts = all.map(([id, phrase]) => [id, wordsIn(phrase, language)] as const);
      return [name, { language, phrases: Object.fromEntries(texts) }];
    }),
  );
}
