/** A lesson's file as it is written, for tests that look for its numbers. */

import { readFileSync } from 'node:fs';
import { locales } from '../../src/i18n/locales.ts';

/** The languages in which every lesson is written. */
export const localeCodes = locales.flatMap(({ code, isComplete }) => (isComplete ? [code] : []));

export function textOf(locale: string, slug: string): string {
  return readFileSync(
    new URL(`../../content/lessons/${locale}/${slug}.mdx`, import.meta.url),
    'utf8',
  );
}
