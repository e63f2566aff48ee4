/** The course as a page shows it: the map of content/course.yaml, with what is written of it so far. */

import { getCollection } from 'astro:content';
import { parse } from 'yaml';
import courseText from '../../content/course.yaml?raw';
import type { LocaleCode } from '../i18n/locales.ts';
import { localizedPath } from '../i18n/paths.ts';
import { courseSchema } from '../schemas/course.ts';

export interface CourseLesson {
  /** `50-ephemeral-ports` */
  readonly slug: string;
  /** 50 */
  readonly number: number;
  readonly title: string;
  /** What a learner can say afterwards. */
  readonly settles: string;
  /** Where and how long, once it is written in this language. */
  readonly ready: { readonly href: string; readonly minutes: number } | null;
}

const course = courseSchema.parse(parse(courseText));

/** All lessons, in order, in one language's words. */
export async function courseLessons(locale: LocaleCode): Promise<readonly CourseLesson[]> {
  const written = new Map((await getCollection('lessons')).map(({ id, data }) => [id, data]));
  return course.map(({ slug, ...words }) => {
    const lesson = written.get(`${locale}/${slug}`);
    return {
      slug,
      number: Number.parseInt(slug, 10),
      title: lesson?.title ?? words[locale].title,
      settles: words[locale].settles,
      ready: lesson
        ? { href: localizedPath(locale, `/lessons/${slug}/`), minutes: lesson.minutes }
        : null,
    };
  });
}
