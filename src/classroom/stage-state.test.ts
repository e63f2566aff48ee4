import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isLater,
  openingState,
  parseStamped,
  passedMs,
  toggled,
  type Stamped,
  type StageState,
} from './stage-state.ts';
import { openedVote, raise } from './vote.ts';

const full: StageState = {
  place: 'reply-ports',
  isBlank: true,
  isCodeShown: false,
  moments: {
    'your-line-again': {
      id: 'your-line-again',
      state: '1~m1e',
      live: { motion: 'playing', speed: 'slow', asks: true, isAsking: false },
    },
    tuner: { id: 'tuner', state: '1~2~3' },
  },
  replies: { 'how-many-ports': 'two' },
  forms: { 'reply-ports': { given: ['reply-ports=swapped'], isMarked: true } },
  votes: {
    'reply-ports': raise(openedVote([{ title: '', options: ['a', 'b'], right: [0] }]), 1, 1),
  },
  openVote: 'reply-ports',
  watch: { passedMs: 1200, sinceMs: 1_700_000_000_000 },
};
const stamp = (state: StageState, revision = 3, by = 'one'): Stamped => ({
  revision,
  by,
  atMs: 5,
  state,
});

describe('the state of a lesson on the wall', () => {
  it('is the same in another window', () => {
    for (const state of [openingState, full]) {
      expect(parseStamped(JSON.parse(JSON.stringify(stamp(state))))).toEqual(stamp(state));
    }
  });

  it('is not read where any part of it is not what this version writes', () => {
    const spoil = (change: object): unknown => ({ ...stamp(full), state: { ...full, ...change } });
    const spoiled: readonly object[] = [
      { place: 7 },
      { isBlank: 'yes' },
      { isCodeShown: 1 },
      { moments: { tuner: { id: 'other', state: '1' } } },
      { moments: { a: { id: 'a', state: '1', live: { motion: 'dancing' } } } },
      { replies: { a: 1 } },
      { forms: { a: { given: 'x', isMarked: true } } },
      { votes: { a: {} } },
      { watch: { passedMs: -1, sinceMs: null } },
    ];
    for (const change of spoiled) expect(parseStamped(spoil(change))).toBeNull();
    expect(parseStamped({ ...stamp(full), revision: 1.5 })).toBeNull();
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseStamped(value)).toBeNull();
      }),
    );
  });

  it('is the later change of two windows, and one of the two where they act at once', () => {
    const [old, late, twin] = [stamp(full, 3), stamp(full, 4), stamp(full, 4, 'two')];
    expect([isLater(late, old), isLater(old, late)]).toEqual([true, false]);
    expect([isLater(late, twin), isLater(twin, late)]).toEqual([false, true]);
    expect(isLater(late, late)).toBe(false);
  });
});

describe('the stop-watch', () => {
  it('counts while it runs, keeps what has passed, and never runs backwards', () => {
    const started = toggled({ passedMs: 0, sinceMs: null }, 1000);
    expect(passedMs(started, 4000)).toBe(3000);
    const stopped = toggled(started, 4000);
    expect(passedMs(stopped, 9999)).toBe(3000);
    expect(passedMs(toggled(stopped, 10_000), 10_500)).toBe(3500);
    expect(passedMs(started, 0)).toBe(0);
  });
});
