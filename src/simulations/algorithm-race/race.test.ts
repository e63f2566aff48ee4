import { describe, expect, it } from 'vitest';
import { judge, sizeOf } from './attack.ts';
import { contestants, HIGH, LOW, type Load } from './contestants.ts';
import { laneOf, race } from './race.ts';

const seeds = Array.from({ length: 30 }, (_, seed) => seed);
const setup = (load: Load, count = 40, pauses: readonly number[] = []) => ({ load, count, pauses });
const steps = (ports: readonly number[]): number[] =>
  ports.slice(1).map((port, place) => port - (ports[place] ?? 0));

describe('the race', () => {
  it('gives each contestant one port a connection and the next one, inside the range', () => {
    const lanes = race(7, setup('same'));
    expect(Object.keys(lanes)).toEqual([...contestants]);
    for (const ports of Object.values(lanes)) {
      expect(ports).toHaveLength(41);
      for (const port of ports) {
        expect(port).toBeGreaterThanOrEqual(LOW);
        expect(port).toBeLessThanOrEqual(HIGH);
      }
      expect(new Set(ports).size).toBe(41);
    }
  });

  it('goes on as it began: what comes next is what came next', () => {
    for (const contestant of contestants) {
      const long = laneOf(contestant, 3, setup('other', 20));
      expect(laneOf(contestant, 3, setup('other', 12))).toEqual(long.slice(0, 13));
    }
  });

  it('to one server Linux takes even steps from 2 to 16, the counters go one by one', () => {
    for (const seed of seeds) {
      const linux = steps(laneOf('linux-connect', seed, setup('same')));
      expect(linux.filter((step) => step < 0 || step % 2 !== 0 || step > 16)).toEqual(
        linux.filter((step) => step < 0),
      );
      for (const counter of ['traditional-up', 'rfc6056-3', 'rfc6056-4'] as const) {
        const others = steps(laneOf(counter, seed, setup('same')));
        expect(others.filter((step) => step !== 1).length).toBeLessThanOrEqual(1);
      }
    }
  });

  it('connect takes even ports, bind odd ones, whatever the load', () => {
    for (const load of ['same', 'other'] as const) {
      for (const seed of seeds) {
        expect(laneOf('linux-connect', seed, setup(load)).filter((port) => port % 2)).toEqual([]);
        expect(laneOf('linux-bind', seed, setup(load)).filter((port) => port % 2 === 0)).toEqual(
          [],
        );
      }
    }
  });

  it('only algorithms 3 and 4 and Linux look at the destination', () => {
    const differs = (contestant: (typeof contestants)[number]): boolean =>
      laneOf(contestant, 5, setup('same')).join() !== laneOf(contestant, 5, setup('other')).join();
    const telling = contestants.filter((one) => !one.startsWith('rfc6056-2') && differs(one));
    expect(telling).toEqual(['rfc6056-3', 'rfc6056-4', 'linux-connect']);
  });

  it('ten seconds move Linux to another place, and nobody else', () => {
    for (const contestant of contestants) {
      const without = laneOf(contestant, 11, setup('same', 12));
      const paused = laneOf(contestant, 11, setup('same', 12, [8]));
      expect(paused.slice(0, 8)).toEqual(without.slice(0, 8));
      if (contestant !== 'linux-connect') expect(paused).toEqual(without);
      else expect(Math.abs((paused[8] ?? 0) - (paused[7] ?? 0))).toBeGreaterThan(16);
    }
  });
});

describe('an attack', () => {
  it('counts the segments up to the one that fits', () => {
    const behind = { from: 40_002, to: 40_016, step: 2 };
    expect(sizeOf(behind)).toBe(8);
    expect(judge([behind], 40_006)).toEqual({ sent: 3, isHit: true });
    expect(judge([behind], 40_007)).toEqual({ sent: 8, isHit: false });
    expect(judge([behind, { from: 40_001, to: 40_009, step: 1 }], 40_007)).toEqual({
      sent: 15,
      isHit: true,
    });
    expect(judge([], 40_007)).toEqual({ sent: 0, isHit: false });
  });

  it('needs what the lesson says: 1, 8, 500 segments, or the whole range', () => {
    const sent = (contestant: (typeof contestants)[number], load: Load, to: number, step: number) =>
      seeds.filter((seed) => {
        const ports = laneOf(contestant, seed, setup(load, 3));
        const [last = 0, next = 0] = ports.slice(-2);
        return judge([{ from: last + step, to: last + to, step }], next).isHit;
      }).length;
    // One seed in some thousands wraps round the range's end.
    expect(sent('traditional-up', 'other', 1, 1)).toBeGreaterThan(28);
    expect(sent('linux-connect', 'same', 16, 2)).toBeGreaterThan(28);
    expect(sent('rfc6056-5', 'other', 500, 1)).toBeGreaterThan(26);
    expect(sent('linux-connect', 'other', 16, 2)).toBeLessThan(3);
    expect(sent('rfc6056-1', 'same', 500, 1)).toBeLessThan(5);
  });
});
