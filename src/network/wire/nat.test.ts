import { describe, expect, it } from 'vitest';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { World } from '../world.ts';

type Fields = Readonly<Record<string, unknown>>;

const connect = {
  atMs: 0,
  do: 'connect',
  from: 'laptop',
  to: '203.0.113.80:443',
  as: 'page',
  localPort: 50_000,
};

function home(nat: Fields, actions: readonly Fields[]): World {
  return new World(
    parseScenario({
      version: 1,
      seed: 5,
      hosts: [
        { name: 'laptop', os: 'linux', address: '192.168.1.2' },
        { name: 'phone', os: 'linux', address: '192.168.1.3' },
        {
          name: 'web',
          os: 'linux',
          address: '203.0.113.80',
          listen: [{ port: 443 }, { port: 80 }, { protocol: 'udp', port: 53 }],
        },
        { name: 'web-2', os: 'linux', address: '203.0.113.81', listen: [{ port: 443 }] },
      ],
      nats: [{ name: 'router', inside: ['laptop', 'phone'], address: '198.51.100.7', ...nat }],
      actions,
    }),
  );
}

const events = (world: World): string[] =>
  world.trace.flatMap((event) =>
    event.event === 'nat'
      ? [
          `${event.atMs} ${event.phase} ${event.inside} ${event.outside ?? '-'} ${event.remote ?? '*'}`,
        ]
      : [],
  );

const peers = (world: World, host: string): string[] =>
  (world.host(host)?.sockets() ?? [])
    .filter(({ state }) => state === 'ESTABLISHED')
    .map(({ remoteAddress, remotePort }) => `${remoteAddress}:${remotePort}`);

