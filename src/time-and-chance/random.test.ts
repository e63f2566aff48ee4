import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

const draw = (random: Random, count: number): number[] =>
  Array.from({ length: count }, () => random.uint32());

describe('Random', () => {
  it('gives the same numbers for the same seed for ever', () => {
    expect(draw(new Random(42), 4)).toEqual([2741141221, 3538785764, 1598721429, 129920886]);
    expect(draw(new Random(0), 2)).toEqual([1433440615, 4250659042]);
  });

  it('gives other numbers for another seed, in either half', () => {
    const first = draw(new Random(1), 4);
    expect(draw(new Random(2), 4)).not.toEqual(first);
    expect(draw(new Random(1, 1), 4)).not.toEqual(first);
  });

  it('forks by name, whatever was drawn before', () => {
    const parent = new Random(7);
    const early = draw(parent.fork('client'), 4);
    draw(parent, 100);
    expect(draw(parent.fork('client'), 4)).toEqual(early);
    expect(draw(parent.fork('clienu'), 4)).not.toEqual(early);
    expect(draw(new Random(8).fork('client'), 4)).not.toEqual(early);
    expect(draw(parent.fork('client').fork('tcp'), 4)).not.toEqual(early);
  });

  it('does not move the parent when forked', () => {
    const forked = new Random(7);
    forked.fork('a');
    expect(draw(forked, 4)).toEqual(draw(new Random(7), 4));
  });

  it('takes up a saved state again', () => {
    const random = new Random(3);
    draw(random, 10);
    const state = random.save();
    const after = draw(random, 5);
    random.restore(state);
    expect(draw(random, 5)).toEqual(after);
    const other = new Random(99);
    other.restore(state);
    expect(draw(other, 5)).toEqual(after);
  });

  it.each([1, 2, 7, 8, 500, 28232, 65536, 2 ** 31, 3 * 2 ** 30, 2 ** 32])(
    'stays below %i',
    (limit) => {
      const random = new Random(limit);
      for (let i = 0; i < 2000; i++) {
        const value = random.below(limit);
        expect(Number.isInteger(value) && value >= 0 && value < limit).toBe(true);
      }
    },
  );

  it.each([0, -1, 1.5, 2 ** 32 + 1, Number.NaN])('refuses the limit %d', (limit) => {
    expect(() => new Random(1).below(limit)).toThrow(new RangeError(`below(${limit})`));
  });

  // Chi-square with 9 degrees of freedom, significance 0.001: limit 27.88. With 100,000 draws it
  // notices one value in ten being favoured by about 5 % (power > 0.95).
  it.each([10, 3 * 2 ** 30])('is even in tenths below %i', (limit) => {
    const random = new Random(11);
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const tenth = Math.floor((random.below(limit) / limit) * 10);
      counts[tenth] = (counts[tenth] ?? 0) + 1;
    }
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(
      27.88,
    );
  });

  it('gives fractions in [0, 1)', () => {
    const random = new Random(5);
    let sum = 0;
    for (let i = 0; i < 10_000; i++) {
      const value = random.fraction();
      expect(value >= 0 && value < 1).toBe(true);
      sum += value;
    }
    // Standard error 0.0029; five of them.
    expect(Math.abs(sum / 10_000 - 0.5)).toBeLessThan(0.0145);
  });

  it('makes a fraction of 27 bits of one number and 26 of the next', () => {
    const [first = 0, second = 0] = draw(new Random(5), 2);
    const bits = Math.floor(first / 32) * 2 ** 26 + Math.floor(second / 64);
    expect(new Random(5).fraction()).toBe(bits / 2 ** 53);
  });

  it('gives keys of 128 bits', () => {
    expect(new Random(5).key()).toEqual(draw(new Random(5), 4));
  });
});
