/** What practice points to is in the lessons: the turn of each item, and of each misconception. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locales } from '../../src/i18n/locales.ts';
import { allItems } from '../../src/quiz/generators/generators.ts';
import { factsOf } from '../../src/quiz/generators/practice-facts.ts';
import { famousPorts } from '../../src/schemas/famous-ports.ts';
import { misconceptions } from '../../src/schemas/misconceptions.ts';

const lessonFile = (locale: string, slug: string): string =>
  `content/lessons/${locale}/${slug}.mdx`;

const pointers: readonly (readonly [from: string, slug: string, turn: string])[] = [
  ...allItems(factsOf(famousPorts)).map(({ id, lesson, turn }) => [id, lesson, turn] as const),
  ...misconceptions.map(({ id, turn }) => {
    const [slug = '', anchor = ''] = turn.split('#');
    return [id, slug, anchor] as const;
  }),
];

describe.each(locales.map(({ code }) => code))('in %s', (locale) => {
  it('every turn is there', () => {
    const missing = pointers.filter(([, slug, turn]) => {
      const file = lessonFile(locale, slug);
      // A lesson that is not written yet brings its items with it.
      return existsSync(file) && !readFileSync(file, 'utf8').includes(`id="${turn}"`);
    });
    expect(missing.map((pointer) => pointer.join(' '))).toEqual([]);
  });
});
