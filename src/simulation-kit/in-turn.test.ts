import { describe, expect, test } from 'vitest';
import { InTurn } from './in-turn.ts';

function setUp() {
  const done: string[] = [];
  const waiting: (() => void)[] = [];
  const works = ['a', 'b', 'c'].map((name) => () => done.push(name));
  const inTurn = new InTurn(works, (next) => waiting.push(next));
  /** The pause is over. */
  const pass = (): void => waiting.shift()?.();
  return { done, waiting, inTurn, pass };
}

describe('in turn', () => {
  test('one after each pause, in their order, and none twice', () => {
    const { done, waiting, inTurn, pass } = setUp();
    inTurn.ask();
    inTurn.ask();
    expect(done).toEqual([]);
    pass();
    expect(done).toEqual(['a']);
    pass();
    pass();
    expect(done).toEqual(['a', 'b', 'c']);
    expect(waiting).toEqual([]);
  });

  test('asked again and again, the last has its turn as often as the first', () => {
    const { done, inTurn, pass } = setUp();
    for (let asked = 0; asked < 6; asked += 1) {
      inTurn.ask();
      pass();
    }
    expect(done.join('')).toBe('abcabc');
  });

  test('in a hurry all that waited are done at once, and not again', () => {
    const { done, inTurn, pass } = setUp();
    inTurn.ask();
    pass();
    inTurn.hurry();
    expect(done).toEqual(['a', 'b', 'c']);
    pass();
    expect(done).toHaveLength(3);
    inTurn.ask();
    pass();
    expect(done).toEqual(['a', 'b', 'c', 'a']);
  });
});
