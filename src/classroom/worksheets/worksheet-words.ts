/** The words of worksheets. */

import en from '../../../content/interface/worksheets/en.json';
import type { LocaleCode } from '../../i18n/locales.ts';
import { wordsOf } from '../../i18n/messages.ts';

export type WorksheetWords = typeof en;

export function worksheetWords(locale: LocaleCode): WorksheetWords {
  return wordsOf(en, locale);
}
