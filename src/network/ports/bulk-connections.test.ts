/** Connections in bulk, held against the full engine's choice with the same luck. */

import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { BulkConnections, type BulkOptions } from './bulk-connections.ts';
import type { PortAlgorithm } from '../port-selection/algorithm.ts';
import { createLinuxConnect } from '../port-selection/linux-connect.ts';
import { Obstacles } from '../port-selection/obstacles.ts';
import { requestOf } from '../port-selection/selection-fixtures.ts';
import { PortSet } from '../data-structures/port-set.ts';

const bulk = (seed: number, options: Omit<BulkOptions, 'random'>): BulkConnections =>
  new BulkConnections({ ...options, random: new Random(seed) });

function fill(connections: BulkConnections, nowMs = 0): number[] {
  const ports: number[] = [];
  for (;;) {
    const port = connections.connect(0, nowMs);
    if (port < 0) return ports;
    ports.push(port);
  }
}

/** The full engine's choice, a bulk of connections with the same luck, and what each has been given. */
class SideBySide {
  readonly bulk: BulkConnections;
  readonly #algorithm: PortAlgorithm;
  readonly #range: { readonly low: number; readonly high: number };
  readonly #reserved = new PortSet();
  /** By destination. */
  readonly #inUse: readonly PortSet[];
  readonly #waiting: {
    readonly destination: number;
    readonly port: number;
    readonly endMs: number;
  }[] = [];
  readonly open: { readonly destination: number; readonly port: number }[] = [];

  constructor(seed: number, options: Omit<BulkOptions, 'random'>) {
    const { low, high, reserved = [], destinations = 1 } = options;
    this.bulk = bulk(seed, options);
    this.#algorithm = createLinuxConnect(new Random(seed));
    this.#range = { low, high };
    for (const [first, last] of reserved) this.#reserved.addRange(first, last);
    this.#inUse = Array.from({ length: destinations }, () => new PortSet());
  }

  /** Both choose; says [port, candidates] of each. */
  connect(
    destination: number,
    nowMs: number,
  ): { readonly bulk: number[]; readonly full: number[] } {
    this.#expire(nowMs);
    const inUse = this.#inUse[destination] ?? new PortSet();
    const { port, why } = this.#algorithm.choose(
      requestOf({
        ...this.#range,
        localAddress: 0,
        remoteAddress: 0,
        remotePort: destination,
        nowMs,
      }),
      new Obstacles([
        { reason: 'reserved', ports: this.#reserved },
        { reason: 'in-use', ports: inUse },
      ]),
    );
    if (port >= 0) {
      inUse.add(port);
      this.open.push({ destination, port });
    }
    const ours = this.bulk.connect(destination, nowMs);
    return { bulk: [ours, this.bulk.considered], full: [port, why.considered] };
  }

  /** One of the open connections ends: closed by the client, or by the server. */
  end(index: number, byClient: boolean, nowMs: number): void {
    const [connection] = this.open.splice(index, 1);
    if (connection === undefined) return;
    const { destination, port } = connection;
    if (byClient) {
      this.bulk.close(destination, port, nowMs);
      this.#waiting.push({ destination, port, endMs: nowMs + 60_000 });
    } else {
      this.bulk.release(destination, port);
      this.#inUse[destination]?.delete(port);
    }
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  #expire(nowMs: number): void {
    while ((this.#waiting[0]?.endMs ?? Infinity) <= nowMs) {
      const over = this.#waiting.shift();
      if (over !== undefined) this.#inUse[over.destination]?.delete(over.port);
    }
  }
}

