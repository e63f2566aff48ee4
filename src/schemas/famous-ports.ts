/**
 * The ports that everybody meets, with words of ours (content/ports/famous.yaml), checked when read.
 * Build time and tests only.
 */

import source from '../../content/ports/famous.yaml?raw';
import { z } from 'astro/zod';
import { parse } from 'yaml';
import { langAttribute, languageOf, wordsIn } from '../i18n/by-language.ts';
import { defaultLocale, type LocaleCode } from '../i18n/locales.ts';
import { TRANSPORTS } from '../services/registry-entry.ts';
import { inLanguages } from './in-languages.ts';

const byLanguage = z.strictObject(inLanguages(z.string().min(1)));

export const famousPortSchema = z.strictObject({
  port: z.int().min(0).max(65535),
  transport: z.enum(TRANSPORTS),
  /** One of the eighteen of lesson 20's table. */
  core: z.literal(true).optional(),
  /** One of the five to know by heart. */
  byHeart: z.literal(true).optional(),
  /** Where the same service is met under encryption from the first byte. */
  sibling: z.int().min(0).max(65535).optional(),
  name: byLanguage,
  purpose: byLanguage,
});

export type FamousPortEntry = z.infer<typeof famousPortSchema>;

/** In the file's order: the eighteen by number, then others by number. */
export const famousPorts: readonly FamousPortEntry[] = z
  .array(famousPortSchema)
  .parse(parse(source));

/** A famous port with the words of one language. */
export interface FamousPort {
  readonly port: number;
  readonly transport: FamousPortEntry['transport'];
  /** One of the eighteen of lesson 20's table. */
  readonly isCore: boolean;
  /** One of the five to know by heart. */
  readonly isByHeart: boolean;
  readonly sibling: number | null;
  readonly name: string;
  readonly purpose: string;
  /** Where the words are of another language than the page's. */
  readonly lang?: LocaleCode | undefined;
}

/** All of them for a page in a language, in the file's order. */
export function famousPortsIn(locale: LocaleCode): readonly FamousPort[] {
  return famousPorts.map(({ port, transport, core, byHeart, sibling, name, purpose }) => {
    const isTranslated = [name, purpose].every((words) => languageOf(words, locale) === locale);
    const language = isTranslated ? locale : defaultLocale;
    return {
      port,
      transport,
      isCore: core === true,
      isByHeart: byHeart === true,
      sibling: sibling ?? null,
      name: wordsIn(name, language),
      purpose: wordsIn(purpose, language),
      lang: langAttribute(language, locale),
    };
  });
}
