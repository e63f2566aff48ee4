import { expect, it } from 'vitest';
import { highestPort, isDestinationPort, isPort, portRanges, rangeOf } from './port-ranges.ts';

it('knows the range at every edge', () => {
  expect([0, 1023, 1024, 49151, 49152, 65535].map(rangeOf)).toEqual([
    'well-known',
    'well-known',
    'registered',
    'registered',
    'ephemeral',
    'ephemeral',
  ]);
});

it('covers 65,536 ports without gap or overlap', () => {
  expect(portRanges.map(({ low, high }) => high - low + 1)).toEqual([1024, 48128, 16384]);
  expect(portRanges[2].high).toBe(highestPort);
});

it('refuses what is not a port', () => {
  for (const value of [-1, 65536, 80.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(isPort(value)).toBe(false);
    expect(() => rangeOf(value)).toThrow(RangeError);
  }
});

it('knows that nothing can be sent to port 0', () => {
  expect([0, 1, 65535, 65536, '80', null].map(isPort)).toEqual([
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect([0, 1, 65535, 65536, '80', null].map(isDestinationPort)).toEqual([
    false,
    true,
    true,
    false,
    false,
    false,
  ]);
});
