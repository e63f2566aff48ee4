/** What is wrong with a row of source-facts.yaml, given the lessons and their questions. */

import type { LocaleCode } from '../../src/i18n/locales.ts';
import { withInner, type LessonFile } from '../../src/lesson-kit/lesson-parts.ts';

export interface SourceFact {
  readonly row: string;
  readonly fact: string;
  readonly 'taught-by'?: readonly string[];
  readonly names?: readonly string[];
  readonly awaits?: readonly string[];
}

/** All words of a question in one language, by the lesson's slug and the question's id. */
export type QuestionWords = (slug: string, id: string, locale: LocaleCode) => string;

/** Every row there is to teach, in order. */
export const sourceRows: readonly string[] = [
  ...Array.from({ length: 17 }, (_, index) => `A${index + 1}`),
  ...Array.from({ length: 9 }, (_, index) => `B${index + 1}`),
  ...Array.from({ length: 6 }, (_, index) => `C${index + 1}`),
];

/** What a target says in a lesson's language, or undefined where it is not there. */
function wordsOf(lesson: LessonFile, id: string, questionWords: QuestionWords): string | undefined {
  if (id === 'summary') {
    const { summary } = lesson.frontMatter as { readonly summary?: readonly string[] };
    return summary?.join('\n');
  }
  const part = withInner(lesson.parts).find(
    ({ name, props }) => props['id'] === id && name !== 'Term' && name !== 'Reply',
  );
  if (part?.name !== 'Check') return part?.words;
  return `${part.words} ${questionWords(lesson.slug, id, lesson.locale)}`;
}

/** A number stands alone, without its thousands comma; a word stands anywhere. */
function occurs(name: string, text: string): boolean {
  if (!/^\d+$/.test(name)) return text.includes(name);
  return new RegExp(`(?<![\\d.])${name}(?!\\d)`).test(text.replaceAll(/(?<=\d),(?=\d{3})/g, ''));
}

/** @returns one line for each problem, with what to do. */
export function factProblems(
  fact: SourceFact,
  lessons: readonly LessonFile[],
  questionWords: QuestionWords,
): readonly string[] {
  const { row, names = [], awaits = [] } = fact;
  const targets = fact['taught-by'] ?? [];
  const slugs = new Set(lessons.map(({ slug }) => slug));
  const problems: string[] = [];
  if (targets.length === 0 && awaits.length === 0) {
    problems.push(`${row}: nothing teaches it. Name turns, widgets or checks under taught-by.`);
  }
  for (const slug of awaits.filter((one) => slugs.has(one))) {
    problems.push(
      `${row}: ${slug} is here. Name what teaches it there (${slug}#…) under taught-by, and take it out of awaits.`,
    );
  }
  const said = new Map<LocaleCode, string>();
  for (const target of targets) {
    const [slug = '', id = ''] = target.split('#');
    if (!slugs.has(slug)) problems.push(`${row}: there is no lesson ${slug}.`);
    for (const lesson of lessons.filter((one) => one.slug === slug)) {
      const words = wordsOf(lesson, id, questionWords);
      if (words === undefined) problems.push(`${row}: ${lesson.file} has nothing with id "${id}".`);
      said.set(lesson.locale, `${said.get(lesson.locale) ?? ''}\n${words ?? ''}`);
    }
  }
  for (const [locale, text] of said) {
    for (const name of names.filter((one) => !occurs(one, text))) {
      problems.push(`${row}: what teaches it in "${locale}" does not say ${name}.`);
    }
  }
  return problems;
}
