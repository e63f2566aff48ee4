import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { locales } from '../i18n/locales.ts';
import { questionView } from '../quiz/question-view.ts';
import { readQuestionFile } from '../quiz/question-file.ts';
import { ballotPapers } from './ballot-papers.ts';

const folder = new URL('../../content/questions/', import.meta.url);
const questions = readdirSync(folder).flatMap((name) =>
  readQuestionFile(readFileSync(new URL(name, folder), 'utf8'), name).map((question) => ({
    name,
    question,
  })),
);

describe('any question of the course can be voted on', () => {
  it.each(questions)('$name $question.id', ({ question }) => {
    for (const { code } of locales) {
      const papers = ballotPapers(questionView(question, code), { ordered: '{place}?' }, (t) => t);
      expect(papers.length).toBeGreaterThan(0);
      for (const { options, right } of papers) {
        expect(options.length).toBeGreaterThanOrEqual(2);
        expect(options.length).toBeLessThanOrEqual(26);
        expect(new Set(options).size).toBe(options.length);
        expect(right.length).toBeGreaterThan(0);
        for (const place of right) expect(options[place]).toBeDefined();
      }
    }
  });
});
