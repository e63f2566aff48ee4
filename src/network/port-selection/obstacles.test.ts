/** Searching round obstacles must tell what a walk, candidate by candidate, would. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PortSet } from '../data-structures/port-set.ts';
import type { SkippedRun, SkipReason } from '../trace/trace.ts';
import { Obstacles, type Run } from './obstacles.ts';
import { obstaclesOf } from './selection-fixtures.ts';

interface Walk {
  readonly port: number;
  readonly run: number;
  readonly before: number;
  readonly considered: number;
  readonly skipped: Partial<Record<SkipReason, number>>;
  /** Neighbouring candidates of one run with one reason, together. */
  readonly stretches: readonly SkippedRun[];
}

function walk(obstacles: Obstacles, runs: readonly Run[]): Walk {
  const skipped: Partial<Record<SkipReason, number>> = {};
  const stretches: SkippedRun[] = [];
  let considered = 0;
  for (const [run, { first, step, count }] of runs.entries()) {
    let stretch: SkippedRun | undefined;
    for (let before = 0; before < count; before++) {
      const port = first + before * step;
      considered++;
      const reason = obstacles.list.find(({ ports }) => ports.has(port))?.reason;
      if (reason === undefined) return { port, run, before, considered, skipped, stretches };
      skipped[reason] = (skipped[reason] ?? 0) + 1;
      if (stretch?.reason === reason) {
        stretch = { ...stretch, last: port, count: stretch.count + 1 };
        stretches[stretches.length - 1] = stretch;
      } else {
        stretch = { first: port, last: port, count: 1, reason };
        stretches.push(stretch);
      }
    }
  }
  return { port: -1, run: -1, before: 0, considered, skipped, stretches };
}

const reasons = ['reserved', 'bound', 'in-use', 'time-wait'] as const;

/** A hundred and twenty ports, mostly taken: by stretches, and one by one. */
const LOW = 1000;
const SPAN = 120;
const place = fc.nat(SPAN - 1);
const taken = fc.record({
  stretches: fc.array(fc.tuple(place, fc.nat(SPAN)), { maxLength: 3 }),
  single: fc.array(place, { maxLength: 12 }),
  everySecond: fc.option(fc.nat(1)),
});

function setOf(
  rotation: number,
  { stretches, single, everySecond }: typeof taken extends fc.Arbitrary<infer T> ? T : never,
): PortSet {
  const set = new PortSet(rotation);
  for (const [from, length] of stretches) {
    set.addRange(LOW + from, LOW + Math.min(SPAN - 1, from + length));
  }
  for (const each of single) set.add(LOW + each);
  if (everySecond !== null)
    for (let each = everySecond; each < SPAN; each += 2) set.add(LOW + each);
  return set;
}

const run = fc
  .record({ first: place, step: fc.constantFrom(1, -1, 2, -2, 3, -5), count: fc.nat(SPAN) })
  .map(({ first, step, count }): Run => {
    const room = Math.floor((step > 0 ? SPAN - 1 - first : first) / Math.abs(step)) + 1;
    return { first: LOW + first, step, count: Math.min(count, room) };
  });

/** Counts how often it is asked, whether for one port or for thirty-two. */
class AskedSet extends PortSet {
  asked = 0;
  override has(port: number): boolean {
    this.asked++;
    return super.has(port);
  }
  override word(index: number): number {
    this.asked++;
    return super.word(index);
  }
}

