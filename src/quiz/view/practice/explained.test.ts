import { expect, it } from 'vitest';
import type { PracticeQuestion } from '../../practice-question.ts';
import { answerText, responseText } from './explained.ts';

const several: PracticeQuestion = {
  item: 'item',
  language: 'ja',
  prompt: '',
  screen: [],
  key: { kind: 'several', answer: ['a', 'b'] },
  parts: [
    { id: 'a', text: 'メール' },
    { id: 'b', text: '時刻' },
  ],
  partners: [],
  unit: null,
  lab: null,
  feedback: {},
  because: '',
  misconceptions: {},
};

it('lists several answers as their language does', () => {
  const given = { kind: 'several', chosen: ['b', 'a'] } as const;
  expect(answerText(several)).toBe('メール、時刻');
  expect(responseText(several, given)).toBe('時刻、メール');
  expect(answerText({ ...several, language: 'en' })).toBe('メール and 時刻');
});

it('shows pairs of a match beside one another', () => {
  const match: PracticeQuestion = {
    ...several,
    key: { kind: 'match', answer: { a: 'x', b: 'y' } },
    partners: [
      { id: 'x', text: '25' },
      { id: 'y', text: '123' },
    ],
  };
  expect(answerText(match)).toBe('メール – 25、時刻 – 123');
  expect(responseText(match, { kind: 'match', pairs: { a: 'x', b: '' } })).toBe('メール – 25');
});
