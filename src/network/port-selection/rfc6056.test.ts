/** The algorithms of RFC 6056 §2.2 and §3.3, by what the RFC says of each. */

import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import type { PortAlgorithm } from './algorithm.ts';
import { listCandidates } from './candidates.ts';
import { createRfc6056First } from './rfc6056-1.ts';
import { createRfc6056Second } from './rfc6056-2.ts';
import { createRfc6056Third } from './rfc6056-3.ts';
import { createRfc6056Fourth } from './rfc6056-4.ts';
import { createRfc6056Fifth } from './rfc6056-5.ts';
import { chooseInTurn, obstaclesOf, portsOf, requestOf } from './selection-fixtures.ts';
import { switchable } from './switchable.ts';
import { createTraditional } from './traditional-bsd.ts';

const seeds = Array.from({ length: 40 }, (_, seed) => seed);
const LOW = 40_000;
const PORTS = 10;
const ALL = Array.from({ length: PORTS }, (_, place) => LOW + place);

/** The port that a free host's algorithm gives, without taking it. */
const free = (algorithm: PortAlgorithm, difference = {}): number =>
  algorithm.choose(requestOf(difference), obstaclesOf(0)).port;

/** How far up the second port lies, round the range. */
const distance = (from: number, to: number): number => (to - from + PORTS) % PORTS;

describe('traditional BSD', () => {
  it('goes up from the low end, port by port, and begins again after the high end', () => {
    const upwards = createTraditional({ direction: 'up' });
    const ports = Array.from({ length: 12 }, () => free(upwards));
    expect(ports.map((port) => port - LOW)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    expect(upwards.id).toBe('traditional-up');
  });

  it('goes down from the high end where it is told to', () => {
    const downwards = createTraditional({ direction: 'down' });
    const ports = Array.from({ length: 12 }, () => free(downwards));
    expect(ports.map((port) => port - LOW)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 9, 8]);
  });

  it.each([
    ['up', 4, [5, 7, 8]],
    ['down', 6, [5, 3, 2]],
  ] as const)(
    '%s: begins at %i, passes over what is taken, and goes on from the port given',
    (direction, begin, expected) => {
      const algorithm = createTraditional({ direction, first: (low) => low + begin });
      const taken = obstaclesOf(0, { 'in-use': [4, 6].map((place) => LOW + place) });
      const selections = expected.map(() => algorithm.choose(requestOf(), taken));
      expect(selections.map(({ port }) => port - LOW)).toEqual(expected);
      expect(selections.map(({ why }) => why.considered)).toEqual([2, 2, 1]);
      expect(selections[0]?.why).toMatchObject({
        algorithm: `traditional-${direction}`,
        start: LOW + begin,
        step: direction === 'up' ? 1 : -1,
        skipped: { 'in-use': 1 },
      });
    },
  );

  it.each(['up', 'down'] as const)(
    '%s: finds the one free port wherever the counter stands, and gives up after one round',
    (direction) => {
      for (let begin = 0; begin < PORTS; begin++) {
        const all = Array.from({ length: PORTS }, (_, place) => LOW + place);
        const algorithm = createTraditional({ direction, first: (low) => low + begin });
        const full = algorithm.choose(requestOf(), obstaclesOf(0, { 'in-use': all }));
        expect([full.port, full.why.considered]).toEqual([-1, PORTS]);
        const onlyThird = all.filter((port) => port !== LOW + 3);
        expect(algorithm.choose(requestOf(), obstaclesOf(0, { 'in-use': onlyThird })).port).toBe(
          LOW + 3,
        );
      }
    },
  );

  it('keeps its counter where nothing is free', () => {
    for (const direction of ['up', 'down'] as const) {
      const [one, other] = [createTraditional({ direction }), createTraditional({ direction })];
      const all = Array.from({ length: PORTS }, (_, place) => LOW + place);
      for (const algorithm of [one, other]) free(algorithm);
      one.choose(requestOf(), obstaclesOf(0, { 'in-use': all }));
      expect(free(one)).toBe(free(other));
    }
  });

  it('begins again in a range that no longer holds its counter', () => {
    for (const direction of ['up', 'down'] as const) {
      const algorithm = createTraditional({ direction });
      free(algorithm);
      for (const low of [30_000, 50_000]) {
        const high = low + 5;
        expect(free(algorithm, { low, high })).toBe(direction === 'up' ? low : high);
      }
    }
  });
});

