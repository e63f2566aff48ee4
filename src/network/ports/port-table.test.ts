import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { linux } from '../os-profiles/linux.ts';
import { createPortTable, type PortTable } from './port-table.ts';
import type { PortHold } from './port-hold.ts';
import type { Protocol } from '../protocol.ts';
import { SysctlTable } from '../sysctl/sysctl-table.ts';

const loopback = 0x7f000001;
const here = 0x0a000002;
const there = 0x0a00000a;

interface Bench {
  readonly table: PortTable;
  readonly settings: SysctlTable;
}

function bench(seed: number, range?: string, protocol: Protocol = 'tcp'): Bench {
  const settings = new SysctlTable(linux.settings);
  if (range !== undefined) settings.set('net.ipv4.ip_local_port_range', range);
  return { table: createPortTable(linux, settings, new Random(seed), protocol), settings };
}

const free: Omit<PortHold, 'port'> = {
  localAddress: here,
  remoteAddress: 0,
  remotePort: 0,
  isBound: false,
  isListening: false,
  reuseAddress: false,
  reusePort: false,
  uid: 0,
  timeWaitSinceMs: null,
  hasTimestamps: true,
};

function connect(
  table: PortTable,
  { to = there, port: remotePort = 80, from = here, nowMs = 0 } = {},
): number | string {
  const choice = table.chooseForConnect({
    localAddress: from,
    remoteAddress: to,
    remotePort,
    nowMs,
  });
  if (!choice.ok) return choice.error;
  if (choice.replaces !== undefined) table.remove(choice.replaces);
  table.add({ ...free, localAddress: from, port: choice.port, remoteAddress: to, remotePort });
  return choice.port;
}

function bind(
  table: PortTable,
  { port = 0, address = here, reuseAddress = false, reusePort = false, uid = 0 } = {},
): number | string {
  const choice = table.chooseForBind({
    localAddress: address,
    port,
    nowMs: 0,
    reuseAddress,
    reusePort,
    uid,
    isPrivileged: true,
  });
  if (!choice.ok) return choice.error;
  const hold = { ...free, localAddress: address, port: choice.port, isBound: true };
  table.add({ ...hold, reuseAddress, reusePort, uid });
  return choice.port;
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

describe('connect on Linux', () => {
  it('takes all ports of the low parity first, then the others, then fails', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { table } = bench(seed, '40000 40009');
      const ports = times(11, () => connect(table));
      expect(ports.slice(0, 5).toSorted()).toEqual([40000, 40002, 40004, 40006, 40008]);
      expect(ports.slice(5, 10).toSorted()).toEqual([40001, 40003, 40005, 40007, 40009]);
      expect(ports[10]).toBe('EADDRNOTAVAIL');
    }
  });

  it('shares a port between destinations', () => {
    const { table } = bench(1, '40000 40000');
    expect(times(2, () => connect(table, { port: 80 }))).toEqual([40000, 'EADDRNOTAVAIL']);
    expect(connect(table, { port: 443 })).toBe(40000);
    expect(connect(table, { to: there + 1 })).toBe(40000);
    expect(connect(table, { from: here + 1 })).toBe(40000);
  });

  it('counts what the kernel would have walked', () => {
    const { table } = bench(3, '40000 40009');
    for (let i = 0; i < 10; i++) connect(table);
    const request = { localAddress: here, remoteAddress: there, remotePort: 80, nowMs: 0 };
    const choice = table.chooseForConnect(request);
    expect(choice.ok).toBe(false);
    expect(choice.why).toMatchObject({ considered: 10, skipped: { 'in-use': 10 } });
  });

  it('never reaches the third of three ports where both ends are even', () => {
    const { table } = bench(2, '40000 40002');
    expect(times(3, () => connect(table))).toEqual([40000, 40001, 'EADDRNOTAVAIL']);
  });

  it('leaves ports with a bound socket alone, whatever its address', () => {
    const { table } = bench(2, '40000 40003');
    bind(table, { port: 40002, address: here + 5, reuseAddress: true, reusePort: true });
    expect(times(4, () => connect(table)).toSorted()).toEqual([
      40000,
      40001,
      40003,
      'EADDRNOTAVAIL',
    ]);
  });
});

describe('bind to port 0 on Linux', () => {
  it('takes the other parity first', () => {
    const { table } = bench(4, '40000 40009');
    const ports = times(11, () => bind(table));
    expect(ports.slice(0, 5).toSorted()).toEqual([40001, 40003, 40005, 40007, 40009]);
    expect(ports[10]).toBe('EADDRINUSE');
    expect(bind(table, { address: here + 1 })).toBeTypeOf('number');
    expect(connect(table)).toBe('EADDRNOTAVAIL');
  });

  it('looks in the lower half first with SO_REUSEADDR', () => {
    const { table } = bench(4, '40000 40009');
    const ports = times(10, () => bind(table, { reuseAddress: true }));
    expect(ports.slice(0, 2).toSorted()).toEqual([40001, 40003]);
    expect(ports.slice(2, 4).toSorted()).toEqual([40000, 40002]);
    expect(ports.slice(4, 7).toSorted()).toEqual([40005, 40007, 40009]);
    expect(ports.slice(7, 10).toSorted()).toEqual([40004, 40006, 40008]);
  });
});

describe('TIME-WAIT', () => {
  const wait = (table: PortTable, port: number, to = there): PortHold => {
    for (const hold of table.holdsOn(port)) {
      if (hold.remoteAddress === to) return table.replace(hold, { timeWaitSinceMs: 100 });
    }
    throw new Error('no such hold');
  };

  it.each([
    ['0', there, 60_000, 'EADDRNOTAVAIL'],
    ['1', there, 1099, 'EADDRNOTAVAIL'],
    ['1', there, 1101, 40000],
    ['2', there, 60_000, 'EADDRNOTAVAIL'],
    ['2', loopback, 1101, 40000],
    ['0', loopback, 60_000, 'EADDRNOTAVAIL'],
  ])('with tcp_tw_reuse=%s towards %i at %i ms', (reuse, to, nowMs, expected) => {
    const { table, settings } = bench(1, '40000 40000');
    settings.set('net.ipv4.tcp_tw_reuse', reuse);
    connect(table, { to });
    wait(table, 40000, to);
    expect(connect(table, { to, port: 81 })).toBe(40000);
    expect(connect(table, { to, nowMs })).toBe(expected);
  });
});
