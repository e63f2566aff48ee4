import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  densityOfPorts,
  placePorts,
  portAtPosition,
  positionOfPort,
  rangeSpans,
  scaleEqualParts,
  scaleTrue,
  spanOfPorts,
} from './number-line-geometry.ts';

const whole = scaleTrue();
const low = scaleTrue(0, 1023);
const scales = fc.constantFrom(whole, low, scaleEqualParts, scaleTrue(32768, 60999));

describe('the number line', () => {
  it('gives the well-known ports their true one and a half percent', () => {
    expect(spanOfPorts(whole, 0, 1023)).toEqual({ from: 0, to: 1024 / 65536 });
  });

  it('gives each range a third on the unscaled line', () => {
    expect(rangeSpans(scaleEqualParts).map(({ from, to }) => [from * 3, to * 3])).toEqual([
      [0, 1],
      [1, 2],
      [2, 3],
    ]);
  });

  it('finds every port again where it stands', () => {
    fc.assert(
      fc.property(scales, fc.integer({ min: 0, max: 65535 }), (scale, port) => {
        const position = positionOfPort(scale, port);
        if (position !== null) expect(portAtPosition(scale, position)).toBe(port);
      }),
    );
  });

  it('never puts a higher port further left', () => {
    const port = fc.integer({ min: 0, max: 65535 });
    fc.assert(
      fc.property(scales, port, port, (scale, a, b) => {
        const [x, y] = [positionOfPort(scale, a), positionOfPort(scale, b)];
        if (x !== null && y !== null) expect(Math.sign(x - y)).toBe(Math.sign(a - b));
      }),
    );
  });

  it('holds places beyond its ends to its first and last port', () => {
    expect(portAtPosition(whole, -3)).toBe(0);
    expect(portAtPosition(whole, 1)).toBe(65535);
    expect(portAtPosition(low, 2)).toBe(1023);
  });

  it('leaves out what a window does not show', () => {
    expect(positionOfPort(low, 1024)).toBeNull();
    expect(spanOfPorts(low, 2000, 3000)).toBeNull();
    expect(spanOfPorts(low, 512, 3000)).toEqual({ from: 0.5, to: 1 });
    expect(rangeSpans(low).map(({ range }) => range)).toEqual(['well-known']);
    expect(placePorts(low, [443, 80, 8080, 80]).map(({ port }) => port)).toEqual([80, 443]);
  });

  it('counts ports into bins without losing any', () => {
    const counts = densityOfPorts(whole, [0, 1, 32768, 65535], 4);
    expect([...counts]).toEqual([2, 0, 1, 1]);
  });

  it('refuses a window that is none', () => {
    expect(() => scaleTrue(9, 3)).toThrow(RangeError);
    expect(() => scaleTrue(0, 70000)).toThrow(RangeError);
  });
});
