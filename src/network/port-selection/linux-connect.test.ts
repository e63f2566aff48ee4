/**
 * A connecting TCP socket's port on Linux, by generation. Sources: the files of the kernel that
 * linux-connect.ts and linux-connect-before.ts name; gaps, halves and the ten seconds as recorded on
 * 6.18 (tests/golden: parity_default, interactions, reserved).
 */

import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import type { PortAlgorithm, SelectionRequest } from './algorithm.ts';
import { listCandidates } from './candidates.ts';
import { createOlderLinuxConnect } from './linux-connect-before.ts';
import { createLinuxConnect, linuxConnectDefaults } from './linux-connect.ts';
import { chooseInTurn, obstaclesOf, portsOf, requestOf } from './selection-fixtures.ts';

const wide = { low: 32_768, high: 60_999 };
const wideCount = 28_232;

const free = (algorithm: PortAlgorithm, difference: Partial<SelectionRequest> = {}): number =>
  algorithm.choose(requestOf(difference), obstaclesOf(algorithm.rotation)).port;

/** How far up each port lies from the one before, round the range. */
function gapsOf(ports: readonly number[], count = wideCount): number[] {
  return ports.slice(1).map((port, i) => (port - (ports[i] ?? 0) + count) % count);
}

const gapsTo = (
  algorithm: PortAlgorithm,
  count: number,
  difference: Partial<SelectionRequest>,
): number[] => gapsOf(Array.from({ length: count }, () => free(algorithm, difference)));

const distinct = (numbers: readonly number[]): number[] =>
  [...new Set(numbers)].toSorted((a, b) => a - b);

const upTo = (count: number, low = 40_000): number[] =>
  Array.from({ length: count }, (_, place) => low + place);

