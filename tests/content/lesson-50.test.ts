/** What lesson 50 says about its scenarios, held against the engine that runs them. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { linux } from '../../src/network/os-profiles/linux.ts';
import { profileOf, timersOf } from '../../src/network/os-profiles/profiles.ts';
import { portRanges } from '../../src/network/port-ranges.ts';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { SysctlTable } from '../../src/network/sysctl/sysctl-table.ts';
import { World } from '../../src/network/world.ts';

function worldOf(scenario: string): World {
  const file = new URL(`../../content/scenarios/${scenario}.json`, import.meta.url);
  return new World(parseScenario(JSON.parse(readFileSync(file, 'utf8'))));
}

interface Question {
  readonly id: string;
  readonly answer: unknown;
  readonly en: { readonly options?: Readonly<Record<string, { readonly text: string }>> };
}

/** The range from which a system picks by itself. */
function rangeOfSystem(id: string): { readonly low: number; readonly high: number } {
  const profile = profileOf(id);
  if (!profile) throw new RangeError(`there is no profile ${id}`);
  return profile.portSettings(new SysctlTable(profile.settings), 'tcp');
}

/** Local and remote ports of the connections that a host has at a moment. */
function established(world: World, host: string, atMs: number): readonly string[] {
  world.runUntil(atMs);
  return (world.host(host)?.sockets() ?? [])
    .filter(({ state }) => state === 'ESTABLISHED')
    .map((s) => `${s.localAddress}:${s.localPort} ${s.remoteAddress}:${s.remotePort}`);
}

describe('lesson 50', () => {
  it('the-line: the student’s line comes up again, with the theme’s port (another seed would do)', () => {
    expect(established(worldOf('the-line'), 'client', 100)).toEqual([
      '10.0.0.2:51514 10.0.0.10:443',
    ]);
  });

  it('http-and-https: each connection has a source port of its own, all even', () => {
    const ports = established(worldOf('http-and-https'), 'client', 250).map((line) =>
      Number(/:(\d+) /.exec(line)?.[1]),
    );
    expect(new Set(ports).size).toBe(2);
    expect(ports.every((port) => port % 2 === 0)).toBe(true);
  });

  it('two-clients: both connections end at the server’s port 443, and it still listens', () => {
    const world = worldOf('two-clients');
    const lines = established(world, 'web', 200);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['10.0.0.10:443', '10.0.0.10:443']);
    expect(
      world
        .host('web')
        ?.sockets()
        .some(({ state, localPort }) => state === 'LISTEN' && localPort === 443),
    ).toBe(true);
  });

  it('two-servers-one-port: two of three succeed from port 40000, the third is refused a port', () => {
    const world = worldOf('two-servers-one-port');
    expect(established(world, 'client', 200)).toEqual([
      '10.0.0.2:40000 10.0.0.10:80',
      '10.0.0.2:40000 10.0.0.11:80',
    ]);
    expect(world.trace).toContainEqual(
      expect.objectContaining({ event: 'error', connection: 'third', error: 'EADDRNOTAVAIL' }),
    );
  });

  it('linux-may-pick: the right options are those inside the profile’s range', () => {
    const file = new URL('../../content/questions/50-ephemeral-ports.yaml', import.meta.url);
    const questions = parse(readFileSync(file, 'utf8')) as readonly Question[];
    const question = questions.find(({ id }) => id === 'linux-may-pick');
    const { low, high } = rangeOfSystem('linux');
    const inside = Object.entries(question?.en.options ?? {})
      .map(([id, { text }]) => [id, Number(/\d+/.exec(text)?.[0])] as const)
      .filter(([, port]) => port >= low && port <= high)
      .map(([id]) => id);
    expect(inside).toEqual(question?.answer);
  });

  it.each(['en', 'ja'])(
    '%s: the ranges, their sizes and TIME-WAIT are those of the profile',
    (locale) => {
      const file = new URL(
        `../../content/lessons/${locale}/50-ephemeral-ports.mdx`,
        import.meta.url,
      );
      const text = readFileSync(file, 'utf8');
      const { low, high } = rangeOfSystem('linux');
      const dash = locale === 'ja' ? '〜' : '–';
      const dynamic = portRanges.find(({ range }) => range === 'ephemeral');
      expect(text).toContain(`ip_local_port_range = ${low}\t${high}`);
      expect(text).toContain(`${low}${dash}${high}`);
      expect(text).toContain((high - low + 1).toLocaleString('en'));
      expect(text).toContain(`${dynamic?.low}${dash}${dynamic?.high}`);
      expect(text).toMatch(locale === 'ja' ? /Linuxでは60秒/ : /60 seconds on Linux/);
      expect(timersOf(linux).timeWaitMs).toBe(60_000);
    },
  );
});
