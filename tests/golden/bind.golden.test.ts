/** bind() to port 0 and UDP against the recordings bind0 and udp. Significance 0.001. */

import { describe, expect, it } from 'vitest';
import bind0 from './bind0.json' with { type: 'json' };
import { binds, connects, gaps, machineWith, portRangeKey } from './engine-runs.ts';
import type { BindOptions } from './machine.ts';
import { isBinomial, isEvenlySpread, sameDistribution } from './statistics.ts';
import udp from './udp.json' with { type: 'json' };

const significance = 0.001;

/** How many ports a range has. */
function portsOf(range: string): number {
  const [low = 0, high = 0] = range.split(' ').map(Number);
  return high - low + 1;
}

const flagsOf: Readonly<Record<string, BindOptions>> = {
  plain: {},
  SO_REUSEADDR: { reuseAddress: true },
  SO_REUSEPORT: { reusePort: true },
};

const tinyRanges = Object.entries(bind0.data).flatMap(([key, section]) =>
  key.includes('|') && 'runs' in section ? [[key, section.runs] as const] : [],
);

describe.each(tinyRanges)('bind to port 0 in %s', (key, runs) => {
  const [range = '', flags = ''] = key.split('|');
  const engine = Array.from({ length: 500 }, (_, seed) =>
    binds(machineWith(seed, { [portRangeKey]: range }), portsOf(range) + 3, flagsOf[flags]),
  );

  it('takes the parities and halves in the recording’s order', () => {
    // Each run as classes (half and parity) in order: a rule, so every sequence of the engine's must
    // be one that was recorded, and the other way round.
    const [low = 0, high = 0] = range.split(' ').map(Number);
    const half = low + (((high - low + 1) >> 2) << 1);
    const shape = (ports: readonly number[]): string =>
      ports
        .map(
          (port) => `${flags === 'SO_REUSEADDR' && port >= half ? 'upper' : ''}${(port - low) & 1}`,
        )
        .join(' ');
    expect(new Set(engine.map(({ ports }) => shape(ports)))).toEqual(new Set(runs.map(shape)));
    for (const { error } of engine) expect(error).toBe('EADDRINUSE');
  });

  it('begins and goes on where the recording does', () => {
    // 500 runs beside 100: a first port with a share of 0.37 instead of 0.2 is noticed (power 0.8).
    for (const i of [0, 1, 2]) {
      const ours = engine.map(({ ports }) => ports[i] ?? 0);
      const recorded = runs.map((ports) => ports[i] ?? 0);
      expect(sameDistribution(ours, recorded)).toBeGreaterThan(significance);
    }
  });

  it('gets as many ports as the recording', () => {
    const ours = engine.map(({ ports }) => ports.length);
    const recorded = runs.map((ports) => ports.length);
    expect(sameDistribution(ours, recorded)).toBeGreaterThan(significance);
  });
});

describe.each([
  ['plain', 60_999],
  ['SO_REUSEADDR', 46_883],
  ['SO_REUSEPORT', 60_999],
])('bind to port 0 in the default range, %s', (flags, highest) => {
  const { ports } = binds(machineWith(1, {}), 2000, flagsOf[flags]);

  it('draws odd ports, evenly, and draws each time', () => {
    expect(ports.every((port) => port % 2 === 1 && port <= highest)).toBe(true);
    expect(new Set(ports).size).toBe(2000);
    const places = ports.map((port) => (port - 32_768) / (highest - 32_767));
    expect(isEvenlySpread(places)).toBeGreaterThan(significance);
    const rises = gaps(ports).filter((gap) => gap > 0).length;
    expect(isBinomial(rises, 1999, 0.5)).toBeGreaterThan(significance);
  });
});

it('listen() without a port fails as bind() does, connect() in its own way', () => {
  const machine = machineWith(1, { [portRangeKey]: '40000 40009' });
  expect(binds(machine, 11).error).toBe('EADDRINUSE');
  expect(machine.answer(['listen', {}])).toBe('EADDRINUSE');
  expect(machine.answer(['connect', { to: '127.0.0.1', port: 8080 }])).toBe('EADDRNOTAVAIL');
  expect(machine.answer(['bind', { address: '127.0.0.2' }])).toBeTypeOf('number');
});

