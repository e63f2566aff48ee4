import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countByFirstSet,
  firstPlaceInNone,
  lastPlaceInNone,
  nthPlaceInNone,
  PortSet,
} from './port-set.ts';

/** Ports that lie close together, at the edges of words and blocks, and anywhere. */
const port = fc.oneof(
  fc.integer({ min: 0, max: 70 }),
  fc.integer({ min: 990, max: 1060 }),
  fc.integer({ min: 65_460, max: 65_535 }),
  fc.integer({ min: 0, max: 65_535 }),
);
const stretch = fc.tuple(port, fc.nat(3000)).map(([low, length]) => ({ low, length }));
const contents = fc.record({
  ports: fc.array(port),
  stretches: fc.array(stretch, { maxLength: 3 }),
});
const rotation = fc.constantFrom(0, 1, 12, 14, 16);

function setOf(
  rotated: number,
  { ports, stretches }: { ports: number[]; stretches: { low: number; length: number }[] },
): PortSet {
  const set = new PortSet(rotated);
  for (const each of ports) set.add(each);
  for (const { low, length } of stretches) set.addRange(low, Math.min(65_535, low + length));
  return set;
}

describe('a port set', () => {
  it('holds what was put in and not taken out', () => {
    fc.assert(
      fc.property(rotation, fc.array(fc.tuple(fc.boolean(), port)), (rotated, calls) => {
        const set = new PortSet(rotated);
        const model = new Set<number>();
        for (const [isAdd, each] of calls) {
          if (isAdd) {
            expect(set.add(each)).toBe(!model.has(each));
            model.add(each);
          } else expect(set.delete(each)).toBe(model.delete(each));
          expect(set.size).toBe(model.size);
        }
        expect(new Set(set)).toEqual(model);
        for (const [, each] of calls) expect(set.has(each)).toBe(model.has(each));
        set.clear();
        expect([set.size, [...set].length]).toEqual([0, 0]);
      }),
    );
  });

  it('has a place for each port, and neighbours for a walk in its step', () => {
    for (const rotated of [0, 1, 12, 14]) {
      const set = new PortSet(rotated);
      const places = Array.from({ length: 65_536 }, (_, each) => set.placeOf(each));
      expect(new Set(places).size).toBe(65_536);
      for (const each of [0, 1, 2, 1023, 40_000, 49_151]) {
        expect(set.portAt(set.placeOf(each))).toBe(each);
        const next = each + (1 << rotated);
        if (next <= 65_535) expect(set.placeOf(next)).toBe(set.placeOf(each) + 1);
      }
    }
  });

  it('is searched and counted as a walk through it would', () => {
    fc.assert(
      fc.property(
        rotation,
        fc.array(contents, { minLength: 1, maxLength: 3 }),
        port,
        fc.nat(4000),
        (rotated, all, from, length) => {
          const sets = all.map((each) => setOf(rotated, each));
          const to = Math.min(65_535, from + length);
          const free: number[] = [];
          const expected = sets.map(() => 0);
          for (let place = from; place <= to; place++) {
            const each = sets[0]?.portAt(place) ?? 0;
            const index = sets.findIndex((set) => set.has(each));
            if (index >= 0) expected[index] = (expected[index] ?? 0) + 1;
            else free.push(place);
          }
          expect(firstPlaceInNone(sets, from, to)).toBe(free[0] ?? -1);
          expect(lastPlaceInNone(sets, from, to)).toBe(free.at(-1) ?? -1);
          for (const index of [0, 1, free.length >> 1, free.length - 1, free.length]) {
            if (index >= 0) expect(nthPlaceInNone(sets, from, to, index)).toBe(free[index] ?? -1);
          }
          const counts = sets.map(() => 0);
          countByFirstSet(sets, from, to, counts);
          expect(counts).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is not searched where there is nothing to search', () => {
    expect(firstPlaceInNone([], 5, 4)).toBe(-1);
    expect(lastPlaceInNone([], 5, 4)).toBe(-1);
    expect(firstPlaceInNone([], 5, 5)).toBe(5);
    const full = new PortSet(0);
    full.addRange(0, 65_535);
    expect(firstPlaceInNone([full], 0, 65_535)).toBe(-1);
    expect(lastPlaceInNone([full], 0, 65_535)).toBe(-1);
    const counts = [7];
    countByFirstSet([full], 0, 65_535, counts);
    expect(counts).toEqual([65_543]);
  });
});
