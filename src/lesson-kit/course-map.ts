/** The course as a page shows it: the map of content/course.yaml, and its lessons. */

import { parse } from 'yaml';
import courseText from '../../content/course.yaml?raw';
import { langAttribute, languageOf, wordsIn } from '../i18n/by-language.ts';
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
  /** Where the title is of another language than the page's. */
  readonly titleLang: LocaleCode | undefined;
  /** What a learner can say afterwards. */
  readonly settles: string;
  readonly settlesLang: LocaleCode | undefined;
  readonly href: string;
  /** How long it takes. */
  readonly minutes: number;
  /** Of its words; not the page's where the lesson is not written in that one yet. */
  readonly language: LocaleCode;
}

const course = courseSchema.parse(parse(courseText));

/**
 * All lessons, in order, in one language's words.
 * @throws Error for a lesson of the map that is written in no language.
 */
export async function courseLessons(locale: LocaleCode): Promise<readonly CourseLesson[]> {
  const written = new Map((await lessonsIn(locale)).map((lesson) => [lesson.slug, lesson]));
  return course.map(({ slug, ...words }) => {
    const lesson = written.get(slug);
    if (lesson === undefined)
      throw new Error(`content/course.yaml names ${slug}, and there is no such lesson.`);
    const { title, settles } = wordsIn(words, locale);
    const isTitled = lesson.language === locale;
    const lang = langAttribute(languageOf(words, locale), locale);
    return {
      slug,
      number: Number.parseInt(slug, 10),
      title: isTitled ? lesson.entry.data.title : title,
      titleLang: isTitled ? undefined : lang,
      settles,
      settlesLang: lang,
      href: localizedPath(locale, `/lessons/${slug}/`),
      minutes: lesson.entry.data.minutes,
      language: lesson.language,
    };
  });
}
