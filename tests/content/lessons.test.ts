/** Every lesson in every language keeps to the rules, and the languages say the same. */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defaultLocale, locales, type LocaleCode } from '../../src/i18n/locales.ts';
import { readQuestionFile } from '../../src/quiz/question-file.ts';
import { lessonSchema } from '../../src/schemas/lesson.ts';
import type { Question } from '../../src/schemas/question.ts';
import { lessonRules } from './lesson-rules.ts';
import { countOf, parityProblems } from './parity-rules.ts';
import { turnsOf, type LessonFile } from '../../src/lesson-kit/lesson-parts.ts';
import { readLessons } from './read-lesson.ts';

const lessons = readLessons();

function questionsOf(slug: string): readonly Question[] {
  const file = `content/questions/${slug}.yaml`;
  const url = new URL(`../../${file}`, import.meta.url);
  return existsSync(url) ? readQuestionFile(readFileSync(url, 'utf8'), file) : [];
}

describe.each(lessons.map((lesson) => [lesson.file, lesson] as const))('%s', (_, lesson) => {
  it.each(Object.entries(lessonRules))('%s', (_name, rule) => {
    expect(rule(lesson, questionsOf(lesson.slug))).toEqual([]);
  });

  it('takes about as long as it says', () => {
    const { minutes } = lessonSchema.parse(lesson.frontMatter);
    const expected = minutesToRead(lesson) + 1.2 * widgets(lesson) + 0.7 * countOf(lesson, 'Check');
    // Readers differ by a factor of two; a number beyond that is a mistake.
    expect(minutes).toBeGreaterThan(expected / 2);
    expect(minutes).toBeLessThan(expected * 2);
  });
});

describe('languages', () => {
  const slugs = [...new Set(lessons.map(({ slug }) => slug))];

  it.each(slugs)('%s exists in those that are complete, and says the same in all', (slug) => {
    const inLanguage = (code: LocaleCode) =>
      lessons.find((lesson) => lesson.slug === slug && lesson.locale === code);
    const first = inLanguage(defaultLocale);
    for (const { code, isComplete } of locales) {
      const other = inLanguage(code);
      if (!other && !isComplete) continue;
      if (!first || !other) throw new Error(`${slug} is missing in one language (${code}).`);
      expect(parityProblems(first, other)).toEqual([]);
    }
  });
});

/** 200 English words or 500 Japanese letters a minute: a careful reading of a technical text. */
function minutesToRead({ parts, locale }: LessonFile): number {
  const text = parts.map(({ words }) => words).join(' ');
  return locale === 'ja' ? text.replaceAll(/\s/g, '').length / 500 : text.split(/\s+/).length / 200;
}

function widgets(lesson: LessonFile): number {
  return lesson.imports
    .map((line) => /^import (\w+)/.exec(line)?.[1] ?? '')
    .reduce((sum, name) => sum + countOf(lesson, name), 0);
}

const table = lessons.map((lesson) => ({
  lesson: `${lesson.locale}/${lesson.slug}`,
  turns: turnsOf(lesson).length,
  reading: `${minutesToRead(lesson).toFixed(1)} min`,
  says: lessonSchema.safeParse(lesson.frontMatter).data?.minutes,
  widgets: widgets(lesson),
  checks: countOf(lesson, 'Check'),
}));
console.table(table);
