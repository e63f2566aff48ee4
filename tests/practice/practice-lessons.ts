/** The lessons of a language with their questions, read from content/ as the site's build gives them to practice. */

import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { LocaleCode } from '../../src/i18n/locales.ts';
import type { PracticeLesson } from '../../src/quiz/practice-data.ts';
import { readQuestionFile } from '../../src/quiz/question-file.ts';
import { readLessons } from '../content/read-lesson.ts';

export function readPracticeLessons(locale: LocaleCode): readonly PracticeLesson[] {
  const files = readdirSync('content/questions');
  return readLessons()
    .filter((lesson) => lesson.locale === locale)
    .map(({ slug, file }) => {
      const path = `content/questions/${slug}.yaml`;
      const [, head = ''] = /^---\n([\s\S]*?)\n---/.exec(readFileSync(file, 'utf8')) ?? [];
      const { title } = parse(head) as { title: string };
      return {
        slug,
        number: Number.parseInt(slug, 10),
        title,
        questions: files.includes(`${slug}.yaml`)
          ? readQuestionFile(readFileSync(path, 'utf8'), path)
          : [],
      };
    })
    .sort((a, b) => a.number - b.number);
}
