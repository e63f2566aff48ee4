import { describe, expect, it } from 'vitest';
import { drawFailures, drawSuccesses } from './distributions.ts';
import { Random } from './random.ts';

const draws = 40_000;

/** Pearson's statistic of counts against exact chances, and how many categories it has. */
function compare(sample: readonly number[], chanceOf: (value: number) => number): [number, number] {
  const counts = new Map<number, number>();
  for (const value of sample) counts.set(value, (counts.get(value) ?? 0) + 1);
  let [statistic, categories, restSeen, restExpected] = [0, 0, sample.length, sample.length];
  for (const [value, seen] of counts) {
    const expected = chanceOf(value) * sample.length;
    if (expected < 5) continue;
    statistic += (seen - expected) ** 2 / expected;
    categories++;
    restSeen -= seen;
    restExpected -= expected;
  }
  if (restExpected > 1) statistic += (restSeen - restExpected) ** 2 / restExpected;
  return [statistic, categories];
}

function binomial(trials: number, chance: number): (successes: number) => number {
  const logs = [0];
  for (let n = 1; n <= trials; n++) logs.push((logs[n - 1] ?? 0) + Math.log(n));
  const log = (n: number): number => logs[n] ?? 0;
  return (successes) =>
    Math.exp(
      log(trials) -
        log(successes) -
        log(trials - successes) +
        successes * Math.log(chance) +
        (trials - successes) * Math.log(1 - chance),
    );
}

// A statistic above its mean by five standard deviations comes by luck in fewer than one of 100,000
// tests; a chance that is wrong by a tenth in each category gives some 0.01 × 40,000 = 400 more.
const bound = (categories: number): number => categories + 5 * Math.sqrt(2 * categories) + 5;

describe('what is drawn at once', () => {
  it.each([0.05, 0.5, 0.9, 0.99])('failures of chance %s before the first success', (failing) => {
    const random = new Random(1);
    const sample = Array.from({ length: draws }, () => drawFailures(random, failing));
    const [statistic, categories] = compare(sample, (k) => failing ** k * (1 - failing));
    expect(statistic).toBeLessThan(bound(categories));
  });

  it.each([
    [1, 0.3],
    [10, 0.5],
    [25, 0.02],
    [400, 0.9],
    [28_232, 0.25],
    [28_232, 0.0001],
  ])('successes of %i trials of chance %s', (trials, chance) => {
    const random = new Random(2);
    const sample = Array.from({ length: draws }, () => drawSuccesses(random, trials, chance));
    const [statistic, categories] = compare(sample, binomial(trials, chance));
    expect(statistic).toBeLessThan(bound(categories));
    expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...sample)).toBeLessThanOrEqual(trials);
  });

  /** Luck that always gives one fraction. */
  class Fixed extends Random {
    readonly #fraction: number;
    constructor(fraction: number) {
      super(0);
      this.#fraction = fraction;
    }
    override fraction(): number {
      return this.#fraction;
    }
  }

  // Of four trials of chance 3/4: 0 to 4 successes have 1, 12, 54, 108 and 81 chances of 256. The
  // likeliest number comes first, then the next above, the next below, and so on.
  it.each([
    [0, 3],
    [107.9, 3],
    [108.1, 4],
    [188.9, 4],
    [189.1, 2],
    [242.9, 2],
    [243.1, 1],
    [254.9, 1],
    [255.1, 0],
    [255.9, 0],
  ])('%s of 256 parts of luck make %i of four', (parts, successes) => {
    expect(drawSuccesses(new Fixed(parts / 256), 4, 0.75)).toBe(successes);
  });

  // Of four of chance 1/4 the likeliest is 1: what is below it ends sooner.
  it.each([
    [107, 1],
    [161, 2],
    [242, 0],
    [254, 3],
    [255.9, 4],
  ])('%s of 256 parts of luck make %i of four unlikely ones', (parts, successes) => {
    expect(drawSuccesses(new Fixed(parts / 256), 4, 0.25)).toBe(successes);
  });

  it('the likeliest number of 40 even chances is as likely as counting says', () => {
    const chance = 137_846_528_820 / 2 ** 40;
    expect(drawSuccesses(new Fixed(chance * (1 - 1e-11)), 40, 0.5)).toBe(20);
    expect(drawSuccesses(new Fixed(chance * (1 + 1e-11)), 40, 0.5)).toBe(21);
  });

  it('the last bit of luck is a number of successes too', () => {
    for (const trials of [1, 7, 30, 400]) {
      const successes = drawSuccesses(new Fixed(1 - 2 ** -53), trials, 0.3);
      expect(successes).toBeGreaterThanOrEqual(0);
      expect(successes).toBeLessThanOrEqual(trials);
    }
  });

  it('what is certain needs no luck', () => {
    const random = new Random(3);
    const before = random.save();
    expect([drawFailures(random, 0), drawFailures(random, 1)]).toEqual([0, Infinity]);
    expect([0, 1].map((chance) => drawSuccesses(random, 7, chance))).toEqual([0, 7]);
    expect(drawSuccesses(random, 0, 0.5)).toBe(0);
    expect(random.save()).toEqual(before);
  });
});
