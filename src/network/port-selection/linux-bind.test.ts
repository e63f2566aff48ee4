/**
 * bind() to port 0 on Linux: inet_csk_find_open_port (kernel 6.12) and inet_csk_get_port (3.10).
 * Recorded on 6.18: tests/golden/bind0.json, tiny_range_order.json.
 */

import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { listCandidates } from './candidates.ts';
import { createOlderLinuxBind } from './linux-bind-before.ts';
import { createLinuxBind, linuxBindParts } from './linux-bind.ts';
import { chooseInTurn, obstaclesOf, portsOf, requestOf } from './selection-fixtures.ts';

const upTo = (count: number, low = 40_000): number[] =>
  Array.from({ length: count }, (_, place) => low + place);
const seeds = upTo(25, 0);

describe('bind() to port 0', () => {
  it('gives the ports at an odd distance from the low end first, in a drawn order', () => {
    const firsts = new Set<number>();
    for (const seed of seeds) {
      const choices = chooseInTurn(createLinuxBind(new Random(seed)), 11);
      const ports = portsOf(choices);
      expect(ports.slice(0, 5).toSorted()).toEqual([40_001, 40_003, 40_005, 40_007, 40_009]);
      expect(ports.slice(5, 10).toSorted()).toEqual([40_000, 40_002, 40_004, 40_006, 40_008]);
      expect(ports[10]).toBe(-1);
      expect(choices[10]?.why).toMatchObject({ algorithm: 'linux-bind', considered: 10, step: 2 });
      firsts.add(ports[0] ?? -1);
    }
    expect(firsts.size).toBe(5);
  });

  it('draws a new start each time: no port follows from the last', () => {
    const algorithm = createLinuxBind(new Random(1));
    const draw = (): number => algorithm.choose(requestOf(), obstaclesOf(1)).port;
    const ports = Array.from({ length: 200 }, draw);
    const gaps = ports.slice(1).map((port, i) => (port - (ports[i] ?? 0) + 10) % 10);
    expect([...new Set(gaps)].toSorted()).toEqual([0, 2, 4, 6, 8]);
  });

  it('with SO_REUSEADDR looks through the lower half first', () => {
    for (const seed of seeds) {
      const request = requestOf({ reuseAddress: true });
      const ports = portsOf(chooseInTurn(createLinuxBind(new Random(seed)), 11, request));
      expect(ports.slice(0, 2).toSorted()).toEqual([40_001, 40_003]);
      expect(ports.slice(2, 4).toSorted()).toEqual([40_000, 40_002]);
      expect(ports.slice(4, 7).toSorted()).toEqual([40_005, 40_007, 40_009]);
      expect(ports.slice(7, 10).toSorted()).toEqual([40_004, 40_006, 40_008]);
      expect(ports[10]).toBe(-1);
    }
  });

  it.each([
    [
      40_000,
      40_009,
      true,
      [
        [40_000, 40_003],
        [40_004, 40_009],
      ],
    ],
    [
      40_000,
      40_003,
      true,
      [
        [40_000, 40_001],
        [40_002, 40_003],
      ],
    ],
    [40_000, 40_002, true, [[40_000, 40_002]]],
    [40_000, 40_009, false, [[40_000, 40_009]]],
    [
      32_768,
      60_999,
      true,
      [
        [32_768, 46_883],
        [46_884, 60_999],
      ],
    ],
  ])('halves %i–%i, SO_REUSEADDR %s, as the kernel does', (low, high, reuseAddress, parts) => {
    expect(linuxBindParts(low, high, reuseAddress)).toEqual(parts);
  });

  it.each([false, true])('tells its candidates again, SO_REUSEADDR %s', (reuseAddress) => {
    for (const seed of seeds) {
      const request = requestOf({ high: 40_011, reuseAddress });
      const choices = chooseInTurn(createLinuxBind(new Random(seed)), 13, request);
      for (const { port, why } of choices) {
        const listed = [...listCandidates(why, () => 'in-use')].map((candidate) => candidate.port);
        expect(listed.length).toBe(why.considered);
        expect(listed[0]).toBe(why.start);
        if (port >= 0) expect(listed.at(-1)).toBe(port);
        else expect(listed.toSorted()).toEqual(upTo(12));
      }
    }
  });

  it('of one port is that port, looked at in either pass', () => {
    const one = requestOf({ low: 40_001, high: 40_001 });
    const choices = chooseInTurn(createLinuxBind(new Random(1)), 2, one);
    expect(portsOf(choices)).toEqual([40_001, -1]);
    expect(choices.map(({ why }) => why.considered)).toEqual([1, 2]);
  });
});

describe('bind() to port 0 before 4.6', () => {
  it('starts anywhere and walks up port by port, round the range', () => {
    const starts = new Set<number>();
    for (const seed of seeds) {
      const algorithm = createOlderLinuxBind(new Random(seed));
      const taken = upTo(10).filter((port) => port !== 40_003 && port !== 40_007);
      const { port, why } = algorithm.choose(requestOf(), obstaclesOf(0, { bound: taken }));
      expect(port).toBe(why.start <= 40_003 || why.start > 40_007 ? 40_003 : 40_007);
      expect(why).toMatchObject({ algorithm: 'linux-bind-before-4.6', step: 1 });
      starts.add(why.start);
      const all = chooseInTurn(createOlderLinuxBind(new Random(seed)), 11);
      expect(portsOf(all.slice(0, 10)).toSorted()).toEqual(upTo(10));
      expect([all[10]?.port, all[10]?.why.considered]).toEqual([-1, 10]);
    }
    expect(starts.size).toBeGreaterThan(7);
  });
});
