import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPractice } from './practice-parse.ts';
import {
  dayOf,
  examKey,
  mergePractice,
  noPracticeMemory,
  recentLimit,
  reviewGrades,
  withExam,
  withReview,
  type ExamRecord,
  type ItemMemory,
  type PracticeMemory,
  type ReviewEntry,
} from './practice-memory.ts';
import { formatProgress, parseProgress } from './progress-parse.ts';
import { noProgress, withPractice } from './progress-record.ts';

const times = fc.nat({ max: 2_000_000_000_000 });
const itemIds = fc.constantFrom('reply-ports/both', 'knock/open', 'check/50-x/reply-ports');

const memories: fc.Arbitrary<ItemMemory> = fc
  .tuple(times, times, fc.nat({ max: 9 }), fc.constantFrom<ItemMemory['state']>(0, 1, 2, 3))
  .map(([at, due, n, state]) => ({
    at,
    due,
    stability: n + 0.5,
    difficulty: n + 1,
    reps: n,
    lapses: 0,
    state,
    step: 0,
  }));

const entries: fc.Arbitrary<ReviewEntry> = fc
  .tuple(times, itemIds, fc.constantFrom(...reviewGrades), fc.boolean())
  .map(([at, item, grade, hasMistake]) => ({
    at,
    item,
    grade,
    ...(hasMistake ? { misconception: 'reply-from-new-port' } : {}),
  }));

const exams: fc.Arbitrary<ExamRecord> = fc
  .tuple(
    fc.constantFrom(1000, 2000),
    fc.dictionary(
      fc.constantFrom('0', '1', '2'),
      fc.record({ at: times, given: fc.string({ maxLength: 5 }), isFlagged: fc.boolean() }),
    ),
    fc.option(times, { nil: undefined }),
  )
  .map(([startedAt, answers, endedAt]) => ({
    startedAt,
    items: ['knock/open', 'reply-ports/both'],
    seed: startedAt,
    minutes: 25,
    answers: { ...answers },
    ...(endedAt === undefined ? {} : { endedAt }),
  }));

const steps = fc.oneof(
  fc.tuple(entries, memories).map(
    ([entry, memory]) =>
      (before: PracticeMemory) =>
        withReview(before, entry, memory, dayOf(entry.at, 540)),
  ),
  exams.map((exam) => (before: PracticeMemory) => withExam(before, exam)),
  fc.tuple(times, fc.constantFrom(5, 20, 100)).map(([at, perDay]) => (before: PracticeMemory) => ({
    ...before,
    settings: { at, perDay, retention: 0.9 },
  })),
  fc.integer({ min: 1, max: 60 }).map((sprintBest) => (before: PracticeMemory) => ({
    ...before,
    sprintBest,
  })),
);

/** Brought into the form in which it is stored. */
const histories = fc.array(steps, { maxLength: 10 }).map((all) =>
  mergePractice(
    all.reduce((memory, step) => step(memory), noPracticeMemory),
    noPracticeMemory,
  ),
);

describe('what practice remembers', () => {
  it('takes no names of Object for entries', () => {
    const exam = (answers: string): string =>
      `{"exams":{"0000000000001000":{"startedAt":1000,"seed":1,"minutes":5,"items":["a/b"],"answers":${answers}}}}`;
    const answer = '{"at":1,"given":"","isFlagged":false}';
    const own = `{"__proto__":${answer},"constructor":${answer}}`;
    const { memory, losses } = readPractice(JSON.parse(exam(own)));
    expect(losses).toBe(0);
    const merged = mergePractice(memory, readPractice(JSON.parse(exam('{}'))).memory);
    expect(JSON.stringify(merged.exams)).toContain(own);
  });

  it('merges in any order, any number of times, to the same', () => {
    fc.assert(
      fc.property(histories, histories, histories, (a, b, c) => {
        expect(mergePractice(a, b)).toEqual(mergePractice(b, a));
        expect(mergePractice(a, mergePractice(b, c))).toEqual(
          mergePractice(mergePractice(a, b), c),
        );
        expect(mergePractice(a, a)).toEqual(a);
        expect(mergePractice(a, noPracticeMemory)).toEqual(a);
      }),
    );
  });

  it('keeps the later review of an item and every newer answer of an exam', () => {
    fc.assert(
      fc.property(histories, histories, (a, b) => {
        const both = mergePractice(a, b);
        for (const one of [a, b]) {
          for (const [id, item] of Object.entries(one.items)) {
            expect(both.items[id]?.at).toBeGreaterThanOrEqual(item.at);
          }
          for (const [key, exam] of Object.entries(one.exams)) {
            for (const [place, answer] of Object.entries(exam.answers)) {
              expect(both.exams[key]?.answers[place]?.at).toBeGreaterThanOrEqual(answer.at);
            }
          }
        }
      }),
    );
  });

  it('comes back from text as it went, within the whole record', () => {
    fc.assert(
      fc.property(histories, (practice) => {
        const progress = withPractice(noProgress, practice);
        expect(parseProgress(formatProgress(progress))).toEqual({ condition: 'whole', progress });
      }),
    );
  });

  it('reads what it can of anything, and counts what it cannot', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const { memory } = readPractice(value);
        expect(readPractice(memory)).toEqual({ memory, losses: 0 });
      }),
    );
    const damaged = readPractice({
      items: { 'knock/open': { at: 'yesterday' }, '<b>': {} },
      recent: [{ at: 1, item: 'knock/open', grade: 'good' }, 'x'],
      days: { today: { reviews: 1, right: 1 } },
      exams: { '12': {} },
      settings: { at: 1, perDay: 1e9, retention: 2 },
      streak: 12,
    });
    expect(damaged.memory.recent).toHaveLength(1);
    expect(damaged.losses).toBe(7);
  });

  it('stays small after fifty thousand reviews', () => {
    let memory: PracticeMemory = noPracticeMemory;
    const start = Date.UTC(2026, 10, 29);
    // A year of 137 answers a day, over three hundred items.
    for (let n = 0; n < 50_000; n++) {
      const at = start + n * 630_000;
      const item = `some-generator/item-number-${String(n % 300)}`;
      const kept = {
        at,
        due: at + 86_400_000,
        stability: 12.3456,
        difficulty: 5.4321,
        reps: n,
        lapses: 3,
        state: 2 as const,
        step: 0,
        usualMs: 4200,
      };
      // The list of answers is merged only where it matters for the size.
      memory =
        n % 100 === 0
          ? withReview(memory, { at, item, grade: 'good' }, kept, dayOf(at, 0))
          : { ...memory, items: Object.assign(memory.items, { [item]: kept }) };
    }
    expect(memory.recent.length).toBeLessThanOrEqual(recentLimit);
    const size = formatProgress(withPractice(noProgress, memory)).length;
    expect(size).toBeLessThan(150_000);
  });

  it('names days by the calendar of where the learner is', () => {
    const lateInLondon = Date.UTC(2026, 10, 29, 23, 30);
    expect(dayOf(lateInLondon, 0)).toBe('2026-11-29');
    expect(dayOf(lateInLondon, 540)).toBe('2026-11-30');
  });

  it('keeps exams in the order of their beginnings', () => {
    expect(examKey(999) < examKey(1_764_000_000_000)).toBe(true);
  });
});
