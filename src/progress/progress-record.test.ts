import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProgress, parseProgress } from './progress-parse.ts';
import {
  lessonProgress,
  mergeProgress,
  noProgress,
  withCheck,
  withLab,
  withLessonEvent,
  withTurn,
  type Progress,
} from './progress-record.ts';

const slugs = fc.constantFrom('10-what-a-port-is', '50-ephemeral-ports', 'constructor');
const ids = fc.constantFrom('first-page', 'reply-ports', 'a', 'b2');
const times = fc.integer({ min: 0, max: 5 });

const steps = fc.oneof(
  fc.tuple(slugs, ids).map(
    ([lesson, turn]) =>
      (p: Progress) =>
        withTurn(p, lesson, turn),
  ),
  fc.tuple(slugs, fc.constantFrom('opened' as const, 'done' as const), times).map(
    ([lesson, event, at]) =>
      (p: Progress) =>
        withLessonEvent(p, lesson, event, at),
  ),
  fc.tuple(slugs, ids, fc.constantFrom('right' as const, 'wrong' as const), times).map(
    ([lesson, question, outcome, at]) =>
      (p: Progress) =>
        withCheck(p, lesson, question, outcome, at),
  ),
  fc.tuple(ids, fc.uniqueArray(ids), fc.option(times, { nil: undefined })).map(
    ([lab, taken, doneAt]) =>
      (p: Progress) =>
        withLab(p, lab, taken, doneAt),
  ),
);

const histories = fc
  .array(steps, { maxLength: 12 })
  .map((all) => all.reduce((progress, step) => step(progress), noProgress));

describe('progress', () => {
  it('merges in any order, any number of times, to the same record', () => {
    fc.assert(
      fc.property(histories, histories, histories, (a, b, c) => {
        expect(mergeProgress(a, b)).toEqual(mergeProgress(b, a));
        expect(mergeProgress(a, mergeProgress(b, c))).toEqual(
          mergeProgress(mergeProgress(a, b), c),
        );
        expect(mergeProgress(a, a)).toEqual(a);
        expect(mergeProgress(a, noProgress)).toEqual(a);
      }),
    );
  });

  it('loses nothing when it merges', () => {
    fc.assert(
      fc.property(histories, histories, (a, b) => {
        const both = mergeProgress(a, b);
        for (const [slug, lesson] of [...Object.entries(a.lessons), ...Object.entries(b.lessons)]) {
          const merged = lessonProgress(both, slug);
          expect(merged.turns).toEqual(expect.arrayContaining([...lesson.turns]));
          if (lesson.doneAt !== undefined) expect(merged.doneAt).toBeLessThanOrEqual(lesson.doneAt);
          for (const [id, check] of Object.entries(lesson.checks)) {
            expect(merged.checks[id]?.tries).toBeGreaterThanOrEqual(check.tries);
            if (check.rightAt !== undefined) {
              expect(merged.checks[id]?.rightAt).toBeLessThanOrEqual(check.rightAt);
            }
          }
        }
      }),
    );
  });

  it('comes back from text as it went', () => {
    fc.assert(
      fc.property(histories, (progress) => {
        expect(parseProgress(formatProgress(progress))).toEqual({ condition: 'whole', progress });
      }),
    );
  });

  it('counts tries, and remembers the first right answer after a later wrong one', () => {
    let progress = withCheck(noProgress, '50-ephemeral-ports', 'reply-ports', 'wrong', 10);
    progress = withCheck(progress, '50-ephemeral-ports', 'reply-ports', 'right', 20);
    progress = withCheck(progress, '50-ephemeral-ports', 'reply-ports', 'wrong', 30);
    expect(lessonProgress(progress, '50-ephemeral-ports').checks['reply-ports']).toEqual({
      tries: 3,
      outcome: 'wrong',
      at: 30,
      rightAt: 20,
    });
  });

  it('knows nothing of a lesson named like something every object has', () => {
    expect(lessonProgress(noProgress, 'constructor')).toEqual({ turns: [], checks: {} });
  });
});
