import { expect, it } from 'vitest';
import {
  chiSquareTail,
  fitsShares,
  isBinomial,
  isEvenlySpread,
  isUniform,
  sameDistribution,
} from './statistics.ts';

it.each([
  // Tables of the chi-square distribution.
  [3.841, 1, 0.05],
  [18.307, 10, 0.05],
  [27.877, 9, 0.001],
  [10.828, 1, 0.001],
  [2.558, 10, 0.99],
  [149.449, 100, 0.001],
])('the chance of %f or more with %i degrees of freedom', (x, degrees, chance) => {
  expect(chiSquareTail(x, degrees)).toBeCloseTo(chance, 3);
});

it('knows even counts from uneven ones', () => {
  expect(isUniform([100, 104, 96, 100])).toBeGreaterThan(0.9);
  expect(isUniform([150, 80, 85, 85])).toBeLessThan(0.001);
  expect(fitsShares([80, 20], [0.8, 0.2])).toBe(1);
  expect(fitsShares([80, 20, 1], [0.8, 0.2, 0])).toBe(0);
});

it('knows two samples of one kind from two of two kinds', () => {
  const evens = Array.from({ length: 300 }, (_, i) => i % 3);
  expect(sameDistribution(evens, evens)).toBe(1);
  expect(
    sameDistribution(
      evens,
      evens.map((value) => (value === 2 ? 1 : value)),
    ),
  ).toBeLessThan(0.001);
});

it('knows spread numbers from bunched ones', () => {
  const even = Array.from({ length: 1000 }, (_, i) => (i + 0.5) / 1000);
  expect(isEvenlySpread(even)).toBeGreaterThan(0.99);
  expect(isEvenlySpread(even.map((value) => value ** 1.3))).toBeLessThan(0.001);
});

it('counts the tails of the binomial distribution', () => {
  // Ten throws, none or all heads: 2 / 1024.
  expect(isBinomial(0, 10, 0.5)).toBeCloseTo(2 / 1024, 9);
  expect(isBinomial(405, 2000, 0.2)).toBeGreaterThan(0.5);
});
