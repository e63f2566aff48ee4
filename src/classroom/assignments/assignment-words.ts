/** The words of assignments and their results. */

import en from '../../../content/interface/assignments/en.json';
import type { LocaleCode } from '../../i18n/locales.ts';
import { wordsOf } from '../../i18n/messages.ts';

export type AssignmentWords = typeof en;

export function assignmentWords(locale: LocaleCode): AssignmentWords {
  return wordsOf(en, locale);
}

/** A lesson or a lab as these pages name it. */
export interface LessonName {
  readonly slug: string;
  readonly number: number;
  readonly title: string;
}

export interface LabName {
  readonly id: string;
  readonly title: string;
  readonly href: string;
}
