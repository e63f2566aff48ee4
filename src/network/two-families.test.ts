/** Hosts with addresses of both families: who hears the other, what the trace and the tables say. */

import { describe, expect, it } from 'vitest';
import { Replay } from './trace/replay.ts';
import { parseScenario } from './scenario/scenario-parser.ts';
import { World } from './world.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Parts {
  readonly os?: string;
  readonly client?: Fields;
  readonly web?: Fields;
  readonly rest?: Fields;
}

function worldOf(
  actions: readonly Fields[],
  { os = 'linux', client, web, rest }: Parts = {},
): World {
  const world = new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'client', os, addresses: ['10.0.0.2', 'fd00:a::2'], ...client },
        { name: 'web', os, addresses: ['10.0.0.10', 'fd00:a::10'], ...web },
      ],
      actions: actions.map((action) => ({ atMs: 0, do: 'connect', from: 'client', ...action })),
      ...rest,
    }),
  );
  world.runUntil(5000);
  return world;
}

function statesOf({ trace }: World, host: string): string[] {
  return trace.flatMap((event) =>
    event.event === 'state' && event.host === host
      ? [`${event.local} ${event.remote} ${event.state}`]
      : [],
  );
}

function errorsOf({ trace }: World): string[] {
  return trace.flatMap((event) => (event.event === 'error' ? [`${event.do} ${event.error}`] : []));
}

const dual = { listen: [{ port: 80, address: '::' }] };

describe('a listener on ::', () => {
  it('hears both families; its program sees IPv4 peers with IPv4-mapped addresses', () => {
    const world = worldOf(
      [
        { to: '[fd00:a::10]:80', localPort: 50_000, as: 'six' },
        { to: '10.0.0.10:80', localPort: 50_001, as: 'four' },
      ],
      { web: dual },
    );
    expect(errorsOf(world)).toEqual([]);
    expect(statesOf(world, 'web')).toEqual([
      '[::]:80 [::]:* LISTEN',
      '[fd00:a::10]:80 [fd00:a::2]:50000 SYN-RECEIVED',
      '[::ffff:10.0.0.10]:80 [::ffff:10.0.0.2]:50001 SYN-RECEIVED',
      '[fd00:a::10]:80 [fd00:a::2]:50000 ESTABLISHED',
      '[::ffff:10.0.0.10]:80 [::ffff:10.0.0.2]:50001 ESTABLISHED',
    ]);
    const segments = world.trace.flatMap((event) =>
      event.event === 'segment' && event.phase === 'sent' && event.connection === 'four'
        ? [`${event.from} ${event.to}`]
        : [],
    );
    expect(new Set(segments)).toEqual(
      new Set(['10.0.0.2:50001 10.0.0.10:80', '10.0.0.10:80 10.0.0.2:50001']),
    );
    const [listener, six, four] = world.host('web')?.sockets() ?? [];
    expect(listener).toMatchObject({ family: 6, ipv6Only: false, localAddress: '::' });
    expect(listener?.remoteAddress).toBe('::');
    expect(six).toMatchObject({
      family: 6,
      localAddress: 'fd00:a::10',
      remoteAddress: 'fd00:a::2',
    });
    expect(six).not.toHaveProperty('ipv6Only');
    expect(four).toMatchObject({ family: 6, remoteAddress: '::ffff:10.0.0.2', remotePort: 50_001 });
    expect(
      world
        .host('client')
        ?.sockets()
        .map(({ family }) => family),
    ).toEqual([6, 4]);
  });

  it('leaves IPv4 alone with IPV6_V6ONLY, and lets another have the port there', () => {
    const listen = [{ port: 80, address: '::', ipv6Only: true }];
    const alone = worldOf([{ to: '10.0.0.10:80' }], { web: { listen } });
    expect(errorsOf(alone)).toEqual(['connect ECONNREFUSED']);
    const two = worldOf([{ to: '10.0.0.10:80' }, { to: '[fd00:a::10]:80' }], {
      web: { listen: [...listen, { port: 80 }] },
    });
    expect(errorsOf(two)).toEqual([]);
    expect(
      two
        .host('web')
        ?.sockets()
        .map(({ family, ipv6Only }) => [family, ipv6Only]),
    ).toEqual([
      [6, true],
      [4, undefined],
      [4, undefined],
      [6, undefined],
    ]);
    const both = worldOf([], { web: { listen: [...dual.listen, { port: 80 }] } });
    expect(errorsOf(both)).toEqual(['listen EADDRINUSE']);
  });

  it.each([
    ['linux', {}, false],
    ['linux', { 'net.ipv6.bindv6only': '1' }, true],
    ['linux', { 'net.ipv6.bindv6only': '2' }, false],
    ['macos', {}, false],
    ['solaris', {}, false],
    ['iana', {}, false],
    ['windows', {}, true],
    ['freebsd', {}, true],
    ['freebsd', { 'net.inet6.ip6.v6only': '0' }, false],
    ['netbsd', {}, true],
    ['netbsd', { 'net.inet6.ip6.v6only': '0' }, false],
    ['openbsd', {}, true],
  ])('is IPv6 only or not as %s with %o has it', (os, sysctl, ipv6Only) => {
    const { trace } = worldOf([], { os, web: { ...dual, sysctl } });
    const state = trace.find((event) => event.event === 'state');
    expect(state).toMatchObject({ ipv6Only });
    for (const wanted of [true, false]) {
      const asked = worldOf([], {
        os,
        web: { listen: [{ port: 80, address: '::', ipv6Only: wanted }] },
      });
      const isAlways = os === 'openbsd';
      expect(asked.host('web')?.sockets()[0]?.ipv6Only).toBe(wanted || isAlways);
    }
  });
});

