/** Each fact that the course owes to its sources is taught, tried or checked somewhere, in every language. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { famousPorts } from '../../src/schemas/famous-ports.ts';
import { readLesson } from '../../src/lesson-kit/lesson-parts.ts';
import { questionWords } from './question-words.ts';
import { readLessons } from './read-lesson.ts';
import { factProblems, sourceRows, type SourceFact } from './source-fact-rules.ts';

const table = parse(
  readFileSync(new URL('source-facts.yaml', import.meta.url), 'utf8'),
) as readonly SourceFact[];
const lessons = readLessons();

describe('the facts of the sources', () => {
  it('are all in the table, once and in order', () => {
    const rows = table.map(({ row }) => row);
    expect(rows.filter((row) => /^[ABC]/.test(row))).toEqual(sourceRows);
    // Beside them stand the facts measured since: S of states, N of NAT, others of other lessons.
    expect(new Set(rows).size).toBe(rows.length);
  });

  it.each(table.map((fact) => [fact.row, fact.fact, fact] as const))(
    '%s: %s',
    (_row, _fact, fact) => {
      expect(factProblems(fact, lessons, questionWords)).toEqual([]);
    },
  );

  it('A11: the eighteen services of the table stand with their transports', () => {
    const core = famousPorts.filter((entry) => entry.core);
    const numbers = (transport: string) =>
      core.filter((entry) => entry.transport === transport).map(({ port }) => port);
    expect(numbers('tcp')).toEqual([
      20, 21, 22, 23, 25, 80, 110, 143, 389, 443, 465, 587, 993, 995,
    ]);
    expect(numbers('udp')).toEqual([53, 67, 68, 123]);
    const byHeart = famousPorts.filter((entry) => entry.byHeart).map(({ port }) => port);
    expect(byHeart).toEqual([22, 25, 80, 110, 443]);
  });
});

describe('a row', () => {
  const lesson = (locale: 'en' | 'ja', words: string) =>
    readLesson(
      `---\nsummary: [It is 25.]\n---\n\n<Sensei id="said">\n${words}\n</Sensei>\n`,
      `content/lessons/${locale}/10-a-sample.mdx`,
      locale,
    );
  const both = [lesson('en', 'It is 8080, of 65,536.'), lesson('ja', '8080です。65,536個の。')];
  const problems = (fact: Omit<SourceFact, 'row' | 'fact'>, among = both) =>
    factProblems({ row: 'A0', fact: 'x', ...fact }, among, () => '').join('\n');

  it('that is taught passes', () => {
    expect(
      problems({
        'taught-by': ['10-a-sample#said', '10-a-sample#summary'],
        names: ['8080', '65536', '25'],
      }),
    ).toBe('');
  });

  it.each([
    ['nothing teaches', {}, 'nothing teaches it'],
    ['a lesson that is missing teaches', { 'taught-by': ['20-other#said'] }, 'no lesson 20-other'],
    ['a turn that is missing teaches', { 'taught-by': ['10-a-sample#gone'] }, 'nothing with id'],
    ['awaits a lesson that is here', { awaits: ['10-a-sample'] }, '10-a-sample is here'],
    [
      'is taught without its number',
      { 'taught-by': ['10-a-sample#said'], names: ['80'] },
      'does not say 80',
    ],
  ])('that %s fails', (_what, fact, message) => {
    expect(problems(fact)).toContain(message);
  });

  it('that one language does not teach fails', () => {
    const found = problems({ 'taught-by': ['10-a-sample#said'], names: ['8080'] }, [
      lesson('en', 'It is 8080.'),
      lesson('ja', 'ポートです。'),
    ]);
    expect(found).toBe('A0: what teaches it in "ja" does not say 8080.');
  });
});

const awaited = table.filter(({ awaits }) => awaits?.length);
if (awaited.length > 0) {
  console.table(awaited.map(({ row, awaits }) => ({ row, awaits: awaits?.join(', ') })));
}
