import { describe, expect, it } from 'vitest';
import { Random } from '../time-and-chance/random.ts';
import { BulkConnections, type BulkOptions } from './bulk-connections.ts';
import { linux } from './os-profiles/linux.ts';
import { createPortTable } from './port-table.ts';
import { SysctlTable } from './sysctl/sysctl-table.ts';

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

describe('bulk connections', () => {
  it.each([
    [40000, 40009],
    [40001, 40010],
    [40000, 40010],
    [40000, 40002],
    [40000, 40000],
    [40000, 40001],
    [40000, 40003],
  ])('take the ports of %i–%i as the full engine does', (low, high) => {
    // The same rules with other luck: over many seeds both meet the same sets of outcomes.
    const ofBulk = new Set<string>();
    const ofTable = new Set<string>();
    for (let seed = 0; seed < 150; seed++) {
      const ports = fill(bulk(seed, { low, high }));
      const settings = new SysctlTable(linux.settings);
      settings.set('net.ipv4.ip_local_port_range', `${low} ${high}`);
      const table = createPortTable(linux, settings, new Random(seed));
      const others: number[] = [];
      for (;;) {
        const request = { localAddress: 1, remoteAddress: 2, remotePort: 80, nowMs: 0 };
        const choice = table.chooseForConnect(request);
        if (!choice.ok) break;
        others.push(choice.port);
        table.add({
          port: choice.port,
          localAddress: 1,
          remoteAddress: 2,
          remotePort: 80,
          isBound: false,
          isListening: false,
          reuseAddress: false,
          reusePort: false,
          uid: 0,
          timeWaitSinceMs: null,
          hasTimestamps: true,
        });
      }
      const summary = (all: number[]): string =>
        [
          all.length,
          all.findIndex((port) => (port - low) % 2 === 1),
          all.toSorted((a, b) => a - b).join(' '),
        ].join('|');
      ofBulk.add(summary(ports));
      ofTable.add(summary(others));
    }
    expect(ofBulk).toEqual(ofTable);
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
