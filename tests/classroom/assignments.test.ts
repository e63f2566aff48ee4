/** Assignments come back from their links, and the marks of answers lead to the misconceptions behind them. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  itemsOf,
  markOf,
  mostAsked,
  mostMinutes,
  mostSeed,
  readAssignment,
  writeAssignment,
} from '../../src/classroom/assignments/assignment.ts';
import { markAnswer, misconceptionOfMark } from '../../src/classroom/assignments/marks.ts';
import { resultsCsv } from '../../src/classroom/assignments/results-csv.ts';
import { askingFrom } from '../../src/quiz/asking.ts';
import { deskItems, practiceData } from '../../src/quiz/practice-data.ts';
import { readPracticeLessons } from '../practice/practice-lessons.ts';

const labs = ['range', 'taken'];
const lessons = readPracticeLessons('en');
const items = deskItems(lessons);
const ask = askingFrom(practiceData('en', lessons));

const assignments = fc.record({
  lessons: fc
    .uniqueArray(fc.constantFrom(...lessons.map(({ number }) => number)), { minLength: 1 })
    .map((numbers) => numbers.toSorted((a, b) => a - b)),
  style: fc.constantFrom('choices' as const, 'commands' as const),
  count: fc.integer({ min: 1, max: mostAsked }),
  seed: fc.nat(mostSeed),
  minutes: fc.nat(mostMinutes),
  lab: fc.option(fc.constantFrom(...labs)),
});

it('comes back from its link, and asks everybody about the same items of its lessons', () => {
  fc.assert(
    fc.property(assignments, (assignment) => {
      const read = readAssignment(writeAssignment(assignment), labs);
      expect(read).toEqual(assignment);
      expect(markOf(assignment)).toBeLessThanOrEqual(mostSeed);
      const asked = itemsOf(assignment, items);
      expect(asked).toEqual(itemsOf(assignment, items));
      expect(asked.length).toBeLessThanOrEqual(assignment.count);
      expect(asked.length).toBeGreaterThan(0);
      for (const id of asked) {
        const lesson = items.find((one) => one.id === id)?.lesson ?? '';
        expect(assignment.lessons).toContain(Number.parseInt(lesson, 10));
        if (assignment.style === 'choices') expect(id).not.toContain('type-command');
      }
    }),
    { numRuns: 200 },
  );
});

it('a link that is cut or made up is none', () => {
  for (const code of [
    '',
    '1',
    '1~50~choices~10~1~0',
    '1~60-50~choices~10~1~0~none',
    '1~50~choices~0~1~0~none',
    '1~50~choices~5~1~0~nowhere',
    '<b>',
  ]) {
    expect(readAssignment(code, labs)).toBeNull();
  }
});

it('the mark of a wrong option leads to its misconception', () => {
  let seen = 0;
  for (const { id } of items) {
    const question = ask(id, 11);
    const { key, parts, misconceptions } = question;
    expect(markAnswer(question, null)).toBe(7);
    if (key.kind === 'number') {
      expect(markAnswer(question, { kind: 'number', typed: String(key.answer) })).toBe(0);
    }
    if (key.kind !== 'choice') continue;
    expect(markAnswer(question, { kind: 'choice', chosen: key.answer })).toBe(0);
    for (const part of parts) {
      if (part.id === key.answer) continue;
      const mark = markAnswer(question, { kind: 'choice', chosen: part.id });
      expect(mark).toBeGreaterThan(0);
      expect(misconceptionOfMark(question, mark)).toBe(misconceptions[part.id]);
      if (misconceptions[part.id] !== undefined) seen += 1;
    }
  }
  expect(seen).toBeGreaterThan(50);
});

it('the table for a spreadsheet holds no formula, and a row for each student', () => {
  const words = {
    student: 'Who',
    score: 'Right',
    labColumn: 'Lab',
    yes: 'y',
    no: 'n',
    codes: 'Codes',
  };
  const csv = resultsCsv(
    [
      {
        code: 'PD-1',
        name: '=HYPERLINK("x")',
        result: {
          assignment: 1,
          ownSeed: null,
          hasDoneLab: true,
          marks: [0, 3, 7],
          who: { kind: 'nobody' },
        },
      },
    ],
    words,
  );
  const [head, row] = csv.slice(1).split('\r\n');
  expect(head).toBe('"Who","Right","Lab","1","2","3","Codes"');
  expect(row).toBe('" =HYPERLINK(""x"")","1","y","1","0","","PD-1"');
});