describe('a search round obstacles', () => {
  it.each([
    ['in ones upwards', 0, { first: 32_768, step: 1, count: 28_232 }],
    ['in ones downwards', 0, { first: 60_999, step: -1, count: 28_232 }],
    ['in twos upwards', 1, { first: 32_768, step: 2, count: 14_116 }],
    ['in twos downwards', 1, { first: 60_999, step: -2, count: 14_116 }],
    ['in ones over sets made for twos', 1, { first: 32_768, step: 1, count: 28_232 }],
  ])('%s counts what is taken and does not walk it', (_name, rotation, run) => {
    const taken = new AskedSet(rotation);
    taken.addRange(32_768, 60_999);
    const asked = (search: () => void): number => {
      taken.asked = 0;
      search();
      return taken.asked;
    };
    const obstacles = new Obstacles([{ reason: 'in-use', ports: taken }]);
    const { count } = run;
    expect(obstacles.search([run])).toMatchObject({ port: -1, considered: count });
    expect(asked(() => obstacles.search([run]))).toBeLessThan(300);
    // With the last candidate free it is found as soon.
    const last = run.first + (count - 1) * run.step;
    taken.delete(last);
    expect(obstacles.search([run])).toMatchObject({ port: last, skipped: { 'in-use': count - 1 } });
    expect(asked(() => obstacles.search([run]))).toBeLessThan(400);
  });

  it('names a long stretch without walking it', () => {
    const taken = new AskedSet(1);
    taken.addRange(32_768, 60_999);
    const obstacles = new Obstacles([{ reason: 'in-use', ports: taken }]);
    const run = { first: 32_768, step: 2, count: 14_116 };
    taken.asked = 0;
    expect(obstacles.firstSkipped([run], 14_116, 8)).toEqual([
      { first: 32_768, last: 60_998, count: 14_116, reason: 'in-use' },
    ]);
    expect(taken.asked).toBeLessThan(50);
  });

  it('without obstacles takes the first candidate of the first run that has any', () => {
    const none = new Obstacles([]);
    const run = { first: 1000, step: 2, count: 5 };
    expect(none.search([{ ...run, count: 0 }, run])).toEqual({
      port: 1000,
      run: 1,
      before: 0,
      considered: 1,
      skipped: {},
    });
    expect(none.search([])).toMatchObject({ port: -1, run: -1, considered: 0 });
  });

  it.each([0, 1])('with sets of rotation %i tells what a walk would', (rotation) => {
    fc.assert(
      fc.property(
        fc.array(taken, { maxLength: 4 }),
        fc.array(run, { maxLength: 4 }),
        fc.integer({ min: 1, max: 8 }),
        (all, runs, limit) => {
          const obstacles = new Obstacles(
            all.map((each, i) => ({ reason: reasons[i] ?? 'bound', ports: setOf(rotation, each) })),
          );
          const { stretches, ...expected } = walk(obstacles, runs);
          expect(obstacles.search(runs)).toEqual(expected);
          const passedOver = expected.considered - (expected.port < 0 ? 0 : 1);
          expect(obstacles.firstSkipped(runs, passedOver, limit)).toEqual(
            stretches.slice(0, limit),
          );
        },
      ),
      { seed: 6056, numRuns: 200 },
    );
  });

  it('looks no further than the candidates that were considered', () => {
    const obstacles = obstaclesOf(0, { bound: [1000, 1001, 1002, 1003] });
    const runs = [{ first: 1000, step: 1, count: 4 }];
    expect(obstacles.firstSkipped(runs, 2, 8)).toEqual([
      { first: 1000, last: 1001, count: 2, reason: 'bound' },
    ]);
    expect(obstacles.firstSkipped(runs, 0, 8)).toEqual([]);
  });

  it('adds up two sets with one reason, and gives a port in both once', () => {
    const set = (...ports: number[]): PortSet => {
      const made = new PortSet(0);
      for (const port of ports) made.add(port);
      return made;
    };
    const obstacles = new Obstacles([
      { reason: 'bound', ports: set(1000, 1001) },
      { reason: 'bound', ports: set(1001, 1002) },
    ]);
    const { port, skipped } = obstacles.search([{ first: 1000, step: 1, count: 10 }]);
    expect([port, skipped]).toEqual([1003, { bound: 3 }]);
  });

  it('ends a stretch with its run, also where the next ports are taken too', () => {
    const obstacles = obstaclesOf(0, { reserved: [1000], bound: [1001, 1002, 1003, 1004] });
    const run = { first: 1000, step: 1, count: 3 };
    const stretches = [
      { first: 1000, last: 1000, count: 1, reason: 'reserved' },
      { first: 1001, last: 1002, count: 2, reason: 'bound' },
    ];
    expect(obstacles.firstSkipped([run, run], 6, 8)).toEqual([...stretches, ...stretches]);
  });

  it('leaves out sets without ports', () => {
    const none = new AskedSet(0);
    const obstacles = new Obstacles([
      { reason: 'reserved', ports: none },
      { reason: 'bound', ports: new PortSet(0) },
    ]);
    expect(obstacles.search([{ first: 1000, step: 1, count: 10 }]).port).toBe(1000);
    expect(obstacles.reasonFor(1000)).toBeNull();
    expect([none.asked, obstacles.list]).toEqual([0, []]);
  });

  it('counts a range’s taken ports by reason and finds the n-th free one', () => {
    const obstacles = obstaclesOf(0, { reserved: [1000, 1009], bound: [1001, 1009, 1010] });
    expect(obstacles.countByReason(1000, 1009)).toEqual({ reserved: 2, bound: 1 });
    expect(obstacles.countByReason(1002, 1008)).toEqual({});
    expect([0, 6, 7].map((index) => obstacles.freePort(1000, 1009, index))).toEqual([
      1002, 1008, -1,
    ]);
    expect(new Obstacles([]).freePort(1000, 1009, 9)).toBe(1009);
  });

  it('names the first reason of several', () => {
    const obstacles = obstaclesOf(1, { reserved: [1001], bound: [1000, 1001] });
    expect([999, 1000, 1001].map((port) => obstacles.reasonFor(port))).toEqual([
      null,
      'bound',
      'reserved',
    ]);
  });
});
