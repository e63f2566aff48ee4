/** All words of a question, for the tables of what the lessons teach. */

import { existsSync, readFileSync } from 'node:fs';
import { readQuestionFile } from '../../src/quiz/question-file.ts';
import type { QuestionWords } from './source-fact-rules.ts';

export const questionWords: QuestionWords = (slug, id, locale) => {
  const file = `content/questions/${slug}.yaml`;
  const url = new URL(`../../${file}`, import.meta.url);
  if (!existsSync(url)) return '';
  const question = readQuestionFile(readFileSync(url, 'utf8'), file).find((one) => one.id === id);
  return JSON.stringify(question?.[locale] ?? '');
};
