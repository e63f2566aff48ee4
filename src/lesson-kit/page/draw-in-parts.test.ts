import { describe, expect, test } from 'vitest';
import { drawEach } from './draw-in-parts.ts';

function setUp(count: number) {
  const drawn: number[] = [];
  const waiting: (() => void)[] = [];
  let isDone = false;
  const drawAll = drawEach(
    Array.from({ length: count }, (_, part) => part),
    (part) => drawn.push(part),
    () => (isDone = true),
    (next) => waiting.push(next),
  );
  /** The pause is over. */
  const pass = (): void => waiting.shift()?.();
  return { drawAll, drawn, pass, isDone: () => isDone };
}

describe('the parts of a lesson', () => {
  test('are drawn from the top, a few after each pause, and then all is done', () => {
    const { drawn, pass, isDone } = setUp(5);
    expect(drawn).toEqual([]);
    pass();
    expect(drawn).toEqual([0, 1]);
    expect(isDone()).toBe(false);
    pass();
    pass();
    expect(drawn).toEqual([0, 1, 2, 3, 4]);
    expect(isDone()).toBe(true);
  });

  test('at a jump all that is left are drawn, and none again', () => {
    const { drawAll, drawn, pass, isDone } = setUp(4);
    pass();
    drawAll();
    expect(drawn).toEqual([0, 1, 2, 3]);
    expect(isDone()).toBe(true);
    pass();
    drawAll();
    expect(drawn).toHaveLength(4);
  });
});
