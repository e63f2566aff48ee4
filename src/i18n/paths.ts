/**
 * Addresses inside the site: one page is `/course/` in the default language and `/ja/course/` in
 * Japanese, and all of it may lie below a folder (BASE_PATH).
 */

import { defaultLocale, locales, type LocaleCode } from './locales.ts';

/** The folder the site lies in, with a slash at both ends. */
const basePath = `${import.meta.env.BASE_URL}/`.replace(/\/{2,}/g, '/');

/** A file or page below the base path; `path` begins with a slash. */
export function sitePath(path: string): string {
  return basePath + path.replace(/^\/+/, '');
}

/**
 * The address of a page in a language. `path` is the page's address in the default language without
 * the base path: `/course/`, `/lessons/50-ephemeral-ports/#first-page`.
 */
export function localizedPath(locale: LocaleCode, path: string): string {
  const folder = locales.find((one) => one.code === locale)?.path ?? '';
  return sitePath(folder === '' ? path : `/${folder}/${path.replace(/^\/+/, '')}`);
}

/**
 * For a page file `src/pages/[...locale]/…`: one page for each language; the page gets its language
 * as the prop `locale`.
 */
export function localePages(): {
  params: { locale: string | undefined };
  props: { locale: LocaleCode };
}[] {
  return locales.map(({ code, path }) => ({
    params: { locale: code === defaultLocale ? undefined : path },
    props: { locale: code },
  }));
}
