/** The lessons that are there, with their questions, as practice is given them while the site is built. */

import type { LocaleCode } from '../i18n/locales.ts';
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
