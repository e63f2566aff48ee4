/** Scheduling, today's plan and exams; and learners who practise for a year of virtual days. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dayOf,
  noPracticeMemory,
  reviewGrades,
  withReview,
  type ItemMemory,
} from '../../progress/practice-memory.ts';
import {
  noProgress,
  withCheck,
  withLessonEvent,
  type Progress,
} from '../../progress/progress-record.ts';
import { Random } from '../../time-and-chance/random.ts';
import { examEnd, openExam } from './exam-time.ts';
import { drawExam } from './exam.ts';
import { gradeOf, knownChance, memoryOf, reviewed } from './schedule.ts';
import {
  dueOf,
  interleaved,
  planToday,
  startedOn,
  weakSpots,
  type SessionItem,
} from './session.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 10, 29, 9);

const items: readonly SessionItem[] = Array.from({ length: 60 }, (_, n) => ({
  id: `kind-${String(n % 6)}/item-${String(n)}`,
  lesson: `${String(10 * (1 + Math.floor(n / 10)))}-lesson`,
}));

describe('the schedule', () => {
  it('asks a right answer later than a wrong one, and later with each right one', () => {
    let memory: ItemMemory | undefined;
    let at = START;
    let gap = 0;
    for (let n = 0; n < 8; n++) {
      const wrong = reviewed(memory, 'again', at, 0.9);
      memory = reviewed(memory, 'good', at, 0.9);
      expect(wrong.due).toBeLessThan(memory.due);
      expect(memory.due - at).toBeGreaterThanOrEqual(gap);
      gap = memory.due - at;
      at = memory.due;
    }
    expect(gap).toBeGreaterThan(60 * DAY_MS);
  });

  it('asks more often whoever wants to know more surely', () => {
    const known = reviewed(
      reviewed(reviewed(undefined, 'good', START, 0.9), 'good', START + 600_000, 0.9),
      'good',
      START + 3 * DAY_MS,
      0.9,
    );
    const at = known.due;
    expect(reviewed(known, 'good', at, 0.95).due).toBeLessThan(
      reviewed(known, 'good', at, 0.85).due,
    );
  });

  it('never goes back in time, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...reviewGrades), fc.nat({ max: 4_000_000_000_000 })), {
          minLength: 1,
          maxLength: 20,
        }),
        (reviews) => {
          let memory: ItemMemory | undefined;
          for (const [grade, now] of reviews) {
            const after: ItemMemory = reviewed(memory, grade, now, 0.9);
            expect(after.at).toBeGreaterThan(memory?.at ?? -1);
            expect(after.due).toBeGreaterThan(after.at);
            expect(Number.isFinite(after.stability) && after.stability > 0).toBe(true);
            expect(after.difficulty).toBeGreaterThanOrEqual(1);
            expect(after.difficulty).toBeLessThanOrEqual(10);
            memory = after;
          }
        },
      ),
    );
  });

  it('calls an answer easy only when it came within the usual time of a known item', () => {
    const known: ItemMemory = { ...reviewed(undefined, 'good', START, 0.9, 5000), state: 2 };
    expect(gradeOf(false, known, 10)).toBe('again');
    expect(gradeOf(true, known, 3000)).toBe('easy');
    expect(gradeOf(true, known, 4900)).toBe('good');
    expect(gradeOf(true, undefined, 10)).toBe('good');
    expect(reviewed(known, 'good', START + DAY_MS, 0.9, 10_000).usualMs).toBe(6500);
    expect(reviewed(known, 'good', START + DAY_MS, 0.9, 10_000_000).usualMs).toBe(5000);
  });

  it('says nine in ten when an item falls due', () => {
    const known = reviewed(
      reviewed(reviewed(undefined, 'good', START, 0.9), 'good', START + 600_000, 0.9),
      'good',
      START + 4 * DAY_MS,
      0.9,
    );
    expect(knownChance(known, known.due)).toBeGreaterThan(0.87);
    expect(knownChance(known, known.due)).toBeLessThan(0.93);
    expect(knownChance(undefined, START)).toBe(0);
  });
});

describe("today's plan", () => {
  it('takes new items in the order of the course, lessons read first', () => {
    const nothingRead = planToday(items, noProgress, START);
    expect(nothingRead.due).toEqual([]);
    expect(new Set(nothingRead.fresh)).toEqual(new Set(items.slice(0, 7).map(({ id }) => id)));
    const read = withLessonEvent(noProgress, '30-lesson', 'opened', START);
    expect(
      planToday(items, read, START).fresh.every((id) =>
        items.slice(20, 30).some((one) => one.id === id),
      ),
    ).toBe(true);
  });

  it('gives no more new items than are left of today', () => {
    expect(planToday(items, noProgress, START, 5).fresh).toHaveLength(2);
    expect(planToday(items, noProgress, START, 99).fresh).toHaveLength(0);
  });

  it("counts a lesson's own question that was answered there", () => {
    const check = 'check/10-lesson/what';
    const progress = withCheck(noProgress, '10-lesson', 'what', 'wrong', START);
    expect(dueOf(noProgress, check)).toBeUndefined();
    expect(dueOf(progress, check)).toEqual({ due: START + 60_000, stability: 0.2 });
    expect(planToday([{ id: check, lesson: '10-lesson' }], progress, START + DAY_MS).due).toEqual([
      check,
    ]);
    const memory = memoryOf(progress, check);
    // The short way and the scheduler agree on when it comes again.
    expect(memory?.due).toBe(START + 60_000);
    expect(memoryOf(withCheck(noProgress, '10-lesson', 'what', 'right', START), check)?.due).toBe(
      START + 600_000,
    );
  });

  it('puts no two of a kind in a row as long as others are left', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(items.map(({ id }) => id)), (ids) => {
        const mixed = interleaved(ids);
        expect([...mixed].sort()).toEqual([...ids].sort());
        const kindOf = (id: string | undefined): string => (id ?? '').split('/')[0] ?? '';
        mixed.forEach((id, place) => {
          if (place === 0 || kindOf(mixed[place - 1]) !== kindOf(id)) return;
          // Then nothing of another kind was left.
          expect(mixed.slice(place).every((later) => kindOf(later) === kindOf(id))).toBe(true);
        });
      }),
    );
  });

  it('weighs misconceptions by how often and how lately they were seen', () => {
    const seen = (id: string, daysAgo: number) => ({
      at: START - daysAgo * DAY_MS,
      item: 'a/b',
      grade: 'again' as const,
      misconception: id,
    });
    const memory = {
      ...noPracticeMemory,
      recent: [
        seen('old', 60),
        seen('old', 61),
        seen('new', 1),
        seen('often', 2),
        seen('often', 3),
      ],
    };
    expect(weakSpots(memory, START).map(({ id }) => id)).toEqual(['often', 'new', 'old']);
    expect(weakSpots(memory, START)[0]?.times).toBe(2);
  });
});

describe('an exam', () => {
  it('asks each lesson about as often, nothing twice, the same for the same seed', () => {
    const drawn = drawExam(items, 30, new Random(7));
    expect(drawExam(items, 30, new Random(7))).toEqual(drawn);
    expect(drawExam(items, 30, new Random(8))).not.toEqual(drawn);
    expect(new Set(drawn).size).toBe(30);
    const perLesson = new Map<string, number>();
    for (const id of drawn) {
      const lesson = items.find((one) => one.id === id)?.lesson ?? '';
      perLesson.set(lesson, (perLesson.get(lesson) ?? 0) + 1);
    }
    expect([...perLesson.values()]).toEqual([5, 5, 5, 5, 5, 5]);
    expect(drawExam(items, 500, new Random(1))).toHaveLength(60);
  });

  it('goes on until it is handed in', () => {
    const exam = { startedAt: START, items: [], seed: 1, minutes: 25, answers: {} };
    expect(examEnd(exam)).toBe(START + 1_500_000);
    expect(openExam({ a: exam, b: { ...exam, startedAt: START + 1, endedAt: START + 5 } })).toBe(
      exam,
    );
  });
});

interface Learner {
  readonly name: string;
  /** Whether an item is answered rightly, given the chance that memory puts on it. */
  readonly answers: (chance: number, random: Random) => boolean;
}

