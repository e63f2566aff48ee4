/**
 * What a program's calls on sockets say, as Linux says it (bind(2), listen(2), connect(2), tcp(7),
 * udp(7); recorded on 6.18 where tests/golden says so), and what the socket table then shows.
 */

import { describe, expect, it } from 'vitest';
import type { Host } from './host.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import type { SocketInfo } from './socket-info.ts';
import { World } from '../world.ts';
import { clientAndWeb, plainConnect } from '../world-fixtures.ts';

const owner = { command: 'nginx', pid: 12, user: 'www-data', uid: 33, fd: 6 };

function pair(actions: readonly Readonly<Record<string, unknown>>[] = []): {
  readonly world: World;
  readonly client: Host;
  readonly web: Host;
} {
  const world = clientAndWeb({ actions });
  const [client, web] = [world.host('client'), world.host('web')];
  if (client === undefined || web === undefined) throw new Error('no host');
  return { world, client, web };
}

const refused = (error: string): object => ({ ok: false, error });
const lastOf = (host: Host): SocketInfo | undefined => host.sockets().at(-1);
const choices = (world: World): unknown[] =>
  world.trace.flatMap((event) =>
    event.event === 'port-chosen' ? [[event.by, event.connection]] : [],
  );

describe('bind() and listen()', () => {
  it.each([
    ['nonsense', 80, 'EINVAL'],
    ['0.0.0.0', -1, 'EINVAL'],
    ['0.0.0.0', 65_536, 'EINVAL'],
    ['0.0.0.0', 1.5, 'EINVAL'],
    ['192.0.2.1', 80, 'EADDRNOTAVAIL'],
  ])('refuse %s:%d with %s, and say so in the trace', (address, port, error) => {
    const { world, client } = pair();
    expect(client.bind('tcp', address, port, { as: 'mine' })).toMatchObject(refused(error));
    expect(world.trace.at(-1)).toMatchObject({
      event: 'error',
      do: 'bind',
      connection: 'mine',
      error,
    });
    expect(client.listen('tcp', address, port)).toMatchObject(refused(error));
    expect(world.trace.at(-1)).toMatchObject({
      event: 'error',
      do: 'listen',
      connection: `tcp:${port}`,
    });
    expect(client.sockets()).toEqual([]);
  });

  it.each([0, 1, 65_535])('take port %i', (port) => {
    const { client } = pair();
    expect(client.bind('tcp', '0.0.0.0', port).ok).toBe(true);
  });

  it('name a listener by its port, a bound socket by a number, and either as it is told', () => {
    const { client } = pair();
    client.listen('tcp', '0.0.0.0', 8080);
    expect(lastOf(client)).toMatchObject({ connection: 'tcp:8080', state: 'LISTEN', sendQ: 511 });
    client.listen('udp', '0.0.0.0', 53);
    expect(lastOf(client)).toMatchObject({ connection: 'udp:53', state: 'UNCONN', sendQ: 0 });
    client.bind('tcp', '0.0.0.0', 8081);
    expect(lastOf(client)).toMatchObject({ connection: 'socket-1', state: 'BOUND' });
    client.listen('tcp', '0.0.0.0', 8082, { as: 'mine', backlog: 5 });
    expect(lastOf(client)).toMatchObject({ connection: 'mine', state: 'LISTEN', sendQ: 5 });
    client.listen('tcp', '0.0.0.0', 8083, { backlog: 100_000 });
    expect(lastOf(client)).toMatchObject({ sendQ: 4096 });
  });

  it('refuse a name that is in use', () => {
    const { client } = pair();
    client.bind('tcp', '0.0.0.0', 8080, { as: 'mine' });
    expect(client.bind('tcp', '0.0.0.0', 8081, { as: 'mine' })).toMatchObject(refused('EINVAL'));
    expect(client.connect('tcp', '10.0.0.10', 80, { as: 'mine' })).toMatchObject(refused('EINVAL'));
  });

  it('choose a port only where none is named, and tell why', () => {
    const { world, client } = pair();
    client.bind('tcp', '0.0.0.0', 8080, { as: 'named' });
    expect(choices(world)).toEqual([]);
    client.bind('tcp', '0.0.0.0', 0, { as: 'chosen' });
    client.listen('tcp', '0.0.0.0', 0);
    const port = lastOf(client)?.localPort ?? 0;
    expect(choices(world)).toEqual([
      ['bind', 'chosen'],
      ['bind', `tcp:${port}`],
    ]);
  });

  it('belong to a program, if it is said which, and its user counts', () => {
    const { client } = pair();
    client.listen('tcp', '0.0.0.0', 8080, { owner, reusePort: true });
    expect(lastOf(client)?.owner).toEqual(owner);
    client.listen('tcp', '0.0.0.0', 8081);
    expect(lastOf(client)?.owner).toBe(null);
    const other = { reusePort: true, owner: { ...owner, uid: 34 } };
    expect(client.listen('tcp', '0.0.0.0', 8080, other)).toMatchObject(refused('EADDRINUSE'));
    expect(client.listen('tcp', '0.0.0.0', 8080, { reusePort: true, owner }).ok).toBe(true);
  });

  it('may use every port unless the program lacks the privilege', () => {
    const { client } = pair();
    expect(client.listen('tcp', '0.0.0.0', 22, { privileged: false })).toMatchObject(
      refused('EACCES'),
    );
    expect(client.listen('tcp', '0.0.0.0', 22).ok).toBe(true);
  });
});

