/** How late a Linux timer is, against what a kernel of 250 ticks a second did. */

import { describe, expect, it } from 'vitest';
import states from '../../../tests/golden/states.json' with { type: 'json' };
import { Random } from '../../time-and-chance/random.ts';
import { TimerWheel } from './timer-wheel.ts';

const wheel = (seed: number, hz = 250): TimerWheel => new TimerWheel(hz, new Random(seed));

describe('a timer wheel', () => {
  it.each([
    [248, 4],
    [252, 32],
    [2012, 32],
    [2016, 256],
    [16_124, 256],
    [16_128, 2048],
    [129_020, 2048],
    [129_024, 16_384],
  ])('of 250 ticks: %s ms may be %s ms late, never early', (delayMs, mostMs) => {
    const late = Array.from({ length: 500 }, (_, seed) => {
      const nowMs = seed * 52;
      return wheel(seed).lasts(nowMs, delayMs) - delayMs;
    });
    expect(Math.min(...late)).toBeGreaterThan(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(mostMs);
    expect(Math.max(...late)).toBeGreaterThan(mostMs * 0.9);
  });

  it('ends those that are set together in one lump, two seconds apart', () => {
    for (let seed = 1; seed < 20; seed++) {
      const one = wheel(seed);
      const ends = Array.from({ length: 200 }, (_, n) => n * 25 + one.lasts(n * 25, 60_000));
      const lumps = [...new Set(ends.map((end) => Math.round(end)))];
      expect([3, 4]).toContain(lumps.length);
      for (const [place, lump] of lumps.slice(1).entries())
        expect(lump - (lumps[place] ?? 0)).toBe(2048);
    }
  });

  it('has 200 TIME-WAITs last what they lasted: as often, and in as many lumps', () => {
    const recorded = states.data['TIME-WAIT_lengths'];
    const lumps = Object.keys(recorded['moments_of_expiry_s_since_start (count)']).map(Number);
    for (const [place, lump] of lumps.slice(1).entries())
      expect(lump - (lumps[place] ?? 0)).toBeCloseTo(2.05, 0);
    // The phase of the recording: the wheel of some seed ends its first lump when the kernel did.
    const first = (seed: number): number => wheel(seed).lasts(0, 60_000) / 1000;
    const seed = Array.from({ length: 2000 }, (_, n) => n).find(
      (one) => Math.abs(first(one) - (recorded.lasted_s[0] ?? 0)) < 0.01,
    );
    const one = wheel(seed ?? 0);
    const closedEveryMs = recorded.closed_every_ms;
    for (const [place, lasted] of recorded.lasted_s.entries()) {
      const own = one.lasts(place * closedEveryMs, 60_000) / 1000;
      // At the edge of a lump the recording's clock may have been in the next one.
      const off = Math.min(Math.abs(own - lasted), Math.abs(Math.abs(own - lasted) - 2.048));
      expect(off).toBeLessThan(0.05);
    }
  });

  it('counts longer ticks in longer buckets', () => {
    const late = Array.from({ length: 200 }, (_, n) => wheel(n, 1000).lasts(0, 60_000) - 60_000);
    expect(Math.max(...late)).toBeLessThanOrEqual(4096);
    expect(Math.max(...late)).toBeGreaterThan(3500);
  });
});
