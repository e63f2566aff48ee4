import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LENS_WIDTHS, lensAround, lensTicks, portAfterKey } from './lens.ts';

const port = fc.integer({ min: 0, max: 65535 });

describe('the lens on the number line', () => {
  it('always holds the chosen port, is as wide as asked and stays on the line', () => {
    fc.assert(
      fc.property(port, fc.constantFrom(...LENS_WIDTHS), (one, width) => {
        const [low, high] = lensAround(one, width);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(65535);
        expect(high - low + 1).toBe(width);
        expect(one >= low && one <= high).toBe(true);
      }),
    );
  });

  it('is marked with a few whole numbers inside it', () => {
    fc.assert(
      fc.property(port, fc.constantFrom(...LENS_WIDTHS), (one, width) => {
        const [low, high] = lensAround(one, width);
        const ticks = lensTicks(low, high);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThan(10);
        expect(ticks.every((tick) => Number.isInteger(tick) && tick >= low && tick <= high)).toBe(
          true,
        );
      }),
    );
  });

  it('is walked by keys that never leave it', () => {
    expect(portAfterKey(0, 'ArrowLeft', 100)).toBe(0);
    expect(portAfterKey(65535, 'PageUp', 100)).toBe(65535);
    expect(portAfterKey(443, 'End', 100)).toBe(1024);
    expect(portAfterKey(1024, 'Home', 100)).toBe(0);
    expect(portAfterKey(443, 'x', 100)).toBeNull();
  });
});