const learners: readonly Learner[] = [
  { name: 'perfect', answers: () => true },
  { name: 'forgetful', answers: (chance, random) => random.fraction() < 0.25 + 0.6 * chance },
  { name: 'guessing', answers: (_, random) => random.below(4) === 0 },
];

/** A year of practice: every day what is planned, nothing more. */
function year({ answers }: Learner): { most: number; mean: number; known: number } {
  const random = new Random(2026);
  let progress: Progress = noProgress;
  let most = 0;
  let total = 0;
  for (let day = 0; day < 365; day++) {
    const now = START + day * DAY_MS;
    const { due, fresh } = planToday(items, progress, now, startedOn(progress, now));
    most = Math.max(most, due.length + fresh.length);
    total += due.length + fresh.length;
    [...due, ...fresh].forEach((item, n) => {
      const at = now + n * 15_000;
      const before = memoryOf(progress, item);
      const isRight = answers(knownChance(before, at), random);
      const after = reviewed(before, gradeOf(isRight, before, 4000), at, 0.9, 4000);
      const practice = withReview(
        progress.practice ?? noPracticeMemory,
        { at: after.at, item, grade: isRight ? 'good' : 'again' },
        after,
        dayOf(at, 0),
      );
      progress = { ...progress, practice };
    });
  }
  const known = Object.values(progress.practice?.items ?? {}).filter(
    ({ stability }) => stability >= 7,
  );
  return { most, mean: total / 365, known: known.length };
}

describe('a year of practice', () => {
  const results = new Map(learners.map((learner) => [learner.name, year(learner)]));

  const table = [...results]
    .map(
      ([name, { most, mean, known }]) =>
        `${name}: ${String(most)} a day at most, ${mean.toFixed(1)} on average, ${String(known)} of 60 known`,
    )
    .join('; ');

  it(`floods nobody, and tells nobody who guesses that he knows (${table})`, () => {
    for (const { most } of results.values()) expect(most).toBeLessThanOrEqual(20);
    expect(results.get('perfect')?.known).toBe(60);
    expect(results.get('perfect')?.mean).toBeLessThan(3);
    expect(results.get('guessing')?.known).toBeLessThan(6);
    expect(results.get('forgetful')?.known).toBeGreaterThan(results.get('guessing')?.known ?? 60);
  });
});
