import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatProgress, parseProgress } from './progress-parse.ts';
import { noProgress } from './progress-record.ts';

const lesson = {
  openedAt: 1,
  turns: ['first-page', 'who-picks'],
  checks: { 'reply-ports': { tries: 2, outcome: 'right', at: 9, rightAt: 9 } },
};
const saved = (change: object) =>
  JSON.stringify({ version: 1, lessons: { '50-ephemeral-ports': lesson }, ...change });

describe('a saved record', () => {
  it('is read whole', () => {
    const { condition, progress } = parseProgress(saved({}));
    expect(condition).toBe('whole');
    expect(progress.lessons).toEqual({ '50-ephemeral-ports': lesson });
  });

  it('of a newer version gives what this one understands', () => {
    const newer = saved({
      version: 7,
      streak: 12,
      lessons: {
        '50-ephemeral-ports': {
          ...lesson,
          checks: { 'reply-ports': { ...lesson.checks['reply-ports'], confidence: 0.5 } },
          mood: 'calm',
        },
        '10-what-a-port-is': 'a form of the future',
      },
    });
    const { condition, progress } = parseProgress(newer);
    expect(condition).toBe('newer');
    expect(progress.lessons).toEqual({ '50-ephemeral-ports': lesson });
  });

  it('of an older version gives what this one understands', () => {
    const { condition, progress } = parseProgress(saved({ version: 0 }));
    expect(condition).toBe('older');
    expect(Object.keys(progress.lessons)).toEqual(['50-ephemeral-ports']);
  });

  it('with a damaged part gives the rest', () => {
    const damaged = saved({
      lessons: {
        '50-ephemeral-ports': {
          ...lesson,
          openedAt: 'yesterday',
          turns: ['first-page', 7, '<b>', 'who-picks'],
          checks: { ...lesson.checks, broken: { tries: -1, outcome: 'right', at: 1 } },
        },
        '../..': lesson,
        '20-well-known-ports': null,
      },
    });
    const { openedAt: _, ...rest } = lesson;
    expect(parseProgress(damaged)).toEqual({
      condition: 'damaged',
      progress: { version: 1, lessons: { '50-ephemeral-ports': rest } },
    });
  });

  it.each([
    ['cut off', '{"version":1,"lessons":{"50-eph', 'foreign'],
    ['empty', '', 'foreign'],
    ['another program’s', '{"settings":{}}', 'foreign'],
    ['a list', '[]', 'foreign'],
    ['without a version', '{"lessons":{}}', 'damaged'],
    ['with lessons that are a list', '{"version":1,"lessons":[]}', 'damaged'],
    ['with something extra', '{"version":1,"lessons":{},"x":1}', 'damaged'],
  ])('%s is told apart', (_, text, condition) => {
    expect(parseProgress(text)).toEqual({ condition, progress: noProgress });
  });

  it('cannot reach into every object through its names', () => {
    const { progress } = parseProgress(
      '{"version":1,"lessons":{"__proto__":{"turns":[],"checks":{}}}}',
    );
    expect(Object.keys(progress.lessons)).toEqual([]);
    expect(Object.getPrototypeOf(progress.lessons)).toBe(Object.prototype);
  });

  it('never throws and reads its own reading whole, whatever it was', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((x) => saved({ lessons: { a: JSON.parse(x) as unknown } })),
        ),
        (text) => {
          const { progress } = parseProgress(text);
          expect(parseProgress(formatProgress(progress))).toEqual({ condition: 'whole', progress });
        },
      ),
    );
  });
});
