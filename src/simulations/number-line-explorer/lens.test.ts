import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LENS_WIDTHS, lensAround, lensTicks, markNear, namedMarks, portAfterKey } from './lens.ts';

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

  it('names marks that are not in each other’s way, the chosen one before all', () => {
    const marks = [
      { port: 20, position: 0.1 },
      { port: 22, position: 0.12 },
      { port: 80, position: 0.5 },
    ];
    const ports = (chosen: number) => namedMarks(marks, 0.1, chosen).map(({ port: one }) => one);
    expect(ports(443)).toEqual([20, 80]);
    expect(ports(22)).toEqual([22, 80]);
  });

  it('snaps to the nearest mark in reach, and to none beyond it', () => {
    const marks = [
      { port: 20, position: 0.1 },
      { port: 22, position: 0.12 },
    ];
    expect(markNear(marks, 0.115, 0.03)).toBe(22);
    expect(markNear(marks, 0.08, 0.03)).toBe(20);
    expect(markNear(marks, 0.2, 0.03)).toBeNull();
  });

  it('is walked by keys that never leave it', () => {
    expect(portAfterKey(0, 'ArrowLeft', 100)).toBe(0);
    expect(portAfterKey(65535, 'PageUp', 100)).toBe(65535);
    expect(portAfterKey(443, 'End', 100)).toBe(1024);
    expect(portAfterKey(1024, 'Home', 100)).toBe(0);
    expect(portAfterKey(443, 'x', 100)).toBeNull();
  });
});