describe('a host', () => {
  it('without an address of a family has no way there, loopback aside', () => {
    const four = worldOf([{ to: '[fd00:a::10]:80' }, { to: '[::1]:80' }], {
      client: { addresses: ['10.0.0.2'] },
    });
    expect(errorsOf(four)).toEqual(['connect ENETUNREACH', 'connect ECONNREFUSED']);
    const six = worldOf(
      [{ to: '10.0.0.10:80' }, { to: '127.0.0.1:80' }, { to: '[fd00:a::10]:81' }],
      {
        client: { addresses: ['fd00:a::2'] },
      },
    );
    expect(errorsOf(six)).toEqual([
      'connect ENETUNREACH',
      'connect ECONNREFUSED',
      'connect ECONNREFUSED',
    ]);
    const bound = worldOf([{ to: '10.0.0.10:80', localPort: 40_000 }], {
      client: { addresses: ['fd00:a::2'] },
    });
    expect(errorsOf(bound)).toEqual(['connect ENETUNREACH']);
  });

  it('speaks from the address on its destination’s network, else from its first', () => {
    const client = { addresses: ['10.0.0.2', 'fd00:b::2', 'fd00:a::2'] };
    const world = worldOf([{ to: '[fd00:a::10]:80' }, { to: '[fd00:c::10]:80' }], { client });
    const locals = statesOf(world, 'client').map((text) => text.split(']:')[0]);
    expect(locals.slice(0, 2)).toEqual(['[fd00:a::2', '[fd00:b::2']);
    const wide = { ...client, ipv6PrefixLength: 16 };
    const first = worldOf([{ to: '[fd00:a::10]:80' }], { client: wide });
    expect(statesOf(first, 'client')[0]?.split(']:')[0]).toBe('[fd00:b::2');
  });

  it('has its addresses said in their shortest form', () => {
    const world = worldOf([], { client: { addresses: ['FD00:000A:0::2'] } });
    expect(world.host('client')?.addresses).toEqual(['fd00:a::2']);
  });

  it('gives one port to connections of both families where it shares ports at all', () => {
    const client = { sysctl: { 'net.ipv4.ip_local_port_range': '40000 40000' } };
    const world = worldOf([{ to: '[fd00:a::10]:80' }, { to: '10.0.0.10:80' }], {
      client,
      web: dual,
    });
    expect(errorsOf(world)).toEqual([]);
    expect(
      world
        .host('client')
        ?.sockets()
        .map(({ localPort }) => localPort),
    ).toEqual([40_000, 40_000]);
  });

  it('takes no local address of the other family for a connection', () => {
    const actions = [
      { to: '[fd00:a::10]:80', localAddress: '10.0.0.2' },
      { to: '10.0.0.10:80', localAddress: 'fd00:a::2' },
      { to: '10.0.0.10:80', localAddress: '::' },
    ];
    expect(errorsOf(worldOf(actions))).toEqual(Array.from(actions, () => 'connect EINVAL'));
  });

  it('takes an address that is named without a port, of its own and of its family', () => {
    const client = worldOf([], {
      client: { addresses: ['10.0.0.2', '10.0.0.3', 'fd00:a::2'] },
    }).host('client');
    const towards = (to: string, localAddress: string) => {
      const made = client?.connect('tcp', to, 80, { localAddress, noPort: true });
      return made?.ok === true ? client?.socket(made.value)?.localAddress : made?.error;
    };
    expect(towards('10.0.0.10', '10.0.0.3')).toBe('10.0.0.3');
    expect(towards('10.0.0.10', '0.0.0.0')).toBe('10.0.0.2');
    expect(towards('fd00:a::10', 'fd00:a::2')).toBe('fd00:a::2');
    expect(towards('fd00:a::10', '::')).toBe('fd00:a::2');
    expect(towards('10.0.0.10', '10.0.0.9')).toBe('EADDRNOTAVAIL');
    expect(towards('fd00:a::10', 'fd00:a::9')).toBe('EADDRNOTAVAIL');
    expect(towards('10.0.0.10', 'fd00:a::2')).toBe('EINVAL');
    expect(towards('fd00:a::10', '10.0.0.3')).toBe('EINVAL');
    expect(towards('10.0.0.10', 'nowhere')).toBe('EINVAL');
  });

  it('chooses another start for IPv6 than for IPv4', () => {
    // Of 40 hosts the first ports of both families: under one key, hashed from other words.
    const pairs = Array.from({ length: 40 }, (_, seed) => {
      const world = worldOf([{ to: '[fd00:a::10]:80' }, { to: '10.0.0.10:80' }], {
        rest: { seed },
      });
      return world.trace.flatMap((event) => (event.event === 'port-chosen' ? [event.port] : []));
    });
    expect(new Set(pairs.flat()).size).toBeGreaterThan(70);
    for (const port of pairs.flat()) expect(port % 2).toBe(0);
  });
});

