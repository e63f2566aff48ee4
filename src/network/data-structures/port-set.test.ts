/** Sets of ports, held against plain sets and walks, and how little of them a search looks at. */

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

/** Counts how many words are looked at. */
class WatchedSet extends PortSet {
  words = 0;
  override word(index: number): number {
    this.words++;
    return super.word(index);
  }
}

function watched(...stretches: readonly (readonly [low: number, high: number])[]): WatchedSet {
  const set = new WatchedSet(0);
  for (const [low, high] of stretches) set.addRange(low, high);
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

  it('knows nothing of what it held before it was cleared', () => {
    const set = new PortSet(0);
    set.addRange(0, 65_535);
    set.clear();
    expect(firstPlaceInNone([set], 0, 65_535)).toBe(0);
    expect(nthPlaceInNone([set], 0, 65_535, 65_535)).toBe(65_535);
    const counts: number[] = [];
    countByFirstSet([set], 0, 65_535, counts);
    expect(counts).toEqual([]);
    expect([...set]).toEqual([]);
    expect(set.add(40_000)).toBe(true);
    expect([...set]).toEqual([40_000]);
  });

  it('is searched right up to the ends of a full block of 1,024', () => {
    const full = watched([1024, 2047]);
    expect(firstPlaceInNone([full], 1024, 65_535)).toBe(2048);
    expect(firstPlaceInNone([full], 1500, 2048)).toBe(2048);
    expect(firstPlaceInNone([full], 1024, 2047)).toBe(-1);
    expect(lastPlaceInNone([full], 0, 2047)).toBe(1023);
    expect(lastPlaceInNone([full], 1023, 1500)).toBe(1023);
    expect(lastPlaceInNone([full], 1024, 2047)).toBe(-1);
    expect([0, 1023, 1024, 1025].map((index) => nthPlaceInNone([full], 0, 65_535, index))).toEqual([
      0, 1023, 2048, 2049,
    ]);
    expect(nthPlaceInNone([full], 1024, 2049, 1)).toBe(2049);
    for (const [from, to, expected] of [
      [0, 65_535, 1024],
      [1024, 2047, 1024],
      [1023, 2048, 1024],
      [1025, 2047, 1023],
      [1024, 2046, 1023],
    ] as const) {
      const counts: number[] = [];
      countByFirstSet([full], from, to, counts);
      expect(counts).toEqual([expected]);
    }
  });
});

describe('of a block of 1,024 places', () => {
  const all = [0, 65_535] as const;

  it('a full one is stepped over by a search', () => {
    const set = watched([0, 40_959], [43_008, 65_535]);
    expect(firstPlaceInNone([set], ...all)).toBe(40_960);
    expect(lastPlaceInNone([set], ...all)).toBe(43_007);
    expect(set.words).toBe(2);
  });

  it('one that one set alone has ports in is stepped over by a search for the n-th', () => {
    const [low, high] = [watched([0, 9]), watched([65_000, 65_535])];
    // Ten are taken below: place 30,730 begins block 30, with 30,720 − 10 free ones before it.
    expect(nthPlaceInNone([low, high], ...all, 30_710)).toBe(30_720);
    expect([low.words, high.words]).toEqual([1, 1]);
    expect(nthPlaceInNone([low, high], ...all, 30_709)).toBe(30_719);
    expect([low.words, high.words]).toEqual([1 + 32, 1 + 32]);
  });

  it('one that no set or one alone has ports in is counted at once', () => {
    const [low, high] = [watched([0, 9]), watched([65_000, 65_535])];
    const counts: number[] = [];
    countByFirstSet([low, high], ...all, counts);
    expect(counts).toEqual([10, 536]);
    expect([low.words, high.words]).toEqual([0, 0]);
    // Half a block is looked at, where there is something in it.
    countByFirstSet([low, high], 512, 64_511, counts);
    expect(counts).toEqual([10, 536]);
    expect([low.words, high.words]).toEqual([16, 16]);
  });

  it('no more sets are asked once all of a word is counted', () => {
    const [first, second] = [watched([0, 2047]), watched([0, 2047])];
    const counts: number[] = [];
    countByFirstSet([first, second], 0, 2047, counts);
    expect(counts).toEqual([2048]);
    expect([first.words, second.words]).toEqual([64, 0]);
  });
});
