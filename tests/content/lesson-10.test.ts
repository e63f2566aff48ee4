/** What lesson 10 says of who gets a segment, held against the engine. */

import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World } from '../../src/network/world.ts';
import { localeCodes, textOf } from './lesson-text.ts';

const slug = '10-what-a-port-is';
const web = { name: 'web', os: 'linux', address: '10.0.0.10' };

describe.each(localeCodes)('lesson 10, %s', (locale) => {
  it('after two visitors the server has the sockets that the lesson prints', () => {
    const world = new World(
      parseScenario({
        version: 1,
        hosts: [
          { name: 'one', os: 'linux', address: '10.0.0.2' },
          { name: 'two', os: 'linux', address: '10.0.0.3' },
          { ...web, listen: [{ port: 22, backlog: 128 }, { port: 80 }, { port: 443 }] },
        ],
        actions: ['one', 'two'].map((from) => ({
          atMs: 0,
          do: 'connect',
          from,
          localPort: 51514,
          to: '10.0.0.10:80',
          as: from,
        })),
      }),
    );
    world.runUntil(1000);
    const sockets = world.host('web')?.sockets() ?? [];
    const printed = [
      ...(textOf(locale, slug)
        .split('<Student id="three-sockets"')[1]
        ?.matchAll(/^(LISTEN|ESTAB) .*? (\S+:\d+) +(\S+:\S+)$/gm) ?? []),
    ].map(([, state, local, peer]) => `${state} ${local} ${peer}`);
    expect(
      sockets.map(
        ({ state, localAddress, localPort, remoteAddress, remotePort }) =>
          `${state === 'ESTABLISHED' ? 'ESTAB' : state} ${localAddress}:${localPort} ${remoteAddress}:${remotePort || '*'}`,
      ),
    ).toEqual(printed.slice(0, sockets.length));
    expect(sockets.filter(({ localPort }) => localPort === 80)).toHaveLength(3);
  });
});

describe('lesson 10', () => {
  it('can-both-open: beside TCP 80, UDP 80 and TCP 25 open, and a second TCP 80 does not', () => {
    const world = new World(
      parseScenario({ version: 1, hosts: [{ ...web, listen: [{ port: 80 }] }], actions: [] }),
    );
    const host = world.host('web');
    expect(host?.listen('udp', '10.0.0.10', 80).ok).toBe(true);
    expect(host?.listen('tcp', '10.0.0.10', 25).ok).toBe(true);
    expect(host?.listen('tcp', '10.0.0.10', 80)).toEqual({ ok: false, error: 'EADDRINUSE' });
  });

  it('port-zero: to ask for port 0 is to let the kernel choose', () => {
    const world = new World(parseScenario({ version: 1, hosts: [web], actions: [] }));
    const bound = world.host('web')?.bind('tcp', '10.0.0.10', 0);
    expect(bound?.ok).toBe(true);
    expect(world.host('web')?.sockets()[0]?.localPort).toBeGreaterThan(0);
  });
});
