import { expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { EarliestFirst, isBefore, type Queued } from './earliest-first.ts';

it('gives entries by time, and at one moment in the order in which they were queued', () => {
  for (let seed = 0; seed < 200; seed++) {
    const random = new Random(seed);
    const queue = new EarliestFirst<Queued>();
    const waiting: Queued[] = [];
    for (let order = 0; order < 60; order++) {
      const entry = { dueMs: random.below(12), order };
      queue.push(entry);
      waiting.push(entry);
      const first = waiting.toSorted((a, b) => (isBefore(a, b) ? -1 : 1))[0];
      expect(queue.first).toBe(first);
      switch (random.below(3)) {
        case 0:
          queue.shift();
          waiting.splice(
            waiting.findIndex((one) => one === first),
            1,
          );
          break;
        case 1:
          if (first !== undefined) first.dueMs += random.below(8);
          queue.delayFirst();
          break;
        default:
      }
    }
    const rest: Queued[] = [];
    for (let first = queue.first; first !== undefined; first = queue.first) {
      rest.push(first);
      queue.shift();
    }
    expect(rest).toEqual(waiting.toSorted((a, b) => (isBefore(a, b) ? -1 : 1)));
  }
});

it('has no first entry when it is empty', () => {
  const queue = new EarliestFirst<Queued>();
  queue.shift();
  queue.delayFirst();
  expect(queue.first).toBeUndefined();
});
