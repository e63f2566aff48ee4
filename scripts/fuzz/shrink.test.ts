import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../src/time-and-chance/random.ts';
import { drawAct } from './acts.ts';
import { shrink } from './shrink.ts';

describe('shrinking steps that fail', () => {
  it('leaves exactly those that are needed, in their order', async () => {
    const needed = fc.uniqueArray(fc.nat(39), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(needed, async (needs) => {
        const steps = Array.from({ length: 40 }, (_, step) => step);
        const fails = (some: readonly number[]) =>
          Promise.resolve(needs.every((step) => some.includes(step)));
        expect(await shrink(steps, fails, 10_000)).toEqual(needs.toSorted((a, b) => a - b));
      }),
    );
  });

  it('ends at its limit with steps that fail', async () => {
    let tries = 0;
    const fails = (some: readonly number[]) => {
      tries += 1;
      return Promise.resolve(some.includes(3));
    };
    const steps = Array.from({ length: 64 }, (_, step) => step);
    expect(await shrink(steps, fails, 5)).toContain(3);
    expect(tries).toBe(5);
  });
});

it('a seed draws the same acts again, and in time every kind', () => {
  const draw = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 600 }, () => drawAct(random));
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(new Set(draw(7).map((act) => act.do)).size).toBe(15);
});
