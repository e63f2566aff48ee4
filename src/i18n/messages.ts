/**
 * The words of the interface, for pages while they are built: those of every page
 * (`t('ja').nav.course`), and those of one widget or group of pages. English gives the types;
 * i18n.test.ts holds that the other languages have the same keys and places.
 */

import en from '../../content/interface/en.json';
import type { LocaleCode } from './locales.ts';

export type Messages = typeof en;

const files = import.meta.glob('/content/interface/**/*.json', { eager: true, import: 'default' });

/** The folder of each file, by the object that importing it gives. */
const folders = new Map(
  Object.entries(files).map(([path, words]) => [words, path.slice(0, path.lastIndexOf('/') + 1)]),
);

/** All messages of a language, by area and element. */
export function t(locale: LocaleCode): Messages {
  return wordsOf(en, locale);
}

/**
 * The words of a widget, or of a group of pages, in a language.
 * @param english the folder's en.json, imported: `content/interface/service-table/en.json`
 * @throws Error where the folder has no file for the language.
 */
export function wordsOf<Words>(english: Words, locale: LocaleCode): Words {
  const folder = folders.get(english);
  if (folder === undefined) throw new Error('wordsOf wants an en.json of content/interface.');
  const words = files[`${folder}${locale}.json`];
  if (words === undefined) {
    throw new Error(
      `There is no ${folder.slice(1)}${locale}.json: write it, with the keys of en.json beside it.`,
    );
  }
  return words as Words;
}