describe('algorithm 1', () => {
  it('starts anywhere in the range, at a new place each time', () => {
    const algorithm = createRfc6056First(new Random(1));
    const ports = Array.from({ length: 400 }, () => free(algorithm) - LOW);
    expect([...new Set(ports)].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(ports.slice(0, 10)).not.toEqual(ports.slice(10, 20));
  });

  it('walks up from there to the next free port, round the range, once', () => {
    for (const seed of seeds) {
      const algorithm = createRfc6056First(new Random(seed));
      const taken = [0, 1, 2, 4, 5, 6, 8, 9].map((place) => LOW + place);
      const { port, why } = algorithm.choose(requestOf(), obstaclesOf(0, { 'in-use': taken }));
      const start = why.start - LOW;
      expect(port - LOW).toBe(start <= 3 || start >= 8 ? 3 : 7);
      expect(why).toMatchObject({ algorithm: 'rfc6056-1', step: 1, range: [LOW, LOW + 9] });
      expect(why.considered).toBe(distance(why.start, port) + 1);
    }
  });

  it('favours the port after a block that is taken (§5)', () => {
    const algorithm = createRfc6056First(new Random(2));
    const block = obstaclesOf(0, { reserved: [0, 1, 2, 3, 4, 5, 6].map((place) => LOW + place) });
    const ports = Array.from({ length: 500 }, () => algorithm.choose(requestOf(), block).port);
    const share = ports.filter((port) => port === LOW + 7).length / 500;
    expect(Math.abs(share - 0.8)).toBeLessThan(0.08);
  });
});

describe('algorithm 2', () => {
  it('draws for every try: no port is favoured after a block that is taken', () => {
    const algorithm = createRfc6056Second(new Random(2));
    const block = obstaclesOf(0, { reserved: [0, 1, 2, 3, 4, 5, 6].map((place) => LOW + place) });
    const selections = Array.from({ length: 600 }, () => algorithm.choose(requestOf(), block));
    for (const place of [7, 8, 9]) {
      const count = selections.filter(({ port }) => port === LOW + place).length;
      expect(Math.abs(count - 194)).toBeLessThan(45);
    }
    // Ten tries that all miss: 0.7^10 = 2.8 %.
    const missed = selections.filter(({ port }) => port < 0);
    expect(Math.abs(missed.length - 17)).toBeLessThan(15);
    expect(missed.length).toBeGreaterThan(0);
    for (const { why } of missed)
      expect(why).toMatchObject({ considered: 10, skipped: { reserved: 10 } });
  });

  it('gives up after as many tries as the range has ports, and says what it met', () => {
    const all = Array.from({ length: PORTS }, (_, place) => LOW + place);
    const { port, why } = createRfc6056Second(new Random(1)).choose(
      requestOf(),
      obstaclesOf(0, { reserved: all.slice(0, 5), 'in-use': all.slice(5) }),
    );
    const { reserved = 0, 'in-use': inUse = 0 } = why.skipped;
    expect([port, why.considered, reserved + inUse]).toEqual([-1, PORTS, PORTS]);
    expect(why.firstSkipped?.length).toBe(8);
    for (const { first, last, count, reason } of why.firstSkipped ?? []) {
      expect([last, count]).toEqual([first, 1]);
      expect(reason).toBe(first < LOW + 5 ? 'reserved' : 'in-use');
    }
    expect(why.firstSkipped?.[0]?.first).toBe(why.start);
  });

  it('says so at once where all is taken for one reason', () => {
    const all = Array.from({ length: PORTS }, (_, place) => LOW + place);
    const { port, why } = createRfc6056Second(new Random(1)).choose(
      requestOf(),
      obstaclesOf(0, { 'in-use': all }),
    );
    expect(port).toBe(-1);
    expect(why).toMatchObject({ considered: PORTS, skipped: { 'in-use': PORTS } });
    expect(all).toContain(why.start);
  });

  it('names what it passed over before the port it gives', () => {
    const algorithm = createRfc6056Second(new Random(6));
    const taken = [0, 1, 2, 3, 4, 5, 6].map((place) => LOW + place);
    for (let i = 0; i < 50; i++) {
      const { port, why } = algorithm.choose(requestOf(), obstaclesOf(0, { 'in-use': taken }));
      const passedOver = why.considered - (port < 0 ? 0 : 1);
      expect(why.skipped['in-use'] ?? 0).toBe(passedOver);
      expect(why.firstSkipped?.length ?? 0).toBe(Math.min(8, passedOver));
      expect(why.firstSkipped === undefined).toBe(passedOver === 0);
      expect(why.start).toBe(why.firstSkipped?.[0]?.first ?? port);
    }
  });
});

describe('algorithm 3', () => {
  it('goes up one by one towards a destination, round the range', () => {
    for (const seed of seeds) {
      const algorithm = createRfc6056Third(new Random(seed));
      const ports = Array.from({ length: 12 }, () => free(algorithm));
      for (let i = 1; i < ports.length; i++) {
        expect(distance(ports[i - 1] ?? 0, ports[i] ?? 0)).toBe(1);
      }
    }
  });

  it.each([['remoteAddress'], ['remotePort'], ['localAddress']])(
    'starts elsewhere for another %s',
    (key) => {
      const starts = seeds.map((seed) => {
        const here = free(createRfc6056Third(new Random(seed)));
        const there = free(createRfc6056Third(new Random(seed)), { [key]: 9 });
        return distance(here, there);
      });
      expect(new Set(starts).size).toBeGreaterThan(5);
    },
  );

  it('has one counter: a connection elsewhere moves this destination on, which tells an observer', () => {
    const algorithm = createRfc6056Third(new Random(4));
    const before = free(algorithm);
    for (let i = 0; i < 3; i++) free(algorithm, { remotePort: 443 });
    expect(distance(before, free(algorithm))).toBe(4);
  });

  it('moves its counter by every port it looked at', () => {
    const algorithm = createRfc6056Third(new Random(4));
    const next = free(algorithm) + 1;
    const taken = [0, 1].map((place) => LOW + ((next - LOW + place) % PORTS));
    const { port, why } = algorithm.choose(requestOf(), obstaclesOf(0, { 'in-use': taken }));
    expect([why.considered, why.algorithm]).toEqual([3, 'rfc6056-3']);
    expect(distance(port, free(algorithm))).toBe(1);
  });
});

describe('algorithm 4', () => {
  it('goes up one by one towards a destination', () => {
    for (const seed of seeds) {
      const algorithm = createRfc6056Fourth(new Random(seed));
      const ports = Array.from({ length: 12 }, () => free(algorithm));
      for (let i = 1; i < ports.length; i++) {
        expect(distance(ports[i - 1] ?? 0, ports[i] ?? 0)).toBe(1);
      }
    }
  });

  it.each([['remoteAddress'], ['remotePort'], ['localAddress']])(
    'starts elsewhere for another %s',
    (key) => {
      const starts = seeds.map((seed) => {
        const here = free(createRfc6056Fourth(new Random(seed)));
        return distance(here, free(createRfc6056Fourth(new Random(seed)), { [key]: 9 }));
      });
      expect(new Set(starts).size).toBeGreaterThan(5);
    },
  );

  it('has ten counters: one destination in ten shares this one’s', () => {
    let moved = 0;
    const others = 300;
    for (let other = 0; other < others; other++) {
      const algorithm = createRfc6056Fourth(new Random(5));
      const before = free(algorithm);
      free(algorithm, { remotePort: 1000 + other });
      const step = distance(before, free(algorithm));
      expect([1, 2]).toContain(step);
      if (step === 2) moved++;
    }
    expect(Math.abs(moved / others - 0.1)).toBeLessThan(0.06);
  });

  it('with one counter is algorithm 3: every connection moves it', () => {
    const algorithm = createRfc6056Fourth(new Random(5), { counters: 1 });
    const before = free(algorithm);
    free(algorithm, { remotePort: 443 });
    expect(distance(before, free(algorithm))).toBe(2);
  });

  it('moves its counter by every port it looked at', () => {
    const algorithm = createRfc6056Fourth(new Random(4));
    const next = free(algorithm) + 1;
    const taken = [0, 1].map((place) => LOW + ((next - LOW + place) % PORTS));
    const { port, why } = algorithm.choose(requestOf(), obstaclesOf(0, { 'in-use': taken }));
    expect([why.considered, why.algorithm]).toEqual([3, 'rfc6056-4']);
    expect(distance(port, free(algorithm))).toBe(1);
  });
});

describe('algorithm 5', () => {
  const wide = { low: 1024, high: 65_535 };
  const ports = 64_512;

  it.each([1, 2, 500])('moves on by 1 to %i', (largestStep) => {
    const algorithm = createRfc6056Fifth(new Random(3), { largestStep });
    let last = free(algorithm, wide);
    const steps = new Set<number>();
    for (let i = 0; i < 3000; i++) {
      const next = free(algorithm, wide);
      steps.add((next - last + ports) % ports);
      last = next;
    }
    expect(Math.min(...steps)).toBe(1);
    expect(Math.max(...steps)).toBe(largestStep);
  });

  it('has 500 as its largest step where none is given (§3.3.5)', () => {
    const steps = Array.from({ length: 3000 }, (_, seed) => {
      const algorithm = createRfc6056Fifth(new Random(seed));
      const first = free(algorithm, wide);
      return (free(algorithm, wide) - first + ports) % ports;
    });
    expect(Math.max(...steps)).toBeLessThanOrEqual(500);
    expect(Math.max(...steps)).toBeGreaterThan(490);
  });

  it('stays in the range and reaches both ends', () => {
    const algorithm = createRfc6056Fifth(new Random(3));
    const found = Array.from({ length: 400 }, () => free(algorithm) - LOW);
    expect([...new Set(found)].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('tries the next step where a port is taken, as often as the range has ports', () => {
    const algorithm = createRfc6056Fifth(new Random(8), { largestStep: 1 });
    const selections = chooseInTurn(algorithm, 10);
    expect(new Set(portsOf(selections)).size).toBe(10);
    const [full] = chooseInTurn(algorithm, 1, requestOf(), portsOf(selections));
    expect([full?.port, full?.why.considered]).toEqual([-1, 10]);
  });

  it.each(seeds)(
    'says of its first eight candidates why they were passed over: seed %i',
    (seed) => {
      const algorithm = createRfc6056Fifth(new Random(seed), { largestStep: 1 });
      const reserved = [LOW + 1, LOW + 3];
      const inUse = [0, 2, 4, 5, 6, 7, 8].map((place) => LOW + place);
      const { port, why } = algorithm.choose(
        requestOf(),
        obstaclesOf(0, { reserved, 'in-use': inUse }),
      );
      expect(port).toBe(LOW + 9);
      // In steps of one the candidates before the free one are those below it.
      const passed = Array.from(
        { length: why.considered - 1 },
        (_, i) => port - (why.considered - 1) + i,
      );
      expect(why.start).toBe(passed[0] ?? port);
      expect(why.firstSkipped ?? []).toEqual(
        passed.slice(0, 8).map((first) => ({
          first,
          last: first,
          count: 1,
          reason: reserved.includes(first) ? 'reserved' : 'in-use',
        })),
      );
      for (const [reason, ports] of [
        ['reserved', reserved],
        ['in-use', inUse],
      ] as const) {
        const count = passed.filter((candidate) => ports.includes(candidate)).length;
        expect(why.skipped[reason]).toBe(count === 0 ? undefined : count);
      }
      expect(why.step).toBe(0);
    },
  );

  it.each([
    ['one reason', { 'in-use': ALL }],
    ['two reasons', { reserved: ALL.slice(0, 4), 'in-use': ALL.slice(4) }],
  ])('gives up after as many candidates as there are ports: taken for %s', (_, taken) => {
    const algorithm = createRfc6056Fifth(new Random(5), { largestStep: 3 });
    const obstacles = obstaclesOf(0, taken);
    const { port, why } = algorithm.choose(requestOf(), obstacles);
    const listed = [...listCandidates(why, (candidate) => obstacles.reasonFor(candidate))];
    expect(port).toBe(-1);
    expect(listed).toHaveLength(10);
    expect(why.considered).toBe(10);
    expect(why.start).toBe(listed[0]?.port);
    expect(why.firstSkipped?.map(({ first }) => first)).toEqual(
      listed.slice(0, 8).map((candidate) => candidate.port),
    );
    for (const reason of ['reserved', 'in-use'] as const) {
      const count = listed.filter(({ skipped }) => skipped === reason).length;
      expect(why.skipped[reason] ?? 0).toBe(count);
    }
    // Once there is one, it is found sooner or later.
    const allButOne = obstaclesOf(0, { 'in-use': ALL.slice(1) });
    const later = Array.from({ length: 20 }, () => algorithm.choose(requestOf(), allButOne).port);
    expect(new Set(later)).toEqual(new Set([-1, LOW]));
  });

  it('names candidates of a range that is full, and moves on by those alone', () => {
    const algorithm = createRfc6056Fifth(new Random(5), { largestStep: 1 });
    const full = obstaclesOf(0, { 'in-use': ALL });
    const starts = Array.from({ length: 4 }, () => {
      const { port, why } = algorithm.choose(requestOf(), full);
      expect([port, why.considered, why.skipped]).toEqual([-1, PORTS, { 'in-use': PORTS }]);
      return why.start;
    });
    // Eight of the ten.
    expect(starts.slice(1).map((start, i) => distance(starts[i] ?? 0, start))).toEqual([8, 8, 8]);
  });

  it('gives up after one candidate where there is one port', () => {
    const algorithm = createRfc6056Fifth(new Random(5));
    const one = requestOf({ high: LOW });
    const [found, none] = chooseInTurn(algorithm, 2, one);
    expect([found?.port, found?.why.considered, found?.why.firstSkipped]).toEqual([
      LOW,
      1,
      undefined,
    ]);
    expect([none?.port, none?.why.considered, none?.why.skipped]).toEqual([-1, 1, { 'in-use': 1 }]);
    expect(none?.why.firstSkipped).toEqual([{ first: LOW, last: LOW, count: 1, reason: 'in-use' }]);
  });
});

describe('a setting that names the algorithm', () => {
  it('is asked at each choice; an unknown name means the first', () => {
    let current = 'down';
    const algorithm = switchable(
      {
        up: createTraditional({ direction: 'up' }),
        down: createTraditional({ direction: 'down' }),
      },
      () => current,
    );
    expect(free(algorithm)).toBe(LOW + 9);
    current = 'up';
    expect(free(algorithm)).toBe(LOW);
    current = 'sideways';
    expect(free(algorithm)).toBe(LOW + 1);
    expect([algorithm.id, algorithm.rotation]).toEqual(['traditional-up|traditional-down', 0]);
    expect(() => switchable({}, () => 'up')).toThrow('no algorithm');
  });
});
