/** The lessons that are there, with their questions, as practice is given them while the site is built. */

import type { LocaleCode } from '../i18n/locales.ts';
import { localePages } from '../i18n/paths.ts';
import type { PracticeLesson } from '../quiz/practice-data.ts';
import { lessonsIn, questionsOf } from './lessons.ts';

export async function practiceLessons(locale: LocaleCode): Promise<readonly PracticeLesson[]> {
  return await Promise.all(
    (await lessonsIn(locale)).map(async ({ slug, number, entry }) => ({
      slug,
      number,
      title: entry.data.title,
      questions: await questionsOf(slug),
    })),
  );
}

/** For a page file with `[slug]`: one page for each lesson and language, with both as props. */
export async function lessonPages() {
  const pages = await Promise.all(
    localePages().map(async ({ params, props: { locale } }) =>
      (await lessonsIn(locale)).map(({ slug }) => ({
        params: { ...params, slug },
        props: { locale, slug },
      })),
    ),
  );
  return pages.flat();
}
