/**
 * The default range used up, as recorded on Linux 6.18 (tests/golden: exhaustion). Mutations are not
 * tried against these long runs; small ranges tell the same in a moment.
 */

import { expect, it } from 'vitest';
import { Random } from '../time-and-chance/random.ts';
import { linux } from './os-profiles/linux.ts';
import { createPortTable } from './ports/port-table.ts';
import { parseScenario } from './scenario/scenario-parser.ts';
import { SysctlTable } from './sysctl/sysctl-table.ts';
import { World } from './world.ts';

const PORTS = 28_232;

it('a port table makes 28,232 connections, the first odd one as number 14,117', () => {
  const table = createPortTable(linux, new SysctlTable(linux.settings), new Random(7), 'tcp');
  const tuple = { localAddress: 0x0a000002, remoteAddress: 0x0a00000a, remotePort: 80 };
  const ports: number[] = [];
  for (;;) {
    const choice = table.chooseForConnect({ ...tuple, nowMs: 0 });
    if (!choice.ok) {
      expect(choice.error).toBe('EADDRNOTAVAIL');
      break;
    }
    ports.push(choice.port);
    table.add({
      ...tuple,
      port: choice.port,
      isBound: false,
      isListening: false,
      reuseAddress: false,
      reusePort: false,
      uid: 0,
      timeWaitSinceMs: null,
      hasTimestamps: true,
    });
  }
  expect(new Set(ports).size).toBe(PORTS);
  expect(ports.length).toBe(PORTS);
  expect(ports.findIndex((port) => port % 2 === 1)).toBe(14_116);
});

it('a host makes as many to one destination; what still works then', () => {
  const world = new World(
    parseScenario({
      version: 1,
      seed: 11,
      latencyMs: 0,
      hosts: [
        {
          name: 'host',
          os: 'linux',
          address: '10.99.0.1',
          sysctl: { 'net.core.somaxconn': '400000' },
          listen: [{ port: 8080, reuseAddress: true }],
        },
      ],
    }),
  );
  const host = world.host('host');
  if (host === undefined) throw new Error('no host');
  /** The local port, or the errno's name. */
  const connect = (address: string): number | string => {
    const result = host.connect('tcp', address, 8080, { request: 0 });
    return result.ok ? (host.socket(result.value)?.localPort ?? 'gone') : result.error;
  };

  const ports = Array.from({ length: PORTS }, () => connect('127.0.0.1'));
  expect(ports.filter((port) => typeof port === 'string')).toEqual([]);
  expect(ports.findIndex((port) => Number(port) % 2 === 1)).toBe(14_116);
  world.runUntil(world.nowMs);
  expect(connect('127.0.0.1')).toBe('EADDRNOTAVAIL');
  expect(connect('127.0.0.2')).toBeTypeOf('number');
  const taken = { ok: false, error: 'EADDRINUSE' };
  expect(host.bind('tcp', '127.0.0.1', 0)).toEqual(taken);
  expect(host.bind('tcp', '0.0.0.0', 0)).toEqual(taken);
  expect(host.bind('tcp', '0.0.0.0', 31_000).ok).toBe(true);
  expect(host.bind('udp', '0.0.0.0', 0).ok).toBe(true);
});
