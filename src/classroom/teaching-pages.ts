/** The pages below /teach/: each lesson in each language. */

import type { LocaleCode } from '../i18n/locales.ts';
import { localePages } from '../i18n/paths.ts';
import { lessonsIn, type LessonPlace } from '../lesson-kit/lessons.ts';

export interface TeachingPage {
  readonly params: { readonly locale: string | undefined; readonly slug: string };
  readonly props: { readonly locale: LocaleCode; readonly lesson: LessonPlace };
}

/** For `getStaticPaths` of a page file `src/pages/[...locale]/teach/[slug]/…`. */
export async function teachingPages(): Promise<TeachingPage[]> {
  const pages = localePages().map(async ({ params, props: { locale } }) => {
    const lessons = await lessonsIn(locale);
    return lessons.map((lesson) => ({
      params: { ...params, slug: lesson.slug },
      props: { locale, lesson },
    }));
  });
  return (await Promise.all(pages)).flat();
}
