/** The course's terms: content/glossary.yaml, checked when read. Build time and tests only. */

import source from '../../content/glossary.yaml?raw';
import { z } from 'astro/zod';
import { parse } from 'yaml';
import { identifier, lessonSlug, words } from './identifier.ts';
import { inLanguages } from './in-languages.ts';

const explained = z.strictObject({
  term: words,
  /** How it is read, where the term's letters do not say it (kana); the glossary's order. */
  reading: words.optional(),
  short: words,
  more: words,
});

export const glossarySchema = z.array(
  z.strictObject({
    id: identifier,
    /** Where the term is explained. */
    lesson: lessonSlug,
    ...inLanguages(explained),
    ja: explained.required({ reading: true }),
  }),
);

export type GlossaryEntry = z.output<typeof glossarySchema>[number];

/** In the file's order: as the lessons bring them. */
export const glossary: readonly GlossaryEntry[] = glossarySchema.parse(parse(source));
