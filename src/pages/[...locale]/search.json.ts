/** What the search looks through in a language: fetched when the search is first opened. */

import type { APIRoute } from 'astro';
import offlineWords from '../../../content/interface/offline/en.json';
import exportsWords from '../../../content/interface/practice-exports/en.json';
import practiceWords from '../../../content/interface/practice/en.json';
import { worksheetWords } from '../../classroom/worksheets/worksheet-words.ts';
import type { LocaleCode } from '../../i18n/locales.ts';
import { t, wordsOf } from '../../i18n/messages.ts';
import { localePages } from '../../i18n/paths.ts';
import { readLesson } from '../../lesson-kit/lesson-parts.ts';
import { lessonsIn, questionsOf } from '../../lesson-kit/lessons.ts';
import { searchFile, type SearchedPage } from '../../lesson-kit/search-documents.ts';
import { pageText } from '../../site-ui/page-texts.ts';

export const getStaticPaths = localePages;

export const GET: APIRoute<{ locale: LocaleCode }> = async ({ props: { locale } }) => {
  const lessons = await Promise.all(
    (await lessonsIn(locale)).map(async ({ slug, number, entry, language }) => ({
      slug,
      number,
      language,
      title: entry.data.title,
      theme: entry.data.theme,
      summary: entry.data.summary,
      file: readLesson(`---\n\n---\n${entry.body ?? ''}`, entry.id, language),
      questions: await questionsOf(slug),
    })),
  );
  return new Response(JSON.stringify(searchFile(locale, lessons, pagesIn(locale))), {
    headers: { 'content-type': 'application/json' },
  });
};

function pagesIn(locale: LocaleCode): readonly SearchedPage[] {
  const { course, ports, inspect, glossary, terminal, commands } = t(locale);
  const practice = wordsOf(practiceWords, locale);
  const exported = wordsOf(exportsWords, locale);
  const offline = wordsOf(offlineWords, locale);
  const page = (path: string, { title, description }: Omit<SearchedPage, 'path'>) => ({
    path,
    title,
    description,
  });
  return [
    page('/course/', course),
    page('/practice/', practice),
    page('/practice/exam/', { title: practice.examTitle, description: practice.examAbout }),
    page('/practice/sprint/', { title: practice.sprintTitle, description: practice.sprintAbout }),
    page('/practice/exports/', exported),
    page('/lab/', terminal.lab),
    page('/lab/commands/', commands),
    page('/ports/', ports),
    page('/inspect/', inspect),
    page('/glossary/', glossary),
    page('/teach/worksheets/', worksheetWords(locale)),
    page('/about/', pageText(locale, 'about')),
    page('/about/the-simulator/', pageText(locale, 'the-simulator')),
    page('/about/accessibility/', pageText(locale, 'accessibility')),
    page('/offline/', offline),
  ];
}
