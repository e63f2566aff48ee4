/** The lessons that exist, in the course's order, and what belongs to each. */

import { getCollection, getEntry, type CollectionEntry } from 'astro:content';
import { defaultLocale, locales, type LocaleCode } from '../i18n/locales.ts';
import type { Question } from '../schemas/question.ts';

export interface LessonPlace {
  readonly slug: string;
  /** As in the course: 50. */
  readonly number: number;
  /** The lesson in the page's language, or in the default language where it is not written yet. */
  readonly entry: CollectionEntry<'lessons'>;
  /** The language of its words. */
  readonly language: LocaleCode;
  /** The languages it exists in. */
  readonly availableIn: readonly LocaleCode[];
}

/** All lessons of a language, by number. */
export async function lessonsIn(locale: LocaleCode): Promise<readonly LessonPlace[]> {
  const entries = new Map((await getCollection('lessons')).map((entry) => [entry.id, entry]));
  const slugs = new Set([...entries.keys()].map((id) => id.slice(id.indexOf('/') + 1)));
  return [...slugs]
    .flatMap((slug) => {
      const availableIn = locales
        .map(({ code }) => code)
        .filter((code) => entries.has(`${code}/${slug}`));
      const language = availableIn.includes(locale) ? locale : defaultLocale;
      const entry = entries.get(`${language}/${slug}`);
      return entry
        ? [{ slug, number: Number.parseInt(slug, 10), entry, language, availableIn }]
        : [];
    })
    .sort((a, b) => a.number - b.number);
}

/** A lesson's questions, in the order of their file; none where it has no file. */
export async function questionsOf(slug: string): Promise<readonly Question[]> {
  const file = await getEntry('questions', slug);
  return file?.data.questions ?? [];
}
