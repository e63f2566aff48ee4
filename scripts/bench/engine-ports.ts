/**
 * How fast ports are chosen: by each algorithm at several degrees of fullness, and by the
 * real kernel beside ours where it can be asked. Times are the process's own, not the clock's, so that
 * a busy machine matters less.
 */

import { linux } from '../../src/network/os-profiles/linux.ts';
import type { OsProfile } from '../../src/network/os-profiles/profile.ts';
import { createPortTable } from '../../src/network/ports/port-table.ts';
import type { PortHold } from '../../src/network/ports/port-hold.ts';
import type { PortAlgorithm } from '../../src/network/port-selection/algorithm.ts';
import { createLinuxBind } from '../../src/network/port-selection/linux-bind.ts';
import { createOlderLinuxConnect } from '../../src/network/port-selection/linux-connect-before.ts';
import { createLinuxConnect } from '../../src/network/port-selection/linux-connect.ts';
import { createRfc6056First } from '../../src/network/port-selection/rfc6056-1.ts';
import { createRfc6056Second } from '../../src/network/port-selection/rfc6056-2.ts';
import { createRfc6056Third } from '../../src/network/port-selection/rfc6056-3.ts';
import { createRfc6056Fourth } from '../../src/network/port-selection/rfc6056-4.ts';
import { createRfc6056Fifth } from '../../src/network/port-selection/rfc6056-5.ts';
import { createTraditional } from '../../src/network/port-selection/traditional-bsd.ts';
import { SysctlTable } from '../../src/network/sysctl/sysctl-table.ts';
import { Random } from '../../src/time-and-chance/random.ts';
import { KernelMachine, whyNot } from '../verify-kernel/kernel-machine.ts';
import { formatTable } from './table.ts';

export interface BenchRow {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
}

const ports = 28_232;
const levels = [0.1, 0.5, 0.9, 0.99, 0.999, 1];

const algorithms: Readonly<Record<string, (random: Random) => PortAlgorithm>> = {
  'linux-connect': (random) => createLinuxConnect(random),
  'linux-connect before 4.2': (random) => createOlderLinuxConnect(random, 'before-4.2'),
  'linux-bind': (random) => createLinuxBind(random),
  'rfc6056-1': (random) => createRfc6056First(random),
  'rfc6056-2': (random) => createRfc6056Second(random),
  'rfc6056-3': (random) => createRfc6056Third(random),
  'rfc6056-4': (random) => createRfc6056Fourth(random),
  'rfc6056-5': (random) => createRfc6056Fifth(random),
  'traditional BSD': () => createTraditional({ direction: 'up' }),
};

/** Linux with another algorithm for connect(). */
function withAlgorithm(make: (random: Random) => PortAlgorithm): OsProfile {
  return {
    ...linux,
    algorithms: (random) => {
      const algorithm = make(random);
      return { connect: algorithm, bind: algorithm };
    },
  };
}

/** Processor seconds that a piece of work takes. */
function secondsOf(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1e6;
}

const plain: Omit<PortHold, 'port'> = {
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
};

/** Connects with one closed before each, at a degree of fullness, to one or many destinations. */
function connectRate(profile: OsProfile, level: number, destinations: number): number {
  const ours = createPortTable(profile, new SysctlTable(profile.settings), new Random(1));
  const held: PortHold[] = [];
  const connect = (i: number): PortHold | null => {
    const remoteAddress = 2 + (i % destinations);
    const choice = ours.chooseForConnect({
      localAddress: 1,
      remoteAddress,
      remotePort: 80,
      nowMs: 0,
    });
    if (!choice.ok) return null;
    const hold = { ...plain, port: choice.port, remoteAddress };
    ours.add(hold);
    return hold;
  };
  const target = Math.round(ports * level);
  for (let i = 0; held.length < target && i < target + 5000; i++) {
    const hold = connect(i);
    if (hold !== null) held.push(hold);
  }
  const count = level === 1 ? 5000 : 20_000;
  const seconds = secondsOf(() => {
    for (let i = 0; i < count; i++) {
      const at = i % held.length;
      const old = held[at];
      // Full: the call fails, and that is what is measured.
      if (level < 1 && old !== undefined) ours.remove(old);
      const hold = connect(i);
      if (hold !== null) held[at] = hold;
    }
  });
  return count / seconds;
}

/** What is in use once all is collected that nobody needs: typed arrays go a round later than the rest. */
function bytesInUse(): number {
  for (let round = 0; round < 4; round++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function bytesPerConnection(): BenchRow[] {
  const before = bytesInUse();
  const ours = createPortTable(linux, new SysctlTable(linux.settings), new Random(1));
  for (let i = 0; i < ports; i++) {
    const choice = ours.chooseForConnect({
      localAddress: 1,
      remoteAddress: 2,
      remotePort: 80,
      nowMs: 0,
    });
    if (choice.ok) ours.add({ ...plain, port: choice.port });
  }
  const after = bytesInUse();
  const kept = [...ours.holdsOn(32_768)].length;
  return [
    {
      name: 'port table',
      value: (after - before) / (ports - 1 + kept),
      unit: 'bytes a connection',
    },
  ];
}

/** The kernel's connect(), all kept open, before and after the first parity is used up. */
async function kernelRates(): Promise<BenchRow[]> {
  if (whyNot() !== null) return [];
  const kernel = new KernelMachine();
  await kernel.run([
    ['set', { key: 'net.core.somaxconn', value: '400000' }],
    ['bind', { as: 'server', port: 8080, listen: true }],
  ]);
  const each = 500;
  const times = await kernel.ask('time-connects', {
    to: '127.0.0.1',
    port: 8080,
    blocks: 30,
    each,
  });
  kernel.stop();
  const rate = (block: number): number => (each * 1e9) / (times[block] ?? Number.NaN);
  return [
    { name: `kernel's connect(), 10 % full`, value: rate(5), unit: 'connects/s' },
    { name: `kernel's connect(), just over 50 % full`, value: rate(29), unit: 'connects/s' },
  ];
}

/** All rows; takes a minute or so. */
export async function benchPorts(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [name, make] of Object.entries(algorithms)) {
    const profile = withAlgorithm(make);
    for (const [destinations, label] of [
      [1, 'one destination'],
      [1000, '1,000 destinations'],
    ] as const) {
      const rates = new Map<number, number>();
      for (const level of levels) {
        // To many destinations a port serves several: the range never fills.
        if (destinations > 1 && level === 1) continue;
        const value = connectRate(profile, level, destinations);
        rates.set(level, value);
        rows.push({ name: `${name}, ${label}, ${level * 100} %`, value, unit: 'connects/s' });
      }
      const times = (rates.get(0.1) ?? NaN) / (rates.get(0.999) ?? NaN);
      rows.push({
        name: `${name}, ${label}, 99.9 % beside 10 %`,
        value: times,
        unit: 'times as dear',
      });
    }
  }
  rows.push(...bytesPerConnection(), ...(await kernelRates()));
  return rows;
}

/** Whole numbers from ten on, below it one place more. */
export function inFigures(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
}

if (import.meta.main) {
  const rows = await benchPorts();
  console.log(
    formatTable(
      ['ports', 'value', 'unit'],
      rows.map(({ name, value, unit }) => [name, inFigures(value), unit]),
    ),
  );
}
