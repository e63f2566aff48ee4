/** The questions of practice as files for other programs, in one language. */

import type { APIRoute } from 'astro';
import type { LocaleCode } from '../../../../i18n/locales.ts';
import { localePages } from '../../../../i18n/paths.ts';
import { practiceLessons } from '../../../../lesson-kit/practice-lessons.ts';
import {
  exportFile,
  exportFileName,
  exportFormats,
  type ExportFormat,
} from '../../../../quiz/exports/export-files.ts';

export function getStaticPaths() {
  return localePages().flatMap(({ params, props: { locale } }) =>
    exportFormats.map((format) => ({
      params: { ...params, file: exportFileName(format, locale) },
      props: { locale, format },
    })),
  );
}

export const GET: APIRoute<{ locale: LocaleCode; format: ExportFormat }> = async ({
  props: { locale, format },
}) => {
  const { bytes, mediaType } = exportFile(format, locale, await practiceLessons(locale));
  return new Response(bytes, { headers: { 'content-type': mediaType } });
};
