/** Worksheets: the same items in every version, other questions, and no answer on a student's sheet. */

import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { drawSheet } from '../../src/classroom/worksheets/draw-sheet.ts';
import {
  answerOnPaper,
  firstSettings,
  mostQuestions,
  mostSeed,
  papers,
  readSettings,
  sheetKinds,
  versions,
  withoutKey,
  writeSettings,
} from '../../src/classroom/worksheets/sheet.ts';
import { askingFrom } from '../../src/quiz/asking.ts';
import { deskItems, practiceData } from '../../src/quiz/practice-data.ts';
import { readPracticeLessons } from '../practice/practice-lessons.ts';

const lessons = readPracticeLessons('en');
const ask = askingFrom(practiceData('en', lessons));
const all = deskItems(lessons);
const ofLesson = (slug: string) => all.filter(({ lesson }) => lesson === slug);

describe.each(lessons.map(({ slug }) => slug))('%s', (slug) => {
  const items = ofLesson(slug);

  it('asks about the same items in versions that differ from each other', () => {
    const sheets = versions.map((version) =>
      drawSheet({ ...firstSettings, version, seed: 7 }, items, ask),
    );
    const asked = sheets.map((sheet) => sheet.map(({ item }) => item).toSorted());
    for (const one of asked) expect(one).toEqual(asked[0]);
    expect(new Set(sheets.map((sheet) => JSON.stringify(sheet))).size).toBe(versions.length);
    // What is copied from a neighbour is wrong somewhere.
    const answers = sheets.map((sheet) => sheet.map(answerOnPaper).join(' | '));
    expect(new Set(answers).size).toBe(versions.length);
  });

  it('is the same again from the same settings, and has as many questions as there are', () => {
    for (const kind of sheetKinds) {
      const settings = { ...firstSettings, kind, count: 6 };
      const sheet = drawSheet(settings, items, ask);
      expect(drawSheet(settings, items, ask)).toEqual(sheet);
      expect(sheet).toHaveLength(Math.min(kind === 'ticket' ? 3 : 6, items.length));
    }
  });

  it('gives students no key and no explanation', () => {
    for (const question of drawSheet(firstSettings, items, ask)) {
      const given = withoutKey(question);
      expect(Object.keys(given).sort()).toEqual([
        'kind',
        'partners',
        'parts',
        'prompt',
        'screen',
        'unit',
      ]);
      const text = JSON.stringify(given);
      expect(text).not.toContain(question.because);
      for (const said of Object.values(question.feedback)) {
        if (said !== '') expect(text).not.toContain(said);
      }
    }
  });

  it('says on the key what is right on the sheet', () => {
    for (const question of drawSheet({ ...firstSettings, version: 'C' }, items, ask)) {
      const { key, parts } = question;
      const answer = answerOnPaper(question);
      if (key.kind === 'choice') {
        expect(parts[answer.charCodeAt(0) - 65]?.id).toBe(key.answer);
      } else if (key.kind === 'order') {
        const places = answer.split(', ').map(Number);
        const order = parts.toSorted(
          (a, b) => (places[parts.indexOf(a)] ?? 0) - (places[parts.indexOf(b)] ?? 0),
        );
        expect(order.map(({ id }) => id)).toEqual(key.answer);
      } else expect(answer).not.toMatch(/undefined|@/);
    }
  });
});

it('settings come back from the address, and nothing else does', () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.integer({ min: 1, max: mostSeed }),
        version: fc.constantFrom(...versions),
        count: fc.integer({ min: 1, max: mostQuestions }),
        paper: fc.constantFrom(...papers),
        kind: fc.constantFrom(...sheetKinds),
      }),
      (settings) => {
        expect(readSettings(writeSettings(settings))).toEqual(settings);
      },
    ),
  );
  for (const code of ['', '1', '1~0~A~8~a4~worksheet', '1~1~G~8~a4~worksheet', '1~1~A~8~a4~key']) {
    expect(readSettings(code)).toBeNull();
  }
});
