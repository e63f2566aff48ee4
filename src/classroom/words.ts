/** The words of the classroom's pages; English gives the type. */

import en from '../../content/interface/classroom/en.json';
import type { LocaleCode } from '../i18n/locales.ts';
import { wordsOf } from '../i18n/messages.ts';

export type ClassroomWords = typeof en;

export function classroomWords(locale: LocaleCode): ClassroomWords {
  return wordsOf(en, locale);
}
