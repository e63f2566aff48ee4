/** Which four-tuples are taken towards a destination, and which in TIME-WAIT give way. */

import { describe, expect, it } from 'vitest';
import type { PortHold } from './port-hold.ts';
import { TupleIndex, type WaitRule } from './tuple-index.ts';

const here = 0x0a000002;
const there = 0x0a00000a;

function hold(port: number, difference: Partial<PortHold> = {}): PortHold {
  return {
    port,
    localAddress: here,
    remoteAddress: there,
    remotePort: 80,
    isBound: false,
    isListening: false,
    reuseAddress: false,
    reusePort: false,
    uid: 0,
    timeWaitSinceMs: null,
    hasTimestamps: true,
    ...difference,
  };
}

const afterASecond: WaitRule = { usable: ({ hasTimestamps }) => hasTimestamps, delayMs: 1000 };

function ports(set: Iterable<number> | undefined): number[] {
  return [...(set ?? [])].toSorted();
}

describe('the tuples of a host', () => {
  it('are found by all four parts, one or many towards a destination', () => {
    for (const others of [[], [40_002, 40_004]]) {
      const index = new TupleIndex(1);
      const first = hold(40_000);
      index.add(first);
      for (const port of others) index.add(hold(port));
      expect(index.find(here, 40_000, there, 80)).toBe(first);
      expect(index.find(here + 1, 40_000, there, 80)).toBe(undefined);
      expect(index.find(here, 40_001, there, 80)).toBe(undefined);
      expect(index.find(here, 40_000, there + 1, 80)).toBe(undefined);
      expect(index.find(here, 40_000, there, 81)).toBe(undefined);
    }
  });

  it('are told apart where address and port differ together', () => {
    const index = new TupleIndex(1);
    const [first, second] = [
      hold(40_000),
      hold(40_000, { remoteAddress: there + 65_536, remotePort: 79 }),
    ];
    index.add(first);
    index.add(second);
    expect(index.find(here, 40_000, there, 80)).toBe(first);
    expect(index.find(here, 40_000, there + 65_536, 79)).toBe(second);
  });

  it('are not held twice', () => {
    const index = new TupleIndex(1);
    index.add(hold(40_000));
    expect(() => {
      index.add(hold(40_000));
    }).toThrow('port 40000: two sockets on one four-tuple');
  });

  it('are gone when taken out, first or last, and can be taken again', () => {
    const index = new TupleIndex(1);
    const [first, second] = [hold(40_000), hold(40_002)];
    index.add(first);
    index.remove(first);
    expect(index.towards(here, there, 80)).toBe(undefined);
    index.add(first);
    index.add(second);
    index.remove(first);
    expect(ports(index.towards(here, there, 80)?.live)).toEqual([40_002]);
    index.remove(second);
    expect(index.towards(here, there, 80)).toBe(undefined);
    index.remove(second);
    index.add(first);
    expect(index.find(here, 40_000, there, 80)).toBe(first);
  });

  it('towards one destination are not in the way towards another, or from another address', () => {
    const index = new TupleIndex(1);
    index.add(hold(40_000));
    index.add(hold(40_002, { localAddress: here + 1 }));
    index.add(hold(40_004, { remotePort: 443 }));
    expect(ports(index.towards(here, there, 80)?.live)).toEqual([40_000]);
    expect(ports(index.towards(here + 1, there, 80)?.live)).toEqual([40_002]);
    expect(ports(index.towards(here, there, 443)?.live)).toEqual([40_004]);
    expect(index.towards(here, there + 1, 80)).toBe(undefined);
  });
});

describe('TIME-WAIT towards a destination', () => {
  /** Three tuples: in use, waiting since 0 ms, waiting since 500 ms without timestamps. */
  function three(): TupleIndex {
    const index = new TupleIndex(1);
    index.add(hold(40_000));
    index.add(hold(40_002, { timeWaitSinceMs: 0 }));
    index.add(hold(40_004, { timeWaitSinceMs: 500, hasTimestamps: false }));
    return index;
  }

  it('is told from use', () => {
    const towards = three().towards(here, there, 80);
    expect(ports(towards?.live)).toEqual([40_000]);
    expect(ports(towards?.waiting)).toEqual([40_002, 40_004]);
  });

  it('gives way after the delay where the rule lets it, to the millisecond', () => {
    const towards = three().towards(here, there, 80);
    towards?.settle(afterASecond, 999);
    expect(ports(towards?.waiting)).toEqual([40_002, 40_004]);
    towards?.settle(afterASecond, 1000);
    expect(ports(towards?.waiting)).toEqual([40_004]);
    towards?.settle(afterASecond, 100_000);
    expect(ports(towards?.waiting)).toEqual([40_004]);
    expect(ports(towards?.live)).toEqual([40_000]);
  });

  it('is in the way again under a stricter rule', () => {
    const towards = three().towards(here, there, 80);
    towards?.settle(afterASecond, 2000);
    towards?.settle({ usable: () => false, delayMs: 1000 }, 3000);
    expect(ports(towards?.waiting)).toEqual([40_002, 40_004]);
    towards?.settle({ usable: () => true, delayMs: 0 }, 3000);
    expect(ports(towards?.waiting)).toEqual([]);
  });

  it('gives way in the order in which it began, whatever the order of the ports', () => {
    const index = new TupleIndex(1);
    for (const [port, since] of [
      [40_000, 300],
      [40_002, 100],
      [40_004, 200],
    ] as const) {
      index.add(hold(port, { timeWaitSinceMs: since }));
    }
    const towards = index.towards(here, there, 80);
    towards?.settle(afterASecond, 1100);
    expect(ports(towards?.waiting)).toEqual([40_000, 40_004]);
    towards?.settle(afterASecond, 1200);
    expect(ports(towards?.waiting)).toEqual([40_000]);
    towards?.settle(afterASecond, 1300);
    expect(ports(towards?.waiting)).toEqual([]);
  });

  it('begins again for a port that was used again', () => {
    const index = three();
    const towards = index.towards(here, there, 80);
    towards?.settle(afterASecond, 0);
    const old = index.find(here, 40_002, there, 80);
    if (old === undefined) throw new Error('no such tuple');
    index.remove(old);
    expect(ports(towards?.waiting)).toEqual([40_004]);
    index.add(hold(40_002, { timeWaitSinceMs: 800 }));
    towards?.settle(afterASecond, 1000);
    expect(ports(towards?.waiting)).toEqual([40_002, 40_004]);
    towards?.settle(afterASecond, 1800);
    expect(ports(towards?.waiting)).toEqual([40_004]);
  });

  it('of thousands in turn leaves nothing behind', () => {
    const index = new TupleIndex(1);
    index.add(hold(50_000));
    const towards = index.towards(here, there, 80);
    for (let round = 0; round < 1000; round++) {
      const waiting = hold(40_000 + (round % 10), { timeWaitSinceMs: round });
      index.add(waiting);
      towards?.settle(afterASecond, round);
      expect(ports(towards?.waiting)).toEqual([waiting.port]);
      index.remove(waiting);
      expect(ports(towards?.waiting)).toEqual([]);
    }
    expect([towards?.tuples.size, towards?.live.size]).toEqual([1, 1]);
  });
});
