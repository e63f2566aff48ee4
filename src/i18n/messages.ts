/** The words of the interface: `t('ja').nav.course`. English gives the type, the others must match. */

import en from '../../content/interface/en.json';
import ja from '../../content/interface/ja.json';
import type { LocaleCode } from './locales.ts';

export type Messages = typeof en;

const messagesByLocale: Readonly<Record<LocaleCode, Messages>> = { en, ja };

/** All messages of a language, by area and element. */
export function t(locale: LocaleCode): Messages {
  return messagesByLocale[locale];
}
