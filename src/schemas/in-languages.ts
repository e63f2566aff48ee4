/** The members of an entry that has its words in several languages. */

import type { z } from 'astro/zod';
import { locales, type defaultLocale, type LocaleCode } from '../i18n/locales.ts';

type InLanguages<S extends z.ZodType> = Record<typeof defaultLocale, S> &
  Record<Exclude<LocaleCode, typeof defaultLocale>, z.ZodOptional<S>>;

/** One member for each language; those of a language that is not complete may be missing. */
export function inLanguages<S extends z.ZodType>(schema: S): InLanguages<S> {
  return Object.fromEntries(
    locales.map(({ code, isComplete }) => [code, isComplete ? schema : schema.optional()]),
  ) as unknown as InLanguages<S>;
}
