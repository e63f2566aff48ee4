import { describe, expect, it } from 'vitest';
import { tune } from './tune.ts';
import { DESTINATIONS, memoTuning, type Tuned } from './tuning.ts';

function tuned(low: number, high: number, reserved: string): Tuned {
  const outcome = tune(low, high, reserved);
  if (!outcome.ok) throw new Error(outcome.refused);
  return outcome;
}

describe('the range tuner', () => {
  it('the memo’s list leaves 499 ports, and 60502 gets nearly every first connection', () => {
    const { low, high, reserved } = memoTuning;
    const { left, leftEven, list, favourite } = tuned(low, high, reserved);
    expect([left, leftEven, list]).toEqual([499, 249, '32768-60500']);
    expect(favourite?.port).toBe(60_502);
    // The recording: 1,970 of 2,000.
    expect(favourite?.count).toBeGreaterThan(960);
  });

  it('without a list no port is a favourite, and all picks lie in the range', () => {
    const { left, next, favourite, bins } = tuned(32_768, 60_999, '');
    expect(left).toBe(28_232);
    expect(next).not.toBeNull();
    expect(favourite?.count).toBeLessThan(5);
    expect(bins.reduce((sum, count) => sum + count, 0)).toBe(DESTINATIONS);
    expect(bins.slice(0, 32).every((count) => count === 0)).toBe(true);
  });

  it('reads the list back as the kernel does, and counts what lies outside as no loss', () => {
    const { list, left } = tuned(40_000, 40_009, '40000,40001,40002,40004,8080');
    expect(list).toBe('8080,40000-40002,40004');
    expect(left).toBe(6);
  });

  it('refuses what the kernel refuses, and says when nothing is left', () => {
    expect(tune(60_000, 50_000, '')).toEqual({ ok: false, refused: 'range' });
    expect(tune(1000, 50_000, '')).toEqual({ ok: false, refused: 'range' });
    expect(tune(40_000, 40_009, '8080, 9148')).toEqual({ ok: false, refused: 'reserved' });
    expect(tuned(40_000, 40_009, '40000-40009')).toMatchObject({ left: 0, next: null });
  });
});
