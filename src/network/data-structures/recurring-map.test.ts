/** A recurring map is a Map, whatever comes and goes; only the order of keys that came back differs. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { RecurringMap } from './recurring-map.ts';

const sorted = (entries: Iterable<[number, string]>): [number, string][] =>
  [...entries].sort(([a], [b]) => a - b);

it.each([4, 40, 400])('holds what a Map would, with keys below %i', (keys) => {
  const step = fc.record({
    key: fc.nat(keys - 1),
    value: fc.option(fc.string({ maxLength: 3 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 500 }), (steps) => {
      const map = new RecurringMap<number, string>();
      const model = new Map<number, string>();
      for (const { key, value } of steps) {
        if (value === undefined) expect(map.delete(key)).toBe(model.delete(key));
        else {
          map.set(key, value);
          model.set(key, value);
        }
        expect(map.get(key)).toBe(model.get(key));
        expect(map.has(key)).toBe(model.has(key));
        expect(map.size).toBe(model.size);
      }
      expect(sorted(map)).toEqual(sorted(model));
      expect([...map.keys()].sort()).toEqual([...model.keys()].sort());
      expect([...map.values()].sort()).toEqual([...model.values()].sort());
    }),
    { numRuns: 30 },
  );
});

it('keeps what is left where thousands of keys have come and gone', () => {
  const map = new RecurringMap<number, string>();
  map.set(-1, 'stays');
  for (let key = 0; key < 5000; key++) {
    map.set(key, 'goes');
    map.delete(key);
  }
  expect([...map]).toEqual([[-1, 'stays']]);
  expect(map.get(4999)).toBe(undefined);
  expect(map.delete(4999)).toBe(false);
});
