/** Every question of every file: its key can be had, its words fit the voice, its languages agree. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LocaleCode } from '../../src/i18n/locales.ts';
import { keyOf } from '../../src/quiz/key-of.ts';
import { readQuestionFile } from '../../src/quiz/question-file.ts';
import { questionView } from '../../src/quiz/question-view.ts';
import { localeCodes } from './lesson-text.ts';
import { numbersIn } from './parity-rules.ts';

const root = new URL('../../', import.meta.url);
const files = readdirSync(new URL('content/questions/', root)).filter((name) =>
  name.endsWith('.yaml'),
);

const all = files.flatMap((name) => {
  const file = `content/questions/${name}`;
  const questions = readQuestionFile(readFileSync(new URL(file, root), 'utf8'), file);
  return questions.map((question) => [`${name}: ${question.id}`, question] as const);
});

describe.each(all)('%s', (_, question) => {
  const [english, japanese] = [questionView(question, 'en'), questionView(question, 'ja')];

  it('has a key that fits it', () => {
    expect(keyOf(question).kind).toBe(question.kind);
  });

  it('explains everything that can be answered, in both languages', () => {
    expect(english.explanations.map(({ about }) => about)).toEqual(
      japanese.explanations.map(({ about }) => about),
    );
    for (const { text } of [...english.explanations, ...japanese.explanations]) {
      expect(text.trim()).not.toBe('');
      expect(text).not.toMatch(/^(correct|right|wrong|yes|no)\b[.,!:]|^(正解|不正解|はい|いいえ)/i);
    }
  });

  it('names the same numbers in both languages', () => {
    expect(numbersIn(japanese.prompt)).toEqual(numbersIn(english.prompt));
    for (const [place, { text }] of english.explanations.entries()) {
      expect(numbersIn(japanese.explanations[place]?.text ?? '')).toEqual(numbersIn(text));
    }
    for (const [place, { text }] of english.parts.entries()) {
      expect(numbersIn(japanese.parts[place]?.text ?? '')).toEqual(numbersIn(text));
    }
  });

  it('is asked alone as well, in practice and on paper: no text around it is meant', () => {
    for (const { prompt } of [english, japanese])
      expect(prompt).not.toMatch(/\babove\b|\bbelow\b|this lesson|上の`|下の`|このレッスン/);
  });

  it('does not list its answer among the wrong numbers', () => {
    if (question.kind !== 'number') return;
    expect(question.en.wrong.map(({ value }) => value)).not.toContain(keyOf(question).answer);
  });
});

it.each(files)('%s belongs to a lesson', (name) => {
  const lesson = `content/lessons/en/${name.replace('.yaml', '.mdx')}`;
  expect(existsSync(new URL(lesson, root)), `${lesson} is missing`).toBe(true);
});

describe('questions with one right answer', () => {
  const choicesIn = (locale: LocaleCode) =>
    all.flatMap(([name, question]) => {
      if (question.kind !== 'choice') return [];
      const { parts } = questionView(question, locale);
      return [{ name, parts, answer: keyOf(question).answer }];
    });

  it('are not answered by always taking the same place', () => {
    const choices = choicesIn('en');
    const places = choices.map(({ parts, answer }) => parts.findIndex(({ id }) => id === answer));
    for (const place of new Set(places)) {
      expect(places.filter((one) => one === place).length).toBeLessThan(choices.length / 3);
    }
  });

  it.each(localeCodes)('are not answered by taking the longest option (%s)', (locale) => {
    const choices = choicesIn(locale);
    const longest = choices.filter(({ parts, answer }) => {
      const lengths = parts.map(({ text }) => text.length);
      return parts.find(({ id }) => id === answer)?.text.length === Math.max(...lengths);
    });
    expect(longest.length, longest.map(({ name }) => name).join()).toBeLessThan(choices.length / 4);
  });
});