describe('connect()', () => {
  it.each([
    ['tcp', '224.0.0.1', 80, {}, 'ENETUNREACH'],
    ['tcp', '255.255.255.255', 80, {}, 'ENETUNREACH'],
    ['tcp', '10.0.0.10', 0, {}, 'ECONNREFUSED'],
    ['udp', '10.0.0.10', 0, {}, 'EINVAL'],
    ['tcp', '10.0.0.10', 65_536, {}, 'EINVAL'],
    ['tcp', '10.0.0.10', -1, {}, 'EINVAL'],
    ['tcp', '10.0.0.10', 80, { localAddress: 'nonsense' }, 'EINVAL'],
    ['tcp', '10.0.0.10', 80, { localPort: 65_536 }, 'EINVAL'],
    ['tcp', '10.0.0.10', 80, { localAddress: '192.0.2.1' }, 'EADDRNOTAVAIL'],
    ['tcp', '10.0.0.10', 80, { localAddress: '127.0.0.1' }, 'EINVAL'],
    ['tcp', '10.0.0.10', 80, { localPort: 22, privileged: false }, 'EACCES'],
  ] as const)('by %s to %s:%i with %o: %s', (protocol, address, port, options, error) => {
    const { world, client } = pair();
    const result = client.connect(protocol, address, port, { ...options, as: 'page' });
    expect(result).toMatchObject(refused(error));
    expect(world.trace.at(-1)).toMatchObject({
      event: 'error',
      do: 'connect',
      connection: 'page',
      error,
    });
    expect(client.sockets()).toEqual([]);
  });

  it('by UDP may go to a multicast address, and from loopback to the host itself', () => {
    const { client } = pair();
    expect(client.connect('udp', '224.0.0.1', 80).ok).toBe(true);
    for (const address of ['127.0.0.2', '10.0.0.2']) {
      const result = client.connect('tcp', address, 9, { localAddress: '127.0.0.1' });
      expect(result.ok).toBe(true);
      expect(lastOf(client)).toMatchObject({ localAddress: '127.0.0.1', remoteAddress: address });
    }
  });

  it('from an address without a port is bind() and connect(): the port is bind()’s choice', () => {
    const { world, client } = pair();
    client.connect('tcp', '10.0.0.10', 80, { localAddress: '10.0.0.2', as: 'bound' });
    client.connect('tcp', '10.0.0.10', 80, { localAddress: '0.0.0.0', as: 'any' });
    expect(lastOf(client)).toMatchObject({ localAddress: '10.0.0.2' });
    client.connect('tcp', '10.0.0.10', 80, { as: 'free' });
    client.connect('tcp', '10.0.0.10', 80, { localPort: 50_000, as: 'named' });
    expect(choices(world)).toEqual([
      ['bind', 'bound'],
      ['bind', 'any'],
      ['connect', 'free'],
    ]);
    const parity = client.sockets().map(({ localPort }) => localPort % 2);
    expect(parity).toEqual([1, 1, 0, 0]);
  });

  it('from a port whose four-tuple is taken says EADDRINUSE: bind() is what fails', () => {
    const { world, client } = pair([plainConnect]);
    world.runUntil(50);
    const again = client.connect('tcp', '10.0.0.10', 80, { localPort: 50_000 });
    expect(again).toMatchObject(refused('EADDRINUSE'));
    expect(client.sockets()).toHaveLength(1);
  });

  it('is closed later where that is asked for, and belongs to its program', () => {
    const { world, client } = pair();
    client.connect('tcp', '10.0.0.10', 80, { closeAfterMs: 500, request: 0, owner });
    expect(lastOf(client)?.owner).toEqual(owner);
    world.runUntil(499);
    expect(lastOf(client)?.state).toBe('ESTABLISHED');
    world.runUntil(500);
    expect(lastOf(client)).toMatchObject({ state: 'FIN-WAIT-1', owner: null });
  });

  it('by UDP sends its request at once, if it has one, and waits for an answer, if it wants one', () => {
    const { world, client, web } = pair();
    web.listen('udp', '0.0.0.0', 53);
    const sent = (request: number, response: number): number[] => {
      const before = world.trace.length;
      client.connect('udp', '10.0.0.10', 53, { request, response });
      world.runUntil(world.nowMs + 100);
      return world.trace
        .slice(before)
        .flatMap((event) =>
          event.event === 'datagram' && event.phase === 'sent' ? [event.bytes] : [],
        );
    };
    expect(sent(30, 70)).toEqual([30, 70]);
    expect(sent(30, 0)).toEqual([30]);
    expect(sent(0, 70)).toEqual([]);
  });

  it('by TCP asks for nothing where its request is empty', () => {
    const { world, client } = pair();
    client.connect('tcp', '10.0.0.10', 80, { request: 0, response: 70 });
    world.runUntil(200);
    const bytes = world.trace.map((event) => (event.event === 'segment' ? event.bytes : 0));
    expect(bytes.every((each) => each === 0)).toBe(true);
    client.connect('tcp', '10.0.0.10', 80);
    world.runUntil(400);
    const sizes = new Set(
      world.trace.map((event) => (event.event === 'segment' ? event.bytes : 0)),
    );
    expect([...sizes].toSorted()).toEqual([0, 120, 480]);
  });
});

