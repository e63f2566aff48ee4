import { describe, expect, it } from 'vitest';
import type { Run } from './obstacles.ts';
import { pass, walkLength } from './parity-passes.ts';
import { downwards, upwards } from './round-the-range.ts';

const portsOf = (runs: readonly Run[]): number[] =>
  runs.flatMap(({ first, step, count }) =>
    Array.from({ length: count }, (_, i) => first + i * step),
  );

describe('a pass round a range', () => {
  it.each([
    [40_000, 40_000, 1],
    [40_000, 40_001, 2],
    [40_000, 40_002, 2],
    [32_768, 60_999, 28_232],
    [32_768, 61_000, 28_232],
  ])('of %i–%i goes round %i places: an odd number loses one', (low, high, length) => {
    expect(walkLength(low, high)).toBe(length);
  });

  it('goes in steps of two from any start, and each port of the parity comes once', () => {
    expect(portsOf(pass(40_000, 40_009, 10, 4, 2))).toEqual([
      40_004, 40_006, 40_008, 40_000, 40_002,
    ]);
    expect(portsOf(pass(40_000, 40_009, 10, 0, 2))).toEqual([
      40_000, 40_002, 40_004, 40_006, 40_008,
    ]);
    expect(portsOf(pass(40_000, 40_009, 10, 9, 2))).toEqual([
      40_009, 40_001, 40_003, 40_005, 40_007,
    ]);
  });

  it('begins one round lower where its start lies above the range', () => {
    expect(portsOf(pass(40_000, 40_009, 10, 10, 2))).toEqual([
      40_000, 40_002, 40_004, 40_006, 40_008,
    ]);
  });

  it('of an odd number of ports reaches the last one only from above', () => {
    expect(portsOf(pass(40_000, 40_010, 10, 4, 2))).toEqual([
      40_004, 40_006, 40_008, 40_010, 40_002,
    ]);
    expect(portsOf(pass(40_000, 40_002, 2, 0, 2))).toEqual([40_000]);
  });

  it('in steps of one takes every port', () => {
    expect(portsOf(pass(40_000, 40_003, 4, 2, 1))).toEqual([40_002, 40_003, 40_000, 40_001]);
    expect(pass(40_000, 40_003, 4, 0, 1)).toEqual([{ first: 40_000, step: 1, count: 4 }]);
  });
});

describe('a walk round a range', () => {
  it.each([
    [40_000, [40_000, 40_001, 40_002], [40_000, 40_002, 40_001]],
    [40_001, [40_001, 40_002, 40_000], [40_001, 40_000, 40_002]],
    [40_002, [40_002, 40_000, 40_001], [40_002, 40_001, 40_000]],
  ])('from %i, up and down', (start, up, down) => {
    expect(portsOf(upwards(40_000, 40_002, start))).toEqual(up);
    expect(portsOf(downwards(40_000, 40_002, start))).toEqual(down);
  });

  it('is one run where it starts at the end', () => {
    expect(upwards(40_000, 40_002, 40_000)).toHaveLength(1);
    expect(downwards(40_000, 40_002, 40_002)).toHaveLength(1);
  });
});
