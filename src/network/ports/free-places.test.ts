import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FreePlaces } from './free-places.ts';

describe('free places', () => {
  it.each([1, 31, 32, 33, 70, 1024, 1025, 2100])(
    'of %i are found as a walk would find them',
    (size) => {
      const place = fc.oneof(fc.nat(size - 1), fc.constantFrom(0, size - 1));
      const stretch = fc.record({
        isTake: fc.boolean(),
        from: place,
        length: fc.oneof(fc.nat(3), fc.nat(size)),
      });
      fc.assert(
        fc.property(
          fc.array(stretch, { maxLength: 8 }),
          fc.array(fc.tuple(place, place)),
          (calls, asked) => {
            const places = new FreePlaces(size);
            const free = new Set(Array.from({ length: size }, (_, each) => each));
            for (const { isTake, from, length } of calls) {
              for (let each = from; each < Math.min(size, from + length); each++) {
                if (isTake) {
                  places.take(each);
                  free.delete(each);
                } else {
                  places.free(each);
                  free.add(each);
                }
              }
            }
            for (const [from, to] of asked) {
              let expected = -1;
              for (let each = from; each <= to && expected < 0; each++)
                if (free.has(each)) expected = each;
              expect(places.next(from, to)).toBe(expected);
              expect(places.isFree(from)).toBe(free.has(from));
            }
          },
        ),
        { seed: 1, numRuns: 40 },
      );
    },
  );

  it('none is free behind the last', () => {
    const places = new FreePlaces(33);
    expect([places.isFree(32), places.isFree(33), places.isFree(1000)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(places.next(33, 63)).toBe(-1);
    places.take(32);
    expect(places.next(32, 63)).toBe(-1);
    expect(places.next(5, 4)).toBe(-1);
  });
});
