import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Queued } from './earliest-first.ts';
import { EventQueue } from './event-queue.ts';

interface Entry extends Queued {
  readonly name: number;
}

function entry(name: number): Entry {
  return { name, dueMs: 0, order: 0 };
}

function takeAll(queue: EventQueue<Entry>): Entry[] {
  const taken: Entry[] = [];
  for (let next = queue.peek(); next !== undefined; next = queue.peek()) {
    queue.drop(next);
    taken.push(next);
  }
  return taken;
}

describe('the event queue', () => {
  it('gives what is due first, and at one moment what was queued first', () => {
    // More delays than have lanes of their own, and more entries than a lane begins with.
    const delays = fc.constantFrom(0, 10, 10, 10, 1000, 60_000, 3, 7, 11, 13, 17, 500);
    const call = fc.oneof(
      { weight: 3, arbitrary: fc.record({ do: fc.constant('push' as const), delayMs: delays }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('drop' as const), delayMs: delays }) },
    );
    fc.assert(
      fc.property(fc.array(call, { maxLength: 200 }), (calls) => {
        const queue = new EventQueue<Entry>();
        const model: { name: number; dueMs: number }[] = [];
        let nowMs = 0;
        const takeOne = (): void => {
          const expected = model.toSorted((a, b) => a.dueMs - b.dueMs || a.name - b.name)[0];
          const next = queue.peek();
          expect(next?.name).toBe(expected?.name);
          expect(next?.dueMs).toBe(expected?.dueMs);
          expect(queue.peek()).toBe(next);
          if (next === undefined || expected === undefined) return;
          queue.drop(next);
          model.splice(model.indexOf(expected), 1);
          nowMs = next.dueMs;
        };
        for (const [name, each] of calls.entries()) {
          if (each.do === 'push') {
            queue.push(entry(name), nowMs, each.delayMs);
            model.push({ name, dueMs: nowMs + each.delayMs });
          } else takeOne();
        }
        while (model.length > 0) takeOne();
        expect(queue.peek()).toBe(undefined);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it('keeps hundreds of one delay in order, also while some are taken out', () => {
    const queue = new EventQueue<Entry>();
    const taken: number[] = [];
    for (let name = 0; name < 300; name++) {
      queue.push(entry(name), name, 100);
      if (name % 3 !== 0) continue;
      const next = queue.peek();
      if (next === undefined) throw new Error('nothing queued');
      queue.drop(next);
      taken.push(next.name);
    }
    taken.push(...takeAll(queue).map(({ name }) => name));
    expect(taken).toEqual(Array.from({ length: 300 }, (_, name) => name));
  });

  it('is empty at first, and again at the end', () => {
    const queue = new EventQueue<Entry>();
    expect(queue.peek()).toBe(undefined);
    queue.push(entry(1), 5, 5);
    expect(takeAll(queue)).toMatchObject([{ name: 1, dueMs: 10 }]);
    queue.push(entry(2), 10, 5);
    expect(takeAll(queue)).toMatchObject([{ name: 2, dueMs: 15 }]);
    expect(queue.peek()).toBe(undefined);
  });
});