describe('Linux 5.18 and later', () => {
  it('goes up in steps of 2, 4 … 16 towards a destination, all on the low end’s parity', () => {
    const algorithm = createLinuxConnect(new Random(1));
    const ports = Array.from({ length: 600 }, () => free(algorithm, wide));
    expect(distinct(gapsOf(ports))).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
    expect(ports.filter((port) => port % 2 === 1)).toEqual([]);
  });

  it('begins with the odd ones where the low end is odd', () => {
    const algorithm = createLinuxConnect(new Random(1));
    expect(free(algorithm, { low: 32_769, high: 60_998 }) % 2).toBe(1);
  });

  it('starts elsewhere after ten seconds', () => {
    const startAt = (nowMs: number, reseedMs = 10_000): number =>
      free(createLinuxConnect(new Random(1), { ...linuxConnectDefaults, reseedMs }), {
        ...wide,
        nowMs,
      });
    expect(startAt(9999)).toBe(startAt(0));
    expect(startAt(10_000)).not.toBe(startAt(0));
    expect(startAt(19_999)).toBe(startAt(10_000));
    expect(startAt(20_000)).not.toBe(startAt(10_000));
    expect(startAt(20_000, 0)).toBe(startAt(0, 0));
  });

  it.each([['remoteAddress'], ['remotePort'], ['localAddress']])(
    'starts elsewhere for another %s',
    (key) => {
      const first = free(createLinuxConnect(new Random(1)), wide);
      expect(free(createLinuxConnect(new Random(1)), { ...wide, [key]: 9 })).not.toBe(first);
    },
  );

  it('keeps a counter for each destination: others do not move it', () => {
    const alone = createLinuxConnect(new Random(1), { ...linuxConnectDefaults, extraSteps: 0 });
    expect(gapsTo(alone, 4, wide)).toEqual([2, 2, 2]);
    const before = free(alone, wide);
    for (let port = 81; port < 120; port++) free(alone, { ...wide, remotePort: port });
    expect(free(alone, wide) - before).toBe(2);
    const oneCounter = createLinuxConnect(new Random(1), {
      reseedMs: 0,
      extraSteps: 0,
      tableSize: 1,
    });
    const start = free(oneCounter, wide);
    for (let i = 0; i < 3; i++) free(oneCounter, { ...wide, remotePort: 443 });
    expect(gapsOf([start, free(oneCounter, wide)])).toEqual([8]);
  });

  it('begins behind the ports it had to walk over, the next time', () => {
    const algorithm = createLinuxConnect(new Random(3), { ...linuxConnectDefaults, extraSteps: 0 });
    // As with ip_local_reserved_ports 32768-60500: 60502, and then 60504.
    const reserved = obstaclesOf(1, { reserved: upTo(27_733, 32_768) });
    const choices = Array.from({ length: 3 }, () => algorithm.choose(requestOf(wide), reserved));
    expect(portsOf(choices)).toEqual([60_502, 60_504, 60_506]);
    expect(choices.map(({ why }) => why.considered > 1)).toEqual([true, false, false]);
  });

  it('moves on by what it walked in the pass that found the port, not in both', () => {
    // All even ports taken, so that the odd pass finds its very first candidate.
    for (let seed = 0; seed < 20; seed++) {
      const algorithm = createLinuxConnect(new Random(seed), {
        ...linuxConnectDefaults,
        extraSteps: 0,
      });
      const even = obstaclesOf(1, { 'in-use': [40_000, 40_002, 40_004, 40_006, 40_008] });
      const ports = portsOf(Array.from({ length: 6 }, () => algorithm.choose(requestOf(), even)));
      expect(gapsOf(ports, 10)).toEqual([2, 2, 2, 2, 2]);
      expect(ports[0]).toBe(ports[5] ?? 0);
    }
  });

  it('counts what it walked before the wrap as well', () => {
    const range = { low: 40_000, high: 40_099 };
    for (const hasOwnRange of [false, true]) {
      const step = hasOwnRange ? 1 : 2;
      const algorithm = createLinuxConnect(new Random(6), {
        ...linuxConnectDefaults,
        extraSteps: 0,
      });
      const first = free(algorithm, { ...range, hasOwnRange });
      const toTheTop = upTo(40_100 - first, first);
      const request = requestOf({ ...range, hasOwnRange });
      const found = algorithm.choose(request, obstaclesOf(1, { 'in-use': toTheTop }));
      expect(found.port).toBe(40_000);
      expect(found.why.considered).toBeGreaterThan(1);
      expect(free(algorithm, { ...range, hasOwnRange })).toBe(40_000 + step);
    }
  });

  it('a choice that fails moves nothing', () => {
    const algorithm = createLinuxConnect(new Random(4));
    const other = createLinuxConnect(new Random(4));
    const all = obstaclesOf(1, { bound: upTo(10) });
    expect(algorithm.choose(requestOf(), all).port).toBe(-1);
    expect(free(algorithm)).toBe(free(other));
  });

  it('a socket’s own range (IP_LOCAL_PORT_RANGE) is walked in ones: steps of 1 to 8, both parities', () => {
    const algorithm = createLinuxConnect(new Random(5));
    const own = { low: 32_768, high: 60_999, hasOwnRange: true };
    const ports = Array.from({ length: 600 }, () => free(algorithm, own));
    expect(distinct(gapsOf(ports))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(distinct(ports.map((port) => port % 2))).toEqual([0, 1]);
  });

  it('a socket’s own range of an odd number of ports is used to the last one', () => {
    for (let seed = 0; seed < 30; seed++) {
      const own = requestOf({ high: 40_010, hasOwnRange: true });
      const choices = chooseInTurn(createLinuxConnect(new Random(seed)), 12, own);
      expect(portsOf(choices.slice(0, 11)).toSorted()).toEqual(upTo(11));
      expect(choices[11]?.why).toMatchObject({ step: 1, considered: 11 });
      expect(choices[11]?.port).toBe(-1);
    }
  });

  it('walks in ones behind what is taken and begins there the next time', () => {
    const algorithm = createLinuxConnect(new Random(6), { ...linuxConnectDefaults, extraSteps: 0 });
    const own = { low: 40_000, high: 40_099, hasOwnRange: true };
    const first = algorithm.choose(requestOf(own), obstaclesOf(1)).port;
    const next = upTo(5, 1).map((step) => 40_000 + ((first - 40_000 + step) % 100));
    const found = algorithm.choose(requestOf(own), obstaclesOf(1, { 'in-use': next }));
    expect(gapsOf([first, found.port], 100)).toEqual([6]);
    expect(gapsOf([found.port, free(algorithm, own)], 100)).toEqual([1]);
  });

  it.each([40_000, 40_001])('a range of one port, %i, is that port', (low) => {
    const one = requestOf({ low, high: low });
    const choices = chooseInTurn(createLinuxConnect(new Random(1)), 2, one);
    expect(portsOf(choices)).toEqual([low, -1]);
    expect(choices[1]?.why.considered).toBe(1);
  });
});

describe('ip_local_port_step_width, from 7.1 on', () => {
  it.each([
    ['the host’s range', {}, 2],
    ['a range of its own', { hasOwnRange: true }, 1],
  ])(
    '%s: each pass goes round in one drawn step and misses nothing',
    (_name, difference, stride) => {
      const drawn = new Set<number>();
      for (let seed = 0; seed < 60; seed++) {
        const request = requestOf({ high: 40_011, stepWidth: 8, ...difference });
        const choices = chooseInTurn(createLinuxConnect(new Random(seed)), 13, request);
        expect(portsOf(choices.slice(0, 12)).toSorted()).toEqual(upTo(12));
        const full = choices[12];
        expect([full?.port, full?.why.considered]).toEqual([-1, 12]);
        const { scanStep = 0, stride: noted } = full?.why.parameters ?? {};
        expect(noted).toBe(stride);
        drawn.add(scanStep);
        const order = [...listCandidates(full?.why ?? never(), () => null)].map(({ port }) => port);
        expect(distinct(order)).toEqual(upTo(12));
        const perPass = 12 / stride;
        expect(distinct(gapsOf(order.slice(0, perPass), 12))).toEqual([scanStep]);
        if (stride === 2) {
          expect(distinct(order.slice(0, perPass).map((port) => port % 2))).toEqual([0]);
          expect((order[perPass] ?? 0) - (order[0] ?? 0)).toBe(1);
        }
      }
      // No divisor in common with the six or twelve candidates of a pass.
      expect(distinct([...drawn])).toEqual(stride === 2 ? [2, 10] : [1, 5, 7]);
    },
  );

  it('spreads what a block of reserved ports pushes on, where plain steps favour one port', () => {
    const block = obstaclesOf(1, { reserved: upTo(50) });
    const spread = (stepWidth: number): number => {
      const found = new Set<number>();
      for (let seed = 0; seed < 60; seed++) {
        const request = requestOf({ high: 40_099, stepWidth });
        found.add(createLinuxConnect(new Random(seed)).choose(request, block).port);
      }
      return found.size;
    };
    expect(spread(0)).toBeLessThan(25);
    expect(spread(50)).toBeGreaterThan(spread(0));
  });

  it('names one by one what it passed over, at most eight, and begins behind it the next time', () => {
    const request = requestOf({ high: 40_099, stepWidth: 1 });
    const algorithm = createLinuxConnect(new Random(7), { ...linuxConnectDefaults, extraSteps: 0 });
    const first = algorithm.choose(request, obstaclesOf(1));
    expect(first.why.firstSkipped).toBe(undefined);
    const after = (from: number, steps: number): number => 40_000 + ((from - 40_000 + steps) % 100);
    const taken = upTo(10, 1).map((step) => after(first.port, 2 * step));
    const second = algorithm.choose(request, obstaclesOf(1, { bound: taken }));
    expect(second.port).toBe(after(first.port, 22));
    expect(second.why).toMatchObject({
      algorithm: 'linux-connect',
      range: [40_000, 40_099],
      start: taken[0],
      step: 2,
      considered: 11,
      skipped: { bound: 10 },
      firstSkipped: taken
        .slice(0, 8)
        .map((port) => ({ first: port, last: port, count: 1, reason: 'bound' })),
    });
    expect(algorithm.choose(request, obstaclesOf(1)).port).toBe(after(second.port, 2));
  });

  it('draws a step from 1 to the width, and takes the next that suits', () => {
    // Of 1 to 7 for twelve candidates: 2, 3 and 4 become 5, 6 becomes 7.
    const counts = new Map<number, number>();
    for (let seed = 0; seed < 700; seed++) {
      const request = requestOf({ high: 40_011, stepWidth: 7, hasOwnRange: true });
      const { why } = createLinuxConnect(new Random(seed)).choose(request, obstaclesOf(1));
      const { scanStep = 0 } = why.parameters ?? {};
      counts.set(scanStep, (counts.get(scanStep) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted()).toEqual([1, 5, 7]);
    for (const [step, expected] of [
      [1, 100],
      [5, 400],
      [7, 200],
    ] as const) {
      expect(Math.abs((counts.get(step) ?? 0) - expected)).toBeLessThan(50);
    }
  });

  it('takes one where no step within the width suits', () => {
    // Six candidates, at most 4: 2, 3 and 4 have a divisor in common with 6, and 5 is too wide.
    const steps = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const request = requestOf({ high: 40_011, stepWidth: 4 });
      const { why } = createLinuxConnect(new Random(seed)).choose(request, obstaclesOf(1));
      steps.add(why.parameters?.['scanStep'] ?? 0);
    }
    expect([...steps]).toEqual([2]);
  });

  it.each([
    ['the host’s range loses one of eleven', {}, 10],
    ['a range of its own loses none', { hasOwnRange: true }, 11],
  ])('%s', (_name, difference, expected) => {
    for (let seed = 0; seed < 40; seed++) {
      const request = requestOf({ high: 40_010, stepWidth: 8, ...difference });
      const all = obstaclesOf(1, { bound: upTo(11) });
      const { why } = createLinuxConnect(new Random(seed)).choose(request, all);
      expect(why.considered).toBe(expected);
      const order = [...listCandidates(why, () => 'bound')].map(({ port }) => port);
      expect(distinct(order).length).toBe(expected);
      expect(order.every((port) => port >= 40_000 && port <= 40_010)).toBe(true);
    }
  });

  it('begins behind what it walked in the pass that found the port', () => {
    const even = obstaclesOf(1, { 'in-use': upTo(50).map((place) => 2 * place - 40_000) });
    const algorithm = createLinuxConnect(new Random(3), { ...linuxConnectDefaults, extraSteps: 0 });
    const request = requestOf({ high: 40_099, stepWidth: 1 });
    const ports = portsOf(Array.from({ length: 5 }, () => algorithm.choose(request, even)));
    expect(gapsOf(ports, 100)).toEqual([2, 2, 2, 2]);
    expect((ports[0] ?? 0) % 2).toBe(1);
  });

  it('of one port is that port', () => {
    const request = requestOf({ high: 40_000, stepWidth: 8 });
    expect(portsOf(chooseInTurn(createLinuxConnect(new Random(1)), 2, request))).toEqual([
      40_000, -1,
    ]);
  });
});

describe('older Linux', () => {
  const seeds = upTo(20, 0);

  it('before 4.2 takes one port after the other, towards all destinations together', () => {
    for (const seed of seeds) {
      const algorithm = createOlderLinuxConnect(new Random(seed), 'before-4.2');
      expect(distinct(gapsTo(algorithm, 12, wide))).toEqual([1]);
      const before = free(algorithm, wide);
      free(algorithm, { ...wide, remotePort: 443 });
      expect(gapsOf([before, free(algorithm, wide)])).toEqual([2]);
    }
  });

  it('from 4.2 to 4.5 starts on even ports and moves on by two, but walks port by port', () => {
    for (const seed of seeds) {
      const algorithm = createOlderLinuxConnect(new Random(seed), '4.2-to-4.5');
      const first = free(algorithm);
      expect(first % 2).toBe(0);
      expect(
        distinct(
          gapsOf(
            Array.from({ length: 9 }, () => free(algorithm)),
            10,
          ),
        ),
      ).toEqual([2]);
      const choices = chooseInTurn(createOlderLinuxConnect(new Random(seed), '4.2-to-4.5'), 11);
      expect(portsOf(choices.slice(0, 10)).toSorted()).toEqual(upTo(10));
      expect(choices[10]?.port).toBe(-1);
      expect(choices.map(({ why }) => why.step)).toEqual(new Array(11).fill(1));
    }
  });

  it('from 4.6 to 5.11 takes the low parity first, in steps of two, one counter for all', () => {
    for (const seed of seeds) {
      const algorithm = createOlderLinuxConnect(new Random(seed), '4.6-to-5.11');
      expect(distinct(gapsTo(algorithm, 12, wide))).toEqual([2]);
      const before = free(algorithm, wide);
      free(algorithm, { ...wide, remotePort: 443 });
      expect(gapsOf([before, free(algorithm, wide)])).toEqual([4]);
      const ports = portsOf(
        chooseInTurn(createOlderLinuxConnect(new Random(seed), '4.6-to-5.11'), 11),
      );
      expect(ports.slice(0, 5).toSorted()).toEqual([40_000, 40_002, 40_004, 40_006, 40_008]);
      expect(ports.slice(5, 10).toSorted()).toEqual([40_001, 40_003, 40_005, 40_007, 40_009]);
      expect(ports[10]).toBe(-1);
    }
  });

  it('from 5.12 to 5.17 has 256 counters and a step more in one case of sixteen', () => {
    const algorithm = createOlderLinuxConnect(new Random(1), '5.12-to-5.17');
    const gaps = gapsTo(algorithm, 2000, wide);
    expect(distinct(gaps)).toEqual([2, 4]);
    const noisy = gaps.filter((gap) => gap === 4).length / gaps.length;
    expect(Math.abs(noisy - 1 / 16)).toBeLessThan(0.025);
    let shared = 0;
    const others = 2000;
    for (let port = 0; port < others; port++) {
      const before = free(algorithm, wide);
      free(algorithm, { ...wide, remotePort: 1000 + port });
      const [gap = 0] = gapsOf([before, free(algorithm, wide)]);
      if (gap > 4) shared++;
    }
    expect(shared).toBeLessThan(30);
  });

  it('from 5.12 to 5.17 adds no step where it had to walk', () => {
    const butOne = obstaclesOf(1, { bound: upTo(10).filter((port) => port !== 40_009) });
    for (let seed = 0; seed < 200; seed++) {
      const algorithm = createOlderLinuxConnect(new Random(seed), '5.12-to-5.17');
      const first = algorithm.choose(requestOf(), butOne);
      const second = free(algorithm);
      // 40009 is at the end of the odd ones: what lies behind it is the first even one again.
      if (first.why.considered !== 6) expect(second).toBe(40_000);
    }
  });

  it.each(['before-4.2', '4.2-to-4.5', '4.6-to-5.11', '5.12-to-5.17'] as const)(
    '%s: a choice that fails moves nothing',
    (generation) => {
      const [one, other] = [0, 1].map(() => createOlderLinuxConnect(new Random(4), generation));
      if (one === undefined || other === undefined) throw new Error('no algorithm');
      const all = obstaclesOf(one.rotation, { bound: upTo(10) });
      for (let i = 0; i < 3; i++) expect(one.choose(requestOf(), all).port).toBe(-1);
      expect(free(one)).toBe(free(other));
    },
  );

  it.each(['before-4.2', '4.2-to-4.5', '4.6-to-5.11', '5.12-to-5.17'] as const)(
    '%s: starts elsewhere for another destination or seed, and begins behind what it walked over',
    (generation) => {
      const start = (seed: number, difference = {}): number =>
        free(createOlderLinuxConnect(new Random(seed), generation), { ...wide, ...difference });
      const starts = [
        start(1),
        start(2),
        start(1, { remotePort: 81 }),
        start(1, { remoteAddress: 7 }),
      ];
      expect(new Set([...starts, start(1, { localAddress: 7 })]).size).toBe(5);

      const algorithm = createOlderLinuxConnect(new Random(2), generation);
      const reserved = obstaclesOf(algorithm.rotation, { reserved: upTo(27_733, 32_768) });
      const [first, second] = [0, 1].map(() => algorithm.choose(requestOf(wide), reserved));
      expect(first?.why.algorithm).toBe(`linux-connect-${generation}`);
      const begin = generation === 'before-4.2' || generation === '4.2-to-4.5' ? 60_501 : 60_502;
      expect(first?.port).toBe(begin);
      expect(second?.port).toBeGreaterThan(begin);
      expect(second?.port).toBeLessThan(begin + 7);
      expect(second?.why.considered).toBe(1);
    },
  );
});

function never(): never {
  throw new Error('no choice was made');
}
