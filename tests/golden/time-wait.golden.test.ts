/** What TIME-WAIT blocks and when it gives way, against the recordings tw and interactions. */

import { describe, expect, it } from 'vitest';
import { connects, machineWith, portRangeKey } from './engine-runs.ts';
import type { EngineMachine } from './machine.ts';
import tw from './tw.json' with { type: 'json' };

const reuseKey = 'net.ipv4.tcp_tw_reuse';

/** Ten connections that the client closes first. */
function closeTen(reuse: string, to: string): EngineMachine {
  const machine = machineWith(1, { [portRangeKey]: '40000 40009', [reuseKey]: reuse });
  connects(machine, 10, { to });
  for (let i = 0; i < 10; i++) {
    machine.answer(['accept', { socket: 'server', as: `child#${i}` }]);
    machine.answer(['close', { socket: `client#${i}` }]);
    machine.answer(['close', { socket: `child#${i}` }]);
  }
  return machine;
}

/** After how many milliseconds a connection can be made again; looked at every 10 ms. */
function recovery(machine: EngineMachine, to: string): number {
  for (let ms = 0; ms <= 70_000; ms += 10) {
    if (typeof machine.answer(['connect', { as: 'again', to, port: 8080 }]) === 'number') return ms;
    machine.answer(['wait', { ms: 10 }]);
  }
  return Number.POSITIVE_INFINITY;
}

describe('all ten ports in TIME-WAIT', () => {
  it.each(
    Object.entries(tw.data).flatMap(([name, section]) =>
      'recovered_after_s_since_first_close' in section
        ? [
            [
              name,
              section.dst.split(':')[0] ?? '',
              section.tcp_tw_reuse,
              section.recovered_after_s_since_first_close,
            ] as const,
          ]
        : [],
    ),
  )('recover when the recording did: %s', (_name, to, reuse, seconds) => {
    const ms = recovery(closeTen(reuse, to), to);
    // The kernel's timers run up to 2 s late at 60 s (a wheel), ours do not.
    expect(ms / 1000).toBeLessThanOrEqual(seconds);
    expect(ms / 1000).toBeGreaterThan(seconds < 10 ? seconds - 0.05 : seconds - 2);
  });

  it('are free towards another destination at once, and taken for bind()', () => {
    const machine = closeTen('0', '10.99.0.1');
    expect(machine.answer(['connect', { as: 'o', to: '10.99.0.2', port: 8080 }])).toBeTypeOf(
      'number',
    );
    for (const reuseAddress of [false, true]) {
      const address = '10.99.0.1';
      expect(machine.answer(['bind', { address, reuseAddress }])).toBe('EADDRINUSE');
      expect(machine.answer(['bind', { address, port: 40_000, reuseAddress }])).toBe('EADDRINUSE');
    }
  });

  it('need timestamps to be reused', () => {
    const machine = machineWith(1, {
      [portRangeKey]: '40000 40000',
      [reuseKey]: '1',
      'net.ipv4.tcp_timestamps': '0',
    });
    connects(machine, 1, {});
    machine.answer(['accept', { socket: 'server', as: 'child' }]);
    machine.answer(['close', { socket: 'client#0' }]);
    machine.answer(['close', { socket: 'child' }]);
    expect(recovery(machine, '127.0.0.1')).toBe(60_000);
  });

  it('wait for tcp_tw_reuse_delay', () => {
    const machine = closeTen('1', '10.99.0.1');
    machine.answer(['set', { key: 'net.ipv4.tcp_tw_reuse_delay', value: '5000' }]);
    expect(recovery(machine, '10.99.0.1')).toBe(5000);
  });
});

describe('the server closed first', () => {
  it('so the client’s ports are free at once, over and over', () => {
    const machine = machineWith(1, { [portRangeKey]: '40000 40009' });
    const ports = new Set<unknown>();
    for (let i = 0; i < 40; i++) {
      ports.add(machine.answer(['connect', { as: `c${i}`, to: '10.99.0.1', port: 8080 }]));
      machine.answer(['accept', { socket: 'server', as: `s${i}` }]);
      machine.answer(['close', { socket: `s${i}` }]);
      machine.answer(['close', { socket: `c${i}` }]);
    }
    expect([...ports].toSorted()).toEqual([40_000, 40_002, 40_004, 40_006, 40_008]);
    expect(ports.size).toBe(tw.data.server_closes_first.distinct);
  });

  it.each([
    [false, false, 'EADDRINUSE'],
    [false, true, 'EADDRINUSE'],
    [true, false, 'EADDRINUSE'],
    [true, true, 9000],
  ])('old server with SO_REUSEADDR %s, new one %s: %s', (old, young, answer) => {
    const machine = machineWith(1, {});
    const server = { address: '10.99.0.1', port: 9000, listen: true };
    machine.answer(['bind', { ...server, as: 'old', reuseAddress: old }]);
    machine.answer(['connect', { as: 'c', to: '10.99.0.1', port: 9000 }]);
    machine.answer(['accept', { socket: 'old', as: 's' }]);
    machine.answer(['close', { socket: 's' }]);
    machine.answer(['close', { socket: 'c' }]);
    machine.answer(['close', { socket: 'old' }]);
    expect(machine.answer(['bind', { ...server, as: 'new', reuseAddress: young }])).toBe(answer);
  });
});