describe('UDP', () => {
  const listen = [{ protocol: 'udp', port: 53, address: '::' }];

  it('reaches a socket on :: by both families', () => {
    const world = worldOf(
      [
        { to: '[fd00:a::10]:53', protocol: 'udp' },
        { to: '10.0.0.10:53', protocol: 'udp' },
        { to: '[::ffff:10.0.0.10]:53', protocol: 'udp' },
      ],
      { web: { listen } },
    );
    expect(errorsOf(world)).toEqual([]);
    const answers = world.trace.filter(
      (event) => event.event === 'datagram' && event.phase === 'arrived' && event.bytes === 480,
    );
    expect(answers).toHaveLength(3);
    expect(world.host('web')?.sockets()[0]).toMatchObject({ state: 'UNCONN', ipv6Only: false });
  });
});

describe('a packet filter', () => {
  const dropAll = (family?: string): Fields => ({
    firewall: { policyIn: 'drop', ...(family === undefined ? {} : { family }) },
  });
  const reached = (web: Fields): boolean[] =>
    ['10.0.0.10:80', '[fd00:a::10]:80'].map((to) =>
      statesOf(worldOf([{ to }], { web: { ...dual, ...web } }), 'client').some((text) =>
        text.endsWith('ESTABLISHED'),
      ),
    );

  it('looks at both families, or at one', () => {
    expect(reached({})).toEqual([true, true]);
    expect(reached(dropAll())).toEqual([false, false]);
    expect(reached(dropAll('ipv4'))).toEqual([false, true]);
    expect(reached(dropAll('ipv6'))).toEqual([true, false]);
  });

  it('knows prefixes of both', () => {
    const drop = (remote: string): Fields => ({
      firewall: { rules: [{ remote, action: 'drop' }] },
    });
    expect(reached(drop('fd00:a::/64'))).toEqual([true, false]);
    expect(reached(drop('fd00:b::/64'))).toEqual([true, true]);
    expect(reached(drop('10.0.0.0/8'))).toEqual([false, true]);
    expect(reached(drop('::/0'))).toEqual([true, false]);
  });

  it('refuses IPv6 as it does IPv4', () => {
    const web = { ...dual, firewall: { rules: [{ action: 'reject', localPort: 80 }] } };
    expect(errorsOf(worldOf([{ to: '[fd00:a::10]:80' }], { web }))).toEqual([
      'connect ECONNREFUSED',
    ]);
  });
});

describe('a router', () => {
  it('translates IPv4 alone: IPv6 goes through as it is, in both directions', () => {
    const rest = { nats: [{ name: 'home', inside: ['client'], address: '198.51.100.7' }] };
    const out = worldOf(
      [
        { to: '[fd00:b::10]:80', as: 'six' },
        { to: '10.0.0.10:80', as: 'four' },
      ],
      {
        web: { addresses: ['10.0.0.10', 'fd00:b::10'], ...dual },
        rest,
      },
    );
    expect(errorsOf(out)).toEqual([]);
    const peers = statesOf(out, 'web').map((text) => text.split(' ')[1]?.replace(/:\d+$/, ''));
    expect(new Set(peers)).toEqual(new Set(['[::]:*', '[fd00:a::2]', '[::ffff:198.51.100.7]']));
    const into = worldOf(
      [
        { from: 'web', to: '[fd00:a::2]:80' },
        { from: 'web', to: '10.0.0.2:80' },
      ],
      {
        client: dual,
        rest,
      },
    );
    expect(statesOf(into, 'client').filter((text) => text.endsWith('ESTABLISHED'))).toHaveLength(1);
  });
});

describe('a replay', () => {
  it('shows the addresses without brackets, and what a socket on :: is open to', () => {
    const world = worldOf([{ to: '[fd00:a::10]:80', localPort: 50_000 }], { web: dual });
    const replay = new Replay(world.trace);
    replay.seekTime(1000);
    expect(replay.sockets('web')).toMatchObject([
      { localAddress: '::', localPort: 80, remoteAddress: '::', remotePort: 0, ipv6Only: false },
      { localAddress: 'fd00:a::10', remoteAddress: 'fd00:a::2', remotePort: 50_000 },
    ]);
    expect(replay.sockets('web')[1]).not.toHaveProperty('ipv6Only');
    replay.seekTime(15);
    expect(replay.flights()[0]).toMatchObject({ to: '[fd00:a::2]:50000' });
  });
});