describe('a router with address translation', () => {
  it('the server sees the outside address; each way is two legs', () => {
    const world = home({}, [connect]);
    world.runUntil(200);
    expect(peers(world, 'web')).toEqual(['198.51.100.7:50000']);
    expect(peers(world, 'laptop')).toEqual(['203.0.113.80:443']);
    const legs = world.trace.flatMap((event) =>
      event.event === 'segment' && event.phase === 'sent' && event.flags.includes('SYN')
        ? [[event.atMs, event.from, event.to, event.toNat ?? event.fromNat, event.arrivesAtMs]]
        : [],
    );
    expect(legs).toEqual([
      [0, '192.168.1.2:50000', '203.0.113.80:443', 'router', 5],
      [5, '198.51.100.7:50000', '203.0.113.80:443', 'router', 10],
      [10, '203.0.113.80:443', '198.51.100.7:50000', 'router', 15],
      [15, '203.0.113.80:443', '192.168.1.2:50000', 'router', 20],
    ]);
  });

  it('keeps the port where it is free, and gives another where it is not', () => {
    const world = home({}, [connect, { ...connect, from: 'phone', as: 'other' }]);
    world.runUntil(200);
    const [first, second] = peers(world, 'web');
    expect(first).toBe('198.51.100.7:50000');
    expect(second).not.toBe(first);
    expect(world.host('phone')?.sockets()[0]).toMatchObject({
      state: 'ESTABLISHED',
      localPort: 50_000,
    });
  });

  it('address-and-port-dependent: one outside port serves two destinations', () => {
    const world = home({ ports: '40000-40000' }, [
      connect,
      { ...connect, to: '203.0.113.81:443', as: 'b', localPort: 50_001 },
    ]);
    world.runUntil(200);
    expect([...peers(world, 'web'), ...peers(world, 'web-2')]).toEqual([
      '198.51.100.7:40000',
      '198.51.100.7:40000',
    ]);
  });

  it('endpoint-independent: one inside port has one outside port, for every destination', () => {
    const world = home({ mapping: 'endpoint-independent' }, [
      connect,
      { ...connect, to: '203.0.113.81:443', as: 'b' },
    ]);
    world.runUntil(200);
    expect(events(world)).toEqual(['5 created 192.168.1.2:50000 198.51.100.7:50000 *']);
  });

  it('runs out of ports: the SYN goes no further', () => {
    const world = home(
      { ports: '40000-40001' },
      [0, 1, 2].map((i) => ({ ...connect, as: `c${i}`, localPort: 50_000 + i })),
    );
    world.runUntil(500);
    expect(events(world).filter((text) => text.includes('exhausted'))).toEqual([
      '5 exhausted 192.168.1.2:50002 - 203.0.113.80:443',
    ]);
    expect(peers(world, 'web')).toHaveLength(2);
    expect(world.host('laptop')?.sockets().at(-1)).toMatchObject({ state: 'SYN-SENT' });
  });

  it('… or says so, and the program gets EHOSTUNREACH', () => {
    const world = home({ ports: '40000-40000', whenFull: 'icmp' }, [
      connect,
      { ...connect, as: 'c', localPort: 50_001 },
    ]);
    world.runUntil(500);
    expect(world.trace).toContainEqual(
      expect.objectContaining({ event: 'error', atMs: 10, connection: 'c', error: 'EHOSTUNREACH' }),
    );
  });

  it('keeps the parity where asked to', () => {
    const world = home(
      { ports: '40000-40009', preserveParity: true, preservePort: false },
      [1, 3, 5, 7, 9, 11].map((i) => ({ ...connect, as: `c${i}`, localPort: 50_000 + i })),
    );
    world.runUntil(500);
    const ports = peers(world, 'web').map((peer) => Number(peer.split(':')[1]));
    expect(ports).toHaveLength(5);
    for (const port of ports) expect(port % 2).toBe(1);
    expect(events(world).at(-1)).toContain('exhausted');
  });

  it('forgets a mapping when the connection is over and four minutes have passed', () => {
    const world = home({}, [connect, { atMs: 1000, do: 'close', connection: 'page' }]);
    world.runToEnd();
    expect(events(world)).toEqual([
      '5 created 192.168.1.2:50000 198.51.100.7:50000 203.0.113.80:443',
      '241025 expired 192.168.1.2:50000 198.51.100.7:50000 203.0.113.80:443',
    ]);
  });

  it('forgets an idle UDP mapping after five minutes, an idle connection after 2 h 4 min', () => {
    const world = home({}, [
      connect,
      { ...connect, to: '203.0.113.80:53', protocol: 'udp', as: 'dns' },
    ]);
    world.runToEnd();
    const expired = world.trace.flatMap((event) =>
      event.event === 'nat' && event.phase === 'expired' ? [[event.protocol, event.atMs]] : [],
    );
    expect(expired).toEqual([
      ['udp', 300_015],
      ['tcp', 7_440_045],
    ]);
  });

  it('lets nobody in who was not asked', () => {
    const world = home({}, [
      { atMs: 0, do: 'connect', from: 'web', to: '198.51.100.7:443', as: 'in' },
      { atMs: 0, do: 'connect', from: 'web', to: '192.168.1.2:443', as: 'private' },
    ]);
    world.runUntil(500);
    expect(world.host('web')?.sockets().slice(-2)).toMatchObject([
      { state: 'SYN-SENT' },
      { state: 'SYN-SENT' },
    ]);
    expect(world.host('laptop')?.sockets()).toEqual([]);
  });

  it('leaves neighbours to themselves, and turns them round at its outside address', () => {
    const world = home({ mapping: 'endpoint-independent', filtering: 'endpoint-independent' }, []);
    const [laptop, phone] = [world.host('laptop'), world.host('phone')];
    phone?.listen('tcp', '0.0.0.0', 8080);
    laptop?.connect('tcp', '192.168.1.3', 8080);
    world.runUntil(100);
    expect(peers(world, 'phone')).toHaveLength(1);
    expect(events(world)).toEqual([]);
    phone?.connect('tcp', '203.0.113.80', 443, { localPort: 8080, reuseAddress: true });
    expect(world.nats[0]?.mappings()).toEqual([]);
    phone?.bind('udp', '0.0.0.0', 5000, { as: 'game' });
    const game = phone?.sockets().find(({ protocol }) => protocol === 'udp');
    phone?.sendTo(game?.id ?? 0, '203.0.113.80', 53, 10);
    world.runUntil(200);
    laptop?.connect('udp', '198.51.100.7', 5000, {
      localPort: 6000,
      request: 8,
      response: 9,
      as: 'peer',
    });
    world.runUntil(300);
    const answers = world.trace.filter(
      (event) =>
        event.event === 'datagram' && event.phase === 'arrived' && event.to === '192.168.1.2:6000',
    );
    expect(answers).toMatchObject([{ from: '198.51.100.7:5000', bytes: 9 }]);
  });
});

describe('a connection that reaches itself through its router', () => {
  it('comes to rest, though its ends disagree', () => {
    const socket = { ...connect, to: '198.51.100.7:40000', localPort: 40_000 };
    const again = { ...socket, atMs: 500, as: 'again' };
    const reset = { atMs: 100, do: 'reset', connection: 'page' };
    const world = home({ filtering: 'endpoint-independent' }, [socket, reset, again]);
    world.runWhile(() => world.eventsProcessed < 5000);
    expect(world.eventsProcessed).toBeLessThan(1000);
  });
});