describe('close() and reset', () => {
  it('of a listener, a bound socket and UDP’s: gone at once, by either', () => {
    for (const by of ['close', 'reset'] as const) {
      const { client } = pair();
      const made = [
        client.listen('tcp', '0.0.0.0', 8080),
        client.bind('tcp', '0.0.0.0', 8081),
        client.bind('udp', '0.0.0.0', 8082),
        client.connect('udp', '10.0.0.10', 9, { request: 0 }),
      ];
      expect(client.sockets().map(({ state }) => state)).toEqual([
        'LISTEN',
        'BOUND',
        'UNCONN',
        'ESTAB',
      ]);
      for (const result of made) {
        if (!result.ok) throw new Error(result.error);
        expect(client[by](result.value).ok).toBe(true);
        expect(client.socket(result.value)).toBe(undefined);
      }
      expect(client.listen('tcp', '0.0.0.0', 8080).ok).toBe(true);
    }
  });

  it('of TIME-WAIT does nothing', () => {
    const { world, client } = pair([
      plainConnect,
      { atMs: 100, do: 'close', connection: 'page', by: 'client' },
    ]);
    world.runUntil(500);
    const socket = lastOf(client);
    expect(socket?.state).toBe('TIME-WAIT');
    expect(client.reset(socket?.id ?? 0).ok).toBe(false);
    expect(client.close(socket?.id ?? 0).ok).toBe(false);
    expect(lastOf(client)?.state).toBe('TIME-WAIT');
  });

  it('of a listener ends what it has not accepted, and nothing else', () => {
    const { world, client, web } = pair();
    const lazy = web.listen('tcp', '0.0.0.0', 8080, { accepts: false });
    if (!lazy.ok) throw new Error(lazy.error);
    client.connect('tcp', '10.0.0.10', 80, { request: 0 });
    client.connect('tcp', '10.0.0.10', 8080, { request: 0 });
    world.runUntil(100);
    client.connect('tcp', '10.0.0.10', 8080, { request: 0 });
    world.runUntil(110);
    const states = (): string[] =>
      web.sockets().map(({ localPort, state }) => `${localPort} ${state}`);
    expect(states()).toEqual([
      '80 LISTEN',
      '8080 LISTEN',
      '80 ESTABLISHED',
      '8080 ESTABLISHED',
      '8080 SYN-RECEIVED',
    ]);
    expect(web.sockets()[1]).toMatchObject({ recvQ: 1, sendQ: 511 });
    expect(web.sockets()[3]).toMatchObject({ recvQ: 0, sendQ: 0, owner: null });
    const before = world.trace.length;
    web.close(lazy.value);
    expect(states()).toEqual(['80 LISTEN', '80 ESTABLISHED']);
    // The one that was open is reset, the half-open one forgotten.
    const resets = world.trace
      .slice(before)
      .filter((event) => event.event === 'segment' && event.flags.includes('RST'));
    expect(resets).toHaveLength(1);
  });
});

it('a host of every address is asked for its own by the route to the destination', () => {
  const world = new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'two', os: 'linux', addresses: ['10.0.0.2', '10.1.0.2'] },
        { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] },
      ],
      actions: [],
    }),
  );
  const two = world.host('two');
  two?.connect('tcp', '10.0.0.10', 80);
  two?.connect('tcp', '127.0.0.1', 80);
  two?.connect('tcp', '10.1.0.2', 80);
  expect(two?.sockets().map(({ localAddress }) => localAddress)).toEqual([
    '10.0.0.2',
    '127.0.0.1',
    '10.1.0.2',
  ]);
});
