import { describe, expect, it } from 'vitest';
import { isPort, rangeOf } from '../../network/port-ranges.ts';
import { TELLING_PORTS, portToSort } from './sorter-deck.ts';

describe('the numbers to sort', () => {
  it('begin with every telling number once, in an order of the seed', () => {
    const first = TELLING_PORTS.map((_, index) => portToSort(1, index));
    expect([...first].sort((a, b) => a - b)).toEqual(TELLING_PORTS);
    expect(first).not.toEqual(TELLING_PORTS.map((_, index) => portToSort(2, index)));
  });

  it('go on for ever with ports, each range about as often', () => {
    const count = { 'well-known': 0, registered: 0, ephemeral: 0 };
    for (let index = TELLING_PORTS.length; index < 3000; index += 1) {
      const port = portToSort(1, index);
      expect(isPort(port)).toBe(true);
      count[rangeOf(port)] += 1;
    }
    for (const share of Object.values(count)) expect(share).toBeGreaterThan(850);
  });
});