it('ports of connections are taken on their address only', () => {
  const machine = machineWith(1, { [portRangeKey]: '40000 40009' });
  expect(connects(machine, 11).ports.length).toBe(10);
  for (const reuseAddress of [false, true]) {
    expect(machine.answer(['bind', { address: '127.0.0.1', reuseAddress }])).toBe('EADDRINUSE');
    expect(machine.answer(['bind', { address: '0.0.0.0', reuseAddress }])).toBe('EADDRINUSE');
  }
  expect(machine.answer(['bind', { as: 'x', address: '127.0.0.2' }])).toBeTypeOf('number');
  expect(
    machine.answer(['bind', { as: 'y', address: '127.0.0.2', reuseAddress: true }]),
  ).toBeTypeOf('number');
});

describe('UDP', () => {
  const sections = Object.entries(udp.data);
  const methods = [
    ['bind(port 0)', 'bind'],
    ['connect() different destinations', 'connect'],
    ['sendto() unbound', 'send'],
  ] as const;

  it.each(methods)('uses a tiny range as recorded, by %s', (name, method) => {
    const runs = sections.flatMap(([key, section]) =>
      key === `tiny 40000 40009 ${name}` && 'runs' in section ? section.runs : [],
    );
    expect(runs.length).toBe(100);
    const engine = Array.from({ length: 1000 }, (_, seed) => {
      const machine = machineWith(seed, { [portRangeKey]: '40000 40009' });
      if (method === 'bind') return binds(machine, 11, { udp: true });
      return connects(machine, 11, {
        to: '127.0.0.5',
        toStep: 1,
        port: 9999,
        udp: true,
        send: method === 'send',
      });
    });
    for (const { ports, error } of engine) {
      expect(ports.toSorted()).toEqual([
        40000, 40001, 40002, 40003, 40004, 40005, 40006, 40007, 40008, 40009,
      ]);
      expect(error).toBe(method === 'bind' ? 'EADDRINUSE' : 'EAGAIN');
    }
    // Which comes first, and which last: the last one shows how blocks of taken ports are passed.
    for (const i of [0, 9]) {
      const ours = engine.map(({ ports }) => ports[i] ?? 0);
      const recorded = runs.map((ports) => ports[i] ?? 0);
      expect(sameDistribution(ours, recorded)).toBeGreaterThan(significance);
    }
    // How far the last but one lies behind the one before: 1,000 runs beside 100.
    const step = (ports: readonly number[], i: number): number =>
      ((ports[i] ?? 0) - (ports[i - 1] ?? 0) + 10) % 10;
    for (const i of [1, 5, 8]) {
      const ours = engine.map(({ ports }) => step(ports, i));
      const recorded = runs.map((ports) => step(ports, i));
      expect(sameDistribution(ours, recorded)).toBeGreaterThan(significance);
    }
  });

  it('draws from the whole range, without parity or order', () => {
    const { ports } = binds(machineWith(2, {}), 2000, { udp: true });
    expect(new Set(ports).size).toBe(2000);
    expect(isEvenlySpread(ports.map((port) => (port - 32_768) / 28_232))).toBeGreaterThan(
      significance,
    );
    const evens = ports.filter((port) => port % 2 === 0).length;
    expect(isBinomial(evens, 2000, 0.5)).toBeGreaterThan(significance);
    const rises = gaps(ports).filter((gap) => gap > 0).length;
    expect(Math.abs(rises - 1000)).toBeLessThan(80);
  });

  it('owns its port on its address, and knows nothing of TCP', () => {
    const machine = machineWith(1, { [portRangeKey]: '40000 40000' });
    const bind = (address: string): unknown =>
      machine.answer(['bind', { as: address, address, udp: true }]);
    expect(bind('127.0.0.1')).toBe(40_000);
    expect(bind('127.0.0.2')).toBe(40_000);
    expect(bind('127.0.0.1')).toBe('EADDRINUSE');
    expect(bind('0.0.0.0')).toBe('EADDRINUSE');
    expect(machine.answer(['bind', { address: '127.0.0.1', port: 40_000, listen: true }])).toBe(
      40_000,
    );
  });
});
