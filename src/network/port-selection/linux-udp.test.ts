/** Linux' search for a UDP port (net/ipv4/udp.c:udp_lib_get_port), with tables of few slots. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { listCandidates } from './candidates.ts';
import { createLinuxUdp, linuxUdpCandidates } from './linux-udp.ts';
import { chooseInTurn, obstaclesOf, portsOf, requestOf } from './selection-fixtures.ts';

const upTo = (count: number, low = 40_000): number[] =>
  Array.from({ length: count }, (_, place) => low + place);

describe('the candidates of UDP on Linux', () => {
  it('are the ports of one slot, in the order of the multiplier, then those of the next', () => {
    const order = [...linuxUdpCandidates(0, 65_535, 5, { slots: 16_384, multiplier: 3 })];
    expect(order.slice(0, 8)).toEqual([5, 49_157, 32_773, 16_389, 6, 49_158, 32_774, 16_390]);
    expect(new Set(order).size).toBe(65_536);
  });

  it('lie in the range: what lies outside is not looked at', () => {
    expect([
      ...linuxUdpCandidates(40_000, 40_003, 40_002, { slots: 16_384, multiplier: 1 }),
    ]).toEqual([40_002, 40_003, 40_000, 40_001]);
    expect([...linuxUdpCandidates(10, 30, 20, { slots: 16, multiplier: 1 })].slice(0, 4)).toEqual([
      20, 21, 22, 23,
    ]);
  });

  it('go round after 65,535', () => {
    const order = [...linuxUdpCandidates(65_530, 65_535, 65_534, { slots: 65_536, multiplier: 1 })];
    expect(order).toEqual([65_534, 65_535, 65_530, 65_531, 65_532, 65_533]);
  });
});

describe('UDP on Linux', () => {
  it('gives every port of a range, even or odd, each once', () => {
    for (const high of [40_000, 40_001, 40_009, 40_010]) {
      const algorithm = createLinuxUdp(new Random(high));
      const count = high - 40_000 + 1;
      const selections = chooseInTurn(algorithm, count + 1, requestOf({ high }));
      expect(portsOf(selections.slice(0, count)).toSorted()).toEqual(upTo(count));
      const full = selections.at(-1);
      expect([full?.port, full?.why.considered]).toEqual([-1, count]);
      expect(full?.why.skipped).toEqual({ 'in-use': count });
      expect(full?.why.firstSkipped).toHaveLength(Math.min(8, count));
    }
  });

  it('looks at all ports of the table where all are taken', () => {
    const all = obstaclesOf(14, { bound: upTo(65_536, 0) });
    for (const seed of [1, 2, 3]) {
      const request = requestOf({ low: 0, high: 65_535 });
      const { port, why } = createLinuxUdp(new Random(seed)).choose(request, all);
      expect([port, why.considered, why.skipped]).toEqual([-1, 65_536, { bound: 65_536 }]);
    }
  });

  it('starts anywhere in the range, at its ends too', () => {
    const algorithm = createLinuxUdp(new Random(1));
    const starts = Array.from(
      { length: 120 },
      () => algorithm.choose(requestOf(), obstaclesOf(14)).why.start,
    );
    expect([...new Set(starts)].toSorted()).toEqual(upTo(10));
  });

  it('follows the range when that is changed', () => {
    const algorithm = createLinuxUdp(new Random(1));
    for (const [low, high] of [
      [40_000, 40_003],
      [40_000, 40_001],
      [39_998, 40_001],
      [0, 3],
      [60_000, 60_003],
    ] as const) {
      const taken = upTo(high - low + 1, low).filter((port) => port !== low + 1);
      const obstacles = obstaclesOf(14, { bound: taken });
      expect(algorithm.choose(requestOf({ low, high }), obstacles).port).toBe(low + 1);
    }
    expect(
      algorithm.choose(requestOf({ low: 0, high: 65_535 }), obstaclesOf(14)).why.considered,
    ).toBe(1);
  });

  it.each([256, 4096, 16_384])(
    'with %i slots finds and counts what a walk through the candidates would',
    (slots) => {
      const place = fc.nat(600);
      fc.assert(
        fc.property(
          fc.nat(1000),
          fc.constantFrom(0, 300, 40_000, 64_900),
          fc.integer({ min: 1, max: 600 }),
          fc.array(fc.tuple(place, fc.nat(400)), { maxLength: 4 }),
          fc.array(fc.tuple(place, fc.nat(20)), { maxLength: 4 }),
          (seed, low, span, bound, reserved) => {
            const high = Math.min(65_535, low + span);
            const portsIn = (stretches: [number, number][]): number[] =>
              stretches.flatMap(([from, length]) =>
                upTo(length, low + from).filter((port) => port <= high),
              );
            const own = Math.log2(slots);
            const obstacles = obstaclesOf(own, {
              reserved: portsIn(reserved),
              bound: portsIn(bound),
            });
            const { port, why } = createLinuxUdp(new Random(seed), slots).choose(
              requestOf({ low, high }),
              obstacles,
            );
            let considered = 0;
            const skipped: Record<string, number> = {};
            const named: [number, string][] = [];
            let expected = -1;
            for (const each of linuxUdpCandidates(low, high, why.start, why.parameters ?? {})) {
              considered++;
              const reason = obstacles.reasonFor(each);
              if (reason === null) {
                expected = each;
                break;
              }
              skipped[reason] = (skipped[reason] ?? 0) + 1;
              if (named.length < 8) named.push([each, reason]);
            }
            expect([port, why.considered, why.skipped]).toEqual([expected, considered, skipped]);
            expect((why.firstSkipped ?? []).map(({ first, reason }) => [first, reason])).toEqual(
              named,
            );
            expect(why.range).toEqual([low, high]);
          },
        ),
        { seed: 768, numRuns: 25 },
      );
    },
  );

  it('tells its candidates again, over a range wider than its table', () => {
    const algorithm = createLinuxUdp(new Random(2));
    for (let i = 0; i < 3; i++) {
      const request = requestOf({ low: 1024, high: 65_535 });
      const first = algorithm.choose(request, obstaclesOf(14)).why;
      const slot = [...linuxUdpCandidates(1024, 65_535, first.start, first.parameters ?? {})].slice(
        0,
        3,
      );
      const { port, why } = algorithm.choose(
        request,
        obstaclesOf(14, { bound: upTo(64_000, 1024) }),
      );
      const listed = [...listCandidates(why, () => 'bound')].map((candidate) => candidate.port);
      expect([listed.length, listed[0], listed.at(-1)]).toEqual([why.considered, why.start, port]);
      expect(slot.map((each) => each % 16_384)).toEqual(new Array(3).fill(first.start % 16_384));
    }
  });

  it('says how it chose', () => {
    const { why } = createLinuxUdp(new Random(1)).choose(requestOf(), obstaclesOf(14));
    expect(why).toMatchObject({ algorithm: 'linux-udp', step: 1, considered: 1, skipped: {} });
    expect(why.parameters?.['slots']).toBe(16_384);
    expect((why.parameters?.['multiplier'] ?? 0) % 2).toBe(1);
    expect(why.firstSkipped).toBe(undefined);
  });
});
