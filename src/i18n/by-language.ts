/**
 * Words that a file of `content/` holds in several languages side by side. A language that is not
 * complete may lack some; the default language's are shown then, marked with their `lang`.
 */

import { defaultLocale, locales, type LocaleCode } from './locales.ts';

type OtherLocale = Exclude<LocaleCode, typeof defaultLocale>;

export type ByLanguage<T> = Readonly<
  Record<typeof defaultLocale, T> & Partial<Record<OtherLocale, T | undefined>>
>;

/** The language in which something is shown on a page: the page's own, or else the default one. */
export function languageOf(all: ByLanguage<unknown>, locale: LocaleCode): LocaleCode {
  return all[locale] === undefined ? defaultLocale : locale;
}

/** The words for a page in a language: its own, or else the default language's. */
export function wordsIn<T>(all: ByLanguage<T>, locale: LocaleCode): T {
  return all[locale] ?? all[defaultLocale];
}

/** The `lang` attribute of words in a page of another language; undefined where the page says it already. */
export function langAttribute(language: LocaleCode, locale: LocaleCode): LocaleCode | undefined {
  return language === locale ? undefined : language;
}

/** The languages in which an entry is written. */
export function languagesOf(entry: ByLanguage<unknown>): readonly LocaleCode[] {
  return locales.map(({ code }) => code).filter((code) => entry[code] !== undefined);
}
