/** What exams and an engineer on call ask is answered by the lessons' own words, in every language. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readLessons } from './read-lesson.ts';
import { factProblems } from './source-fact-rules.ts';
import { questionWords } from './question-words.ts';

interface TrialQuestion {
  readonly exam: string;
  readonly asks: string;
  readonly answer: string;
  readonly names: readonly string[];
  readonly 'taught-by': readonly string[];
}

const trial = parse(
  readFileSync(new URL('exam-trial.yaml', import.meta.url), 'utf8'),
) as readonly TrialQuestion[];
const lessons = readLessons();

describe('the exam trial', () => {
  it('has sixty questions, of five kinds of examiners', () => {
    expect(trial).toHaveLength(60);
    expect(new Set(trial.map(({ asks }) => asks)).size).toBe(60);
    expect([...new Set(trial.map(({ exam }) => exam))].sort()).toEqual(
      ['CCNA', 'FE', 'LinuC', 'Network+', 'on call'].sort(),
    );
  });

  it.each(trial.map((question) => [question.exam, question.asks, question] as const))(
    '%s: %s',
    (_exam, asks, { answer, names, 'taught-by': taughtBy }) => {
      expect(answer).not.toBe('');
      expect(
        factProblems(
          { row: asks, fact: answer, names, 'taught-by': taughtBy },
          lessons,
          questionWords,
        ),
      ).toEqual([]);
    },
  );
});