describe('bulk connections', () => {
  it.each([
    [40000, 40009],
    [40001, 40010],
    [40000, 40010],
    [40000, 40002],
    [40000, 40000],
    [40000, 40001],
    [40000, 40003],
    [40000, 40199],
    [39999, 40199],
  ])('take the ports of %i–%i as the full engine does', (low, high) => {
    for (let seed = 0; seed < 10; seed++) {
      const both = new SideBySide(seed, { low, high, destinations: 2 });
      const attempts = high - low + 3;
      for (let i = 0; i < 2 * attempts; i++) {
        // Through several of the ten-second periods, from the second on.
        const { bulk, full } = both.connect(i % 2, 10_000 + i * 500);
        expect(bulk).toEqual(full);
      }
    }
  });

  it('take and give back ports as the full engine does, whoever closes', () => {
    for (let seed = 0; seed < 8; seed++) {
      const luck = new Random(seed).fork('calls');
      const high = 40_020 + seed;
      const both = new SideBySide(seed, {
        low: 40_000,
        high,
        reserved: [[40_003, 40_004]],
        destinations: 3,
      });
      let nowMs = 0;
      for (let i = 0; i < 300; i++) {
        nowMs += luck.below(1500);
        if (luck.below(5) < 3) {
          const { bulk, full } = both.connect(luck.below(3), nowMs);
          expect(bulk).toEqual(full);
          expect(both.bulk.waiting).toBe(both.waiting);
        } else if (both.open.length > 0) {
          both.end(luck.below(both.open.length), luck.below(3) > 0, nowMs);
        }
      }
    }
  });

  it('move on one counter where the hashes of two destinations meet, as the full engine does', () => {
    // 2,000 hashes into 65,536 counters: some thirty meet.
    const both = new SideBySide(1, { low: 40_000, high: 40_063, destinations: 500 });
    for (let i = 0; i < 2000; i++) {
      const { bulk, full } = both.connect(i % 500, Math.floor(i / 500) * 10_000);
      expect(bulk).toEqual(full);
    }
  });

  it('leave reserved ports alone', () => {
    const reserved = [
      [40002, 40002],
      [40004, 40006],
      [50000, 60000],
    ] as const;
    const ports = fill(bulk(1, { low: 40000, high: 40009, reserved }));
    expect(ports.slice(0, 2).toSorted()).toEqual([40000, 40008]);
    expect(ports.slice(2).toSorted()).toEqual([40001, 40003, 40007, 40009]);
  });

  it('know how many ports are free towards each destination', () => {
    const reserved = [
      [40000, 40004],
      [40003, 40005],
    ] as const;
    const connections = bulk(1, { low: 40000, high: 40009, reserved, destinations: 2 });
    expect(connections.freeTowards(0)).toBe(4);
    const port = connections.connect(0, 0);
    connections.connect(0, 0);
    expect([connections.freeTowards(0), connections.freeTowards(1)]).toEqual([2, 4]);
    connections.release(0, port);
    expect([connections.freeTowards(0), connections.freeTowards(1)]).toEqual([3, 4]);
    connections.close(1, connections.connect(1, 0), 0);
    expect(connections.freeTowards(1)).toBe(3);
    connections.expire(60_000);
    expect(connections.freeTowards(1)).toBe(4);
    expect(() => connections.freeTowards(2)).toThrow('no destination 2');
  });

  it('keep the order of the closing while more and more are in TIME-WAIT', () => {
    const connections = bulk(1, { low: 1, high: 65_535 });
    const ended: number[] = [];
    let closed = 0;
    const close = (count: number): void => {
      for (let i = 0; i < count; i++) {
        connections.close(0, connections.connect(0, 0), closed);
        closed++;
      }
    };
    close(1000);
    ended.push(connections.expire(60_099));
    close(5000);
    expect(connections.waiting).toBe(5900);
    for (const each of [100, 101, 1000, 1023, 1024, 4098, 5998, 5999]) {
      ended.push(connections.expire(60_000 + each));
    }
    expect(ended).toEqual([100, 1, 1, 899, 23, 1, 3074, 1900, 1]);
    expect(connections.freeTowards(0)).toBe(65_535);
  });

  it('count what the kernel walks: all of the first parity once it is used up', () => {
    const connections = bulk(1, { low: 32768, high: 60999 });
    for (let i = 0; i < 14_116; i++) expect(connections.connect(0, 0) & 1).toBe(0);
    expect(connections.connect(0, 0) & 1).toBe(1);
    expect(connections.considered).toBeGreaterThanOrEqual(14_117);
    fill(connections);
    expect(connections.considered).toBe(28_232);
    expect(connections.freeTowards(0)).toBe(0);
  });

  it('have ports again when TIME-WAIT is over, in the order of the closing', () => {
    const connections = bulk(1, { low: 40000, high: 40003 });
    const ports = fill(connections);
    ports.forEach((port, i) => {
      connections.close(0, port, i * 1000);
    });
    expect(connections.waiting).toBe(4);
    expect(connections.connect(0, 59_999)).toBe(-1);
    expect(connections.connect(0, 60_000)).toBe(ports[0]);
    expect(connections.connect(0, 60_500)).toBe(-1);
    expect(connections.expire(62_000)).toBe(2);
    expect(connections.waiting).toBe(1);
  });

  it('have a port again at once where the server closed', () => {
    const connections = bulk(1, { low: 40000, high: 40000 });
    expect(connections.connect(0, 0)).toBe(40000);
    connections.release(0, 40000);
    expect(connections.connect(0, 0)).toBe(40000);
  });

  it('give each destination all the ports', () => {
    const connections = bulk(1, { low: 40000, high: 40000, destinations: 2 });
    expect(connections.connect(0, 0)).toBe(40000);
    expect(connections.connect(1, 0)).toBe(40000);
    expect(connections.connect(1, 0)).toBe(-1);
    expect(() => connections.connect(2, 0)).toThrow(RangeError);
  });

  it('hold 28,232 connections in TIME-WAIT in less than 100 bytes each', () => {
    const connections = bulk(1, { low: 32768, high: 60999 });
    for (const port of fill(connections)) connections.close(0, port, 0);
    expect(connections.waiting).toBe(28_232);
    // A bit for each port, and for each 32 of them; 32,768 entries of four bytes and of eight.
    const halves = 2 * 4 * (Math.ceil(14_116 / 32) + Math.ceil(14_116 / 1024));
    expect(connections.bytes).toBe(halves + 32_768 * (4 + 8));
    expect(connections.bytes / 28_232).toBeLessThan(100);
  });

  it('are limited to ports / TIME-WAIT connections a second', () => {
    const connections = bulk(3, { low: 40000, high: 40599 });
    let made = 0;
    for (let nowMs = 0; nowMs < 600_000; nowMs += 20) {
      const port = connections.connect(0, nowMs);
      if (port < 0) continue;
      made++;
      connections.close(0, port, nowMs);
    }
    // 600 ports over 60 s: 10 a second.
    expect(made).toBe(6000);
  });
});
