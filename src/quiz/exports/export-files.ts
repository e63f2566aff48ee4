/** The files that practice offers in a language, as the site's build writes them. */

import en from '../../../content/interface/practice-exports/en.json';
import type { LocaleCode } from '../../i18n/locales.ts';
import { wordsOf } from '../../i18n/messages.ts';
import type { PracticeLesson } from '../practice-data.ts';
import { ankiPackageOf } from './anki-package.ts';
import { csvOf } from './csv.ts';
import { exportedQuestions } from './exported-questions.ts';
import { giftOf } from './gift.ts';
import { moodleXmlOf } from './moodle-xml.ts';

/** The words of the page of files, and of the files. */
export function exportWords(locale: LocaleCode): typeof en {
  return wordsOf(en, locale);
}

export const exportFormats = ['anki', 'moodle', 'gift', 'csv'] as const;

export type ExportFormat = (typeof exportFormats)[number];

const endings: Readonly<Record<ExportFormat, string>> = {
  anki: 'apkg',
  moodle: 'xml',
  gift: 'gift.txt',
  csv: 'csv',
};

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  anki: 'application/octet-stream',
  moodle: 'text/xml; charset=utf-8',
  gift: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
};

/** `port-dojo-en.apkg`. */
export function exportFileName(format: ExportFormat, locale: LocaleCode): string {
  return `port-dojo-${locale}.${endings[format]}`;
}

/** What a build is dated with, s since 1970; https://reproducible-builds.org/specs/source-date-epoch/. */
const builtAt = Number(process.env['SOURCE_DATE_EPOCH'] ?? Math.floor(Date.now() / 1000));

export interface ExportFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly mediaType: string;
}

/**
 * A file's bytes.
 * @throws Error where a question cannot be written: a mistake of ours.
 */
export function exportFile(
  format: ExportFormat,
  locale: LocaleCode,
  lessons: readonly PracticeLesson[],
): ExportFile {
  const questions = exportedQuestions(locale, lessons);
  const words = exportWords(locale);
  const contents: Readonly<Record<ExportFormat, () => string | Uint8Array>> = {
    anki: () => ankiPackageOf(questions, locale, words, builtAt),
    moodle: () => moodleXmlOf(questions, words.course, words.otherwise),
    gift: () => giftOf(questions, words.course),
    csv: () => csvOf(questions),
  };
  const content = contents[format]();
  return {
    bytes:
      typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content),
    mediaType: mediaTypes[format],
  };
}
