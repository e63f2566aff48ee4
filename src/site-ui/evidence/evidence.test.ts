import { describe, expect, it } from 'vitest';
import { recorded, type Runs } from './recordings.ts';
import { simulated } from './simulated.ts';
import {
  behindReservedShare,
  evenFirstRuns,
  firstPortShares,
  gapShares,
  oddShare,
  type Share,
} from './statistics.ts';

/** Pearson's statistic of two samples of sizes `n` and `m` over the same classes. */
function chiSquared(a: readonly Share[], n: number, b: readonly Share[], m: number): number {
  return a.reduce((sum, { share }, index) => {
    const other = b[index]?.share ?? 0;
    const pooled = (share * n + other * m) / (n + m);
    return sum + ((share - other) ** 2 / pooled) * ((n * m) / (n + m));
  }, 0);
}

/** Upper 0.1 % points of the chi-squared distribution with 7 and 9 degrees of freedom. */
const critical = { 7: 24.32, 9: 27.88 };

const gapCount = ({ sameDestination }: Runs) =>
  sameDestination.reduce((sum, run) => sum + run.length - 1, 0);

describe('the page on the simulator shows an engine that agrees with the kernel', () => {
  // With 9,995 gaps a side this finds one of the eight steps being 2 points more or less likely.
  it('in the gaps between successive ports', () => {
    const [n, m] = [gapCount(recorded), gapCount(simulated)];
    expect(n).toBe(m);
    expect(chiSquared(gapShares(recorded), n, gapShares(simulated), m)).toBeLessThan(critical[7]);
    const regular = gapShares(simulated).reduce((sum, { share }) => sum + share, 0);
    expect(regular).toBeGreaterThan(0.998);
  });

  // With 2,000 ports a side this finds one tenth of the range being 4 points more or less likely.
  it('in where the first port lies', () => {
    const [n, m] = [recorded.manyDestinations.length, simulated.manyDestinations.length];
    const statistic = chiSquared(firstPortShares(recorded), n, firstPortShares(simulated), m);
    expect(statistic).toBeLessThan(critical[9]);
    expect(simulated.manyDestinations.every((port) => port % 2 === 0)).toBe(true);
  });

  it('in using even ports first, all ten, in every run', () => {
    expect(evenFirstRuns(recorded)).toBe(200);
    expect(evenFirstRuns(simulated)).toBe(200);
  });

  // UDP: 2,000 draws at one half; four standard errors of a difference are 6.3 points.
  it('in which call gets which parity', () => {
    for (const runs of [recorded, simulated]) {
      expect(oddShare(runs.manyDestinations)).toBe(0);
      expect(oddShare(runs.bindZero)).toBe(1);
    }
    expect(Math.abs(oddShare(recorded.datagram) - oddShare(simulated.datagram))).toBeLessThan(
      0.063,
    );
  });

  it('in where connect() begins to cost: when the first parity is used up', () => {
    const jumps = (runs: Runs) =>
      runs.searchCost.filter(({ mean }, i) => mean > 50 * (runs.searchCost[i - 1]?.mean ?? mean));
    expect(jumps(recorded).map(({ open }) => open)).toEqual([15_000]);
    expect(jumps(simulated).map(({ open }) => open)).toEqual([15_000]);
    // Every call past it walks all 14,116 ports of the first parity.
    expect(simulated.searchCost.at(-1)?.mean).toBeGreaterThan(14_116);
  });

  // 2,000 draws at 0.982: four standard errors are 1.2 points.
  it('in what lies behind a reserved block', () => {
    expect(Math.abs(behindReservedShare(simulated) - behindReservedShare(recorded))).toBeLessThan(
      0.012 * Math.SQRT2,
    );
  });

  it('in how long a port stays taken, but for the coarseness of the kernel’s timers', () => {
    for (const wait of ['finTimeout60', 'finTimeout5', 'reuseOff', 'reuseOn'] as const) {
      const surplus = recorded.timeWait[wait] - simulated.timeWait[wait];
      expect(surplus, wait).toBeGreaterThanOrEqual(0);
      expect(surplus, wait).toBeLessThan(2);
    }
  });
});
