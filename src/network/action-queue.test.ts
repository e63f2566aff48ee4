import { describe, expect, it } from 'vitest';
import { ActionQueue, type DueAction } from './action-queue.ts';
import type { Action } from './scenario/scenario.ts';

const connect = (atMs: number, difference: object = {}): Action =>
  ({
    atMs,
    do: 'connect',
    from: 'a',
    to: '10.0.0.1:80',
    everyMs: 0,
    as: `c${atMs}`,
    ...difference,
  }) as Action;
const close = (atMs: number): Action => ({ atMs, do: 'close', connection: 'page' });

/** What is done up to a moment: when it was written for, and which repetition it is. */
function takeAll(queue: ActionQueue, nowMs: number): [number, string, number][] {
  const taken: [number, string, number][] = [];
  for (let due: DueAction | undefined; (due = queue.take(nowMs)) !== undefined;) {
    taken.push([due.action.atMs, due.action.do, due.index]);
  }
  return taken;
}

describe('the actions to come', () => {
  it('are done when their time has come, in order of time and then as written', () => {
    const queue = new ActionQueue([close(20), connect(10), close(10)]);
    expect(queue.nextMs).toBe(10);
    expect(queue.take(9)).toBe(undefined);
    expect(takeAll(queue, 10)).toEqual([
      [10, 'connect', 0],
      [10, 'close', 0],
    ]);
    expect(queue.nextMs).toBe(20);
    expect(takeAll(queue, 1000)).toEqual([[20, 'close', 0]]);
    expect([queue.nextMs, queue.take(2000)]).toEqual([undefined, undefined]);
  });

  it('are repeated as often as they say, at their distance', () => {
    const queue = new ActionQueue([connect(10, { count: 3, everyMs: 5 }), close(15)]);
    expect(takeAll(queue, 14)).toEqual([[10, 'connect', 0]]);
    expect(queue.nextMs).toBe(15);
    expect(takeAll(queue, 15)).toEqual([
      [10, 'connect', 1],
      [15, 'close', 0],
    ]);
    expect(queue.nextMs).toBe(20);
    expect(takeAll(queue, 20)).toEqual([[10, 'connect', 2]]);
    expect(queue.nextMs).toBe(undefined);
  });

  it('are made up for where the clock has jumped, never before now', () => {
    const queue = new ActionQueue([connect(10, { count: 4, everyMs: 5 })]);
    expect(queue.take(17)?.index).toBe(0);
    expect(queue.nextMs).toBe(17);
    expect(queue.take(17)?.index).toBe(1);
    expect(queue.nextMs).toBe(20);
  });

  it('all happen at once where no distance is said', () => {
    const queue = new ActionQueue([connect(10, { count: 3 })]);
    expect(takeAll(queue, 10).map(([, , index]) => index)).toEqual([0, 1, 2]);
  });

  it('added late are done as soon as possible, after what waits for that moment', () => {
    const queue = new ActionQueue([close(50)]);
    queue.add(connect(10), 50);
    expect(queue.nextMs).toBe(50);
    expect(takeAll(queue, 50)).toEqual([
      [50, 'close', 0],
      [10, 'connect', 0],
    ]);
  });
});
