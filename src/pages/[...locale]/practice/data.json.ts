/** What practice fetches with its first question: words, facts and the lessons' questions of a language. */

import type { APIRoute } from 'astro';
import type { LocaleCode } from '../../../i18n/locales.ts';
import { localePages } from '../../../i18n/paths.ts';
import { practiceLessons } from '../../../lesson-kit/practice-lessons.ts';
import { practiceData } from '../../../quiz/practice-data.ts';

export const getStaticPaths = localePages;

export const GET: APIRoute<{ locale: LocaleCode }> = async ({ props: { locale } }) =>
  new Response(JSON.stringify(practiceData(locale, await practiceLessons(locale))), {
    headers: { 'content-type': 'application/json' },
  });
