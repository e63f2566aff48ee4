/** What lesson 30 says of who hears what and who collides, held against the engine. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/network/scenario/scenario-parser.ts';
import { World } from '../../src/network/world.ts';
import { ListenBoard, type Place } from '../../src/simulations/listen-board/listen-board.ts';

const places: readonly Place[] = ['loopback', 'own', 'other'];

describe('lesson 30', () => {
  it.each([
    ['127.0.0.1', ['loopback']],
    ['10.0.0.10', ['own', 'other']],
    ['0.0.0.0', ['loopback', 'own', 'other']],
  ] as const)('who-hears: %s is reached from %j', (address, expected) => {
    const board = new ListenBoard();
    board.start({ program: 'node', address, port: 8080, isRoot: false });
    expect(places.filter((place) => board.knock(place, 8080).kind === 'connected')).toEqual(
      expected,
    );
  });

  it.each([
    ['127.0.0.1', 'EADDRINUSE'],
    ['0.0.0.0', 'EADDRINUSE'],
    ['10.0.0.10', 'ok'],
  ] as const)('who-collides: beside 127.0.0.1:8080, %s:8080 gets %s', (address, expected) => {
    const board = new ListenBoard();
    board.start({ program: 'node', address: '127.0.0.1', port: 8080, isRoot: false });
    const second = board.start({ program: 'nginx', address, port: 8080, isRoot: false });
    expect(second.ok ? 'ok' : second.error).toBe(expected);
  });

  it('mail-and-time: 25 does a handshake, 123 answers, 110 is refused with RST', () => {
    const file = new URL('../../content/scenarios/mail-and-time.json', import.meta.url);
    const world = new World(parseScenario(JSON.parse(readFileSync(file, 'utf8'))));
    world.runToEnd();
    const sent = (from: string, connection: string) =>
      world.trace.flatMap((event) =>
        (event.event === 'segment' || event.event === 'datagram') &&
        event.phase === 'sent' &&
        event.from === from &&
        event.connection === connection
          ? [event.event === 'segment' ? event.flags.join(' ') : 'datagram']
          : [],
      );
    expect(sent('10.0.0.10:25', 'mail')[0]).toBe('SYN ACK');
    expect(sent('10.0.0.10:123', 'time')).toEqual(['datagram']);
    expect(sent('10.0.0.10:110', 'fetch')).toEqual(['RST ACK']);
    expect(world.trace).toContainEqual(
      expect.objectContaining({ event: 'error', connection: 'fetch', error: 'ECONNREFUSED' }),
    );
    const waiting = world
      .host('server')
      ?.sockets()
      .filter(({ remotePort }) => remotePort === 0)
      .map(({ localPort, state }) => `${localPort} ${state}`);
    expect(waiting).toEqual(['25 LISTEN', '123 UNCONN']);
  });

  it('two-callers: two connections to one port make three rows with it', () => {
    const world = new World(
      parseScenario({
        version: 1,
        hosts: [
          { name: 'one', os: 'linux', address: '10.0.0.2' },
          { name: 'two', os: 'linux', address: '10.0.0.3' },
          { name: 'server', os: 'linux', address: '10.0.0.10', listen: [{ port: 8080 }] },
        ],
        actions: [
          { atMs: 0, do: 'connect', from: 'one', to: '10.0.0.10:8080', as: 'first' },
          { atMs: 0, do: 'connect', from: 'two', to: '10.0.0.10:8080', as: 'second' },
        ],
      }),
    );
    world.runUntil(1000);
    const rows = world.host('server')?.sockets() ?? [];
    expect(
      rows.map(({ state, localAddress, localPort }) => `${state} ${localAddress}:${localPort}`),
    ).toEqual(['LISTEN 0.0.0.0:8080', 'ESTABLISHED 10.0.0.10:8080', 'ESTABLISHED 10.0.0.10:8080']);
  });

  it('bound-unseen: a socket that is bound and does not listen holds its port', () => {
    const world = new World(
      parseScenario({
        version: 1,
        hosts: [{ name: 'server', os: 'linux', address: '10.0.0.10' }],
        actions: [],
      }),
    );
    const server = world.host('server');
    expect(server?.bind('tcp', '127.0.0.1', 8080).ok).toBe(true);
    expect(server?.listen('tcp', '127.0.0.1', 8080)).toEqual({ ok: false, error: 'EADDRINUSE' });
  });

  it('not-bytes: with a backlog of 5 the kernel lines up six connections, not five', () => {
    const world = new World(
      parseScenario({
        version: 1,
        hosts: [
          { name: 'laptop', os: 'linux', address: '10.0.0.2' },
          { name: 'server', os: 'linux', address: '10.0.0.10' },
        ],
        actions: [
          { atMs: 0, do: 'listen', host: 'server', port: 8080, backlog: 5, accepts: false },
          ...Array.from({ length: 9 }, (_, index) => ({
            atMs: 100 * (index + 1),
            do: 'connect',
            from: 'laptop',
            to: '10.0.0.10:8080',
            as: `call-${index}`,
          })),
        ],
      }),
    );
    world.runUntil(1500);
    const rows = world.host('server')?.sockets() ?? [];
    expect(rows.filter(({ state }) => state === 'ESTABLISHED')).toHaveLength(6);
  });
});
