/** The course as a page shows it: the map of content/course.yaml, with what is written of it so far. */

import { parse } from 'yaml';
import courseText from '../../content/course.yaml?raw';
import type { LocaleCode } from '../i18n/locales.ts';
import { localizedPath } from '../i18n/paths.ts';
import { lessonsIn } from './lessons.ts';
import { courseSchema } from '../schemas/course.ts';

export interface CourseLesson {
  /** `50-ephemeral-ports` */
  readonly slug: string;
  /** 50 */
  readonly number: number;
  readonly title: string;
  /** What a learner can say afterwards. */
  readonly settles: string;
  /** Where it is and how long it takes, once it is written. */
  readonly ready: {
    readonly href: string;
    readonly minutes: number;
    /** Of its words; not the page's where the lesson is not written in that one yet. */
    readonly language: LocaleCode;
  } | null;
}

const course = courseSchema.parse(parse(courseText));

/** All lessons, in order, in one language's words. */
export async function courseLessons(locale: LocaleCode): Promise<readonly CourseLesson[]> {
  const written = new Map((await lessonsIn(locale)).map((lesson) => [lesson.slug, lesson]));
  return course.map(({ slug, ...words }) => {
    const lesson = written.get(slug);
    const { title, settles } = words[locale];
    return {
      slug,
      number: Number.parseInt(slug, 10),
      title: lesson?.language === locale ? lesson.entry.data.title : title,
      settles,
      ready: lesson
        ? {
            href: localizedPath(locale, `/lessons/${slug}/`),
            minutes: lesson.entry.data.minutes,
            language: lesson.language,
          }
        : null,
    };
  });
}
