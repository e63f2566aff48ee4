/** The trace, event by event, to the field: what docs/scenario-contract.md promises. */

import { describe, expect, it } from 'vitest';
import { parseScenario } from '../scenario/scenario-parser.ts';
import type { TraceEvent } from '../trace/trace.ts';
import { World, type WorldOptions } from '../world.ts';

const RANGE = 'net.ipv4.ip_local_port_range';

function worldOf(
  actions: readonly Readonly<Record<string, unknown>>[],
  more: Readonly<Record<string, unknown>> = {},
  web: Readonly<Record<string, unknown>> = {},
  options: WorldOptions = {},
): World {
  return new World(
    parseScenario({
      version: 1,
      latencyMs: 10,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2', sysctl: { [RANGE]: '40000 40000' } },
        { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }], ...web },
      ],
      actions,
      ...more,
    }),
    options,
  );
}

const connect = {
  atMs: 5,
  do: 'connect',
  from: 'client',
  to: '10.0.0.10:80',
  as: 'page',
  request: 0,
};

function eventsOf(world: World, untilMs: number, kind: TraceEvent['event']): readonly TraceEvent[] {
  world.runUntil(untilMs);
  return world.trace.filter(({ event }) => event === kind);
}

describe('the trace', () => {
  it('tells a choice of a port, and why', () => {
    expect(eventsOf(worldOf([connect]), 5, 'port-chosen')).toStrictEqual([
      {
        atMs: 5,
        event: 'port-chosen',
        host: 'client',
        protocol: 'tcp',
        by: 'connect',
        connection: 'page',
        port: 40_000,
        why: {
          algorithm: 'linux-connect',
          range: [40_000, 40_000],
          start: 40_000,
          step: 2,
          considered: 1,
          skipped: {},
        },
      },
    ]);
  });

  it('tells every state, with both ends, and when it ends by itself', () => {
    const world = worldOf([connect, { atMs: 100, do: 'close', connection: 'page', by: 'client' }]);
    const states = eventsOf(world, 200, 'state').filter(
      (event) => event.event === 'state' && event.host === 'client',
    );
    const socket = {
      event: 'state',
      socket: 2,
      protocol: 'tcp',
      connection: 'page',
      host: 'client',
      local: '10.0.0.2:40000',
      remote: '10.0.0.10:80',
    };
    expect(states).toStrictEqual([
      { ...socket, atMs: 5, state: 'SYN-SENT', was: null },
      { ...socket, atMs: 25, state: 'ESTABLISHED', was: 'SYN-SENT' },
      { ...socket, atMs: 100, state: 'FIN-WAIT-1', was: 'ESTABLISHED' },
      { ...socket, atMs: 120, state: 'FIN-WAIT-2', was: 'FIN-WAIT-1', expiresAtMs: 60_120 },
      { ...socket, atMs: 120, state: 'TIME-WAIT', was: 'FIN-WAIT-2', expiresAtMs: 60_120 },
    ]);
  });

  it('shows the other end of a listener and of a bound socket as 0.0.0.0:*', () => {
    const bind = { atMs: 0, do: 'bind', host: 'client', port: 9000, as: 'mine' };
    const ends = eventsOf(worldOf([bind]), 0, 'state').map((event) =>
      event.event === 'state' ? [event.connection, event.local, event.remote, event.state] : [],
    );
    expect(ends).toStrictEqual([
      ['tcp:80', '0.0.0.0:80', '0.0.0.0:*', 'LISTEN'],
      ['mine', '0.0.0.0:9000', '0.0.0.0:*', 'BOUND'],
    ]);
  });

  it('tells each segment when it leaves and when it arrives or is lost', () => {
    const nobody = { ...connect, to: '10.9.9.9:80' };
    const segment = {
      event: 'segment',
      id: 1,
      from: '10.0.0.2:40000',
      flags: ['SYN'],
      seq: 0,
      ack: 0,
      bytes: 0,
      connection: 'page',
    };
    const there = { ...segment, to: '10.0.0.10:80' };
    expect(eventsOf(worldOf([connect]), 15, 'segment').slice(0, 2)).toStrictEqual([
      { ...there, atMs: 5, phase: 'sent', arrivesAtMs: 15 },
      { ...there, atMs: 15, phase: 'arrived' },
    ]);
    const lost = { ...segment, to: '10.9.9.9:80' };
    expect(eventsOf(worldOf([nobody]), 15, 'segment')).toStrictEqual([
      { ...lost, atMs: 5, phase: 'sent', lostAtMs: 15 },
      { ...lost, atMs: 15, phase: 'lost' },
    ]);
  });

  it('tells datagrams, and the message that nobody is there', () => {
    const dns = { ...connect, to: '10.0.0.10:53', protocol: 'udp', request: 30 };
    const world = worldOf([dns]);
    expect(eventsOf(world, 30, 'datagram')[0]).toStrictEqual({
      atMs: 5,
      event: 'datagram',
      id: 1,
      phase: 'sent',
      from: '10.0.0.2:40000',
      to: '10.0.0.10:53',
      bytes: 30,
      connection: 'page',
      arrivesAtMs: 15,
    });
    expect(eventsOf(world, 30, 'icmp')).toStrictEqual([
      {
        atMs: 15,
        event: 'icmp',
        id: 2,
        phase: 'sent',
        from: '10.0.0.10:53',
        to: '10.0.0.2:40000',
        message: 'port-unreachable',
        connection: 'page',
        arrivesAtMs: 25,
      },
      {
        atMs: 25,
        event: 'icmp',
        id: 2,
        phase: 'arrived',
        from: '10.0.0.10:53',
        to: '10.0.0.2:40000',
        message: 'port-unreachable',
        connection: 'page',
      },
    ]);
  });

  it('tells errors: whose, in what, and why no port was free', () => {
    const world = worldOf([connect, { ...connect, as: 'second' }]);
    expect(eventsOf(world, 5, 'error')).toStrictEqual([
      {
        atMs: 5,
        event: 'error',
        host: 'client',
        do: 'connect',
        connection: 'second',
        error: 'EADDRNOTAVAIL',
        why: {
          algorithm: 'linux-connect',
          range: [40_000, 40_000],
          start: 40_000,
          step: 2,
          considered: 1,
          skipped: { 'in-use': 1 },
          firstSkipped: [{ first: 40_000, last: 40_000, count: 1, reason: 'in-use' }],
        },
      },
    ]);
    world.host('client')?.unlisten('tcp', '0.0.0.0', 7);
    expect(world.trace.at(-1)).toStrictEqual({
      atMs: 5,
      event: 'error',
      host: 'client',
      do: 'unlisten',
      error: 'ENOENT',
    });
  });

  it('tells a setting, and what it was', () => {
    const world = worldOf([
      { atMs: 7, do: 'sysctl', host: 'web', key: 'net.ipv4.tcp_fin_timeout', value: ' 5' },
    ]);
    expect(eventsOf(world, 7, 'sysctl').at(-1)).toStrictEqual({
      atMs: 7,
      event: 'sysctl',
      host: 'web',
      key: 'net.ipv4.tcp_fin_timeout',
      value: '5',
      was: '60',
    });
  });

  it.each([
    ['tcp', 80, 'segment'],
    ['udp', 53, 'datagram'],
  ])('tells what a packet filter decides about %s', (protocol, port) => {
    const firewall = { firewall: { policyIn: 'drop' } };
    const world = worldOf(
      [{ ...connect, protocol, to: `10.0.0.10:${port}`, request: 9 }],
      {},
      firewall,
    );
    expect(eventsOf(world, 15, 'firewall')).toStrictEqual([
      {
        atMs: 15,
        event: 'firewall',
        host: 'web',
        chain: 'in',
        verdict: 'drop',
        rule: null,
        protocol,
        from: '10.0.0.2:40000',
        to: `10.0.0.10:${port}`,
        packet: 1,
        connection: 'page',
      },
    ]);
  });

  it('tells a router’s mappings, and both legs of a way through it', () => {
    const nats = [
      {
        name: 'router',
        inside: ['client'],
        address: '198.51.100.7',
        ports: '50000-50000',
        preservePort: false,
      },
    ];
    const world = worldOf(
      [connect, { ...connect, atMs: 50, to: '10.0.0.10:80', as: 'two', localPort: 41_000 }],
      { nats },
    );
    const mapping = { event: 'nat', nat: 'router', protocol: 'tcp', remote: '10.0.0.10:80' };
    expect(eventsOf(world, 60, 'nat')).toStrictEqual([
      {
        ...mapping,
        atMs: 10,
        phase: 'created',
        inside: '10.0.0.2:40000',
        outside: '198.51.100.7:50000',
      },
      { ...mapping, atMs: 55, phase: 'exhausted', inside: '10.0.0.2:41000' },
    ]);
    const legs = world.trace.flatMap((event) =>
      event.event === 'segment' &&
      event.phase === 'sent' &&
      event.flags.length === 1 &&
      event.flags[0] === 'SYN'
        ? [[event.toNat, event.fromNat, event.from]]
        : [],
    );
    expect(legs.slice(0, 2)).toStrictEqual([
      ['router', undefined, '10.0.0.2:40000'],
      [undefined, 'router', '198.51.100.7:50000'],
    ]);
    const independent = worldOf([connect], {
      nats: [{ ...nats[0], mapping: 'endpoint-independent' }],
    });
    expect(Object.keys(eventsOf(independent, 60, 'nat')[0] ?? {})).not.toContain('remote');
  });

  it('goes to whoever asks for it, or nowhere', () => {
    const nats = [{ name: 'router', inside: ['client'], address: '198.51.100.7' }];
    const routed = worldOf([connect], { nats }, {}, { trace: 'none' });
    routed.runUntil(1000);
    expect(routed.trace).toStrictEqual([]);
    const everything = [
      connect,
      { ...connect, as: 'second' },
      { ...connect, to: '10.0.0.10:53', protocol: 'udp', as: 'dns', request: 9 },
      { atMs: 7, do: 'sysctl', host: 'web', key: 'net.ipv4.tcp_fin_timeout', value: '5' },
      { atMs: 50, do: 'firewall', host: 'web', firewall: { policyIn: 'drop' } },
      { atMs: 60, do: 'close', connection: 'page' },
    ];
    const kept = worldOf(everything);
    kept.runUntil(1000);
    const given: TraceEvent[] = [];
    const told = worldOf(everything, {}, {}, { trace: (event) => given.push(event) });
    told.runUntil(1000);
    expect(given).toStrictEqual([...kept.trace]);
    expect(told.trace).toStrictEqual([]);
    const asked = worldOf(everything, {}, {}, { trace: 'keep' });
    asked.runUntil(1000);
    expect(asked.trace).toStrictEqual([...kept.trace]);
    const silent = worldOf(everything, {}, {}, { trace: 'none' });
    silent.runUntil(1000);
    expect(silent.trace).toStrictEqual([]);
    expect(silent.host('client')?.sockets()).toStrictEqual(kept.host('client')?.sockets());
  });
});

describe('a listener of the recorder', () => {
  it('is given each event from now on, of which none is kept, until it is told to stop', () => {
    const world = worldOf(
      [connect, { ...connect, atMs: 200, as: 'second' }],
      {},
      {},
      { trace: 'none' },
    );
    const heard: string[] = [];
    world.recorder.listen((event) => heard.push(`${event.atMs} ${event.event}`));
    world.runUntil(5);
    expect(heard).toEqual(['5 port-chosen', '5 state', '5 segment']);
    world.recorder.listen(null);
    world.runUntil(500);
    expect(heard).toHaveLength(3);
    expect(world.trace).toEqual([]);
  });
});

it('an echo is told with its number and how much it carries', () => {
  const world = worldOf([]);
  world.host('client')?.echo('10.0.0.10', { identifier: 7, number: 3, bytes: 56 });
  world.runUntil(50);
  const told = world.trace.flatMap((event) => (event.event === 'icmp' ? [event] : []));
  expect(told.map(({ phase, message }) => `${phase} ${message}`)).toEqual([
    'sent echo-request',
    'arrived echo-request',
    'sent echo-reply',
    'arrived echo-reply',
  ]);
  for (const { echo } of told) expect(echo).toEqual({ number: 3, bytes: 56 });
});
