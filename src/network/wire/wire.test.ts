/** What happens on the way: messages about datagrams, filters that refuse, routers one after another. */

import { describe, expect, it } from 'vitest';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { plainConnect, statesOf } from '../world-fixtures.ts';
import { World } from '../world.ts';

type Fields = Readonly<Record<string, unknown>>;

interface Parts {
  readonly client?: Fields;
  readonly web?: Fields;
  readonly actions?: readonly Fields[];
}

function worldOf({ client = {}, web = {}, actions = [] }: Parts): World {
  return new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2', ...client },
        { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }], ...web },
      ],
      actions,
    }),
  );
}

const ask = { ...plainConnect, to: '10.0.0.10:53', protocol: 'udp', as: 'ask', request: 9 };

/** Packets as they leave, errors, and what filters decide, of a world at some moment. */
function happenings(world: World, untilMs: number): string[] {
  world.runUntil(untilMs);
  return world.trace.flatMap((event) => {
    const { atMs } = event;
    switch (event.event) {
      case 'segment':
        return event.phase === 'sent' ? [`${atMs} ${event.flags.join(' ')}`] : [];
      case 'datagram':
        return event.phase === 'sent' ? [`${atMs} ${event.bytes} bytes`] : [];
      case 'icmp':
        return event.phase === 'sent' ? [`${atMs} ${event.message}`] : [];
      case 'error':
        return [`${atMs} ${event.host} ${event.do} ${event.error}`];
      case 'firewall':
        return [`${atMs} ${event.host} ${event.verdict} ${event.chain} ${event.protocol}`];
      default:
        return [];
    }
  });
}

describe('a datagram for which nobody waits', () => {
  it('is refused, and a connected socket’s program hears of it', () => {
    expect(happenings(worldOf({ actions: [ask] }), 100)).toEqual([
      '0 9 bytes',
      '10 port-unreachable',
      '20 client receive ECONNREFUSED',
    ]);
  });

  it('is refused, and the program of an unconnected socket hears nothing', () => {
    const world = worldOf({});
    const client = world.host('client');
    client?.bind('udp', '0.0.0.0', 5000);
    client?.sendTo(client.sockets()[0]?.id ?? 0, '10.0.0.10', 53, 9);
    expect(happenings(world, 100)).toEqual(['0 9 bytes', '10 port-unreachable']);
  });

  it('does no harm where the socket is gone when the refusal comes', () => {
    const close = { atMs: 15, do: 'close', connection: 'ask' };
    expect(happenings(worldOf({ actions: [ask, close] }), 100)).toEqual([
      '0 9 bytes',
      '10 port-unreachable',
    ]);
  });
});

describe('a packet filter on the way out', () => {
  const web = { firewall: { policyOut: 'drop' } };

  it('stops what the system itself says: the refusal of a port', () => {
    const closed = { ...plainConnect, to: '10.0.0.10:81' };
    expect(happenings(worldOf({ web, actions: [closed] }), 100)).toEqual([
      '0 SYN',
      '10 web accept in tcp',
      '10 web drop out tcp',
    ]);
    expect(happenings(worldOf({ web, actions: [ask] }), 100)).toEqual([
      '0 9 bytes',
      '10 web accept in udp',
      '10 web drop out udp',
    ]);
  });

  it.each([
    ['icmp-port-unreachable', 'port-unreachable', 'ECONNREFUSED'],
    ['icmp-admin-prohibited', 'administratively-prohibited', 'EHOSTUNREACH'],
  ])('does not stop what it says itself: %s', (rejectWith, message, error) => {
    const rules = [{ action: 'reject', rejectWith }];
    const closed = { web: { firewall: { policyOut: 'drop', rules } } };
    expect(happenings(worldOf({ ...closed, actions: [ask] }), 100)).toEqual([
      '0 9 bytes',
      '10 web reject in udp',
      `10 ${message}`,
      `20 client receive ${error}`,
    ]);
    expect(happenings(worldOf({ ...closed, actions: [plainConnect] }), 100)).toEqual([
      '0 SYN',
      '10 web reject in tcp',
      `10 ${message}`,
      `20 client connect ${error}`,
    ]);
  });

  it('nor its own reset', () => {
    const rules = [{ action: 'reject', rejectWith: 'tcp-reset' }];
    const closed = { firewall: { policyOut: 'drop', rules } };
    expect(happenings(worldOf({ web: closed, actions: [plainConnect] }), 100)).toEqual([
      '0 SYN',
      '10 web reject in tcp',
      '10 RST ACK',
      '20 client connect ECONNREFUSED',
    ]);
  });
});

describe('a packet filter on the way in', () => {
  it('drops a datagram without a word to the program that would have had it', () => {
    const web = { firewall: { policyIn: 'drop' }, listen: [{ port: 53, protocol: 'udp' }] };
    expect(happenings(worldOf({ web, actions: [ask] }), 100)).toEqual([
      '0 9 bytes',
      '10 web drop in udp',
    ]);
  });

  it('has no reset for a datagram: it is refused by ICMP', () => {
    const web = { firewall: { rules: [{ action: 'reject', rejectWith: 'tcp-reset' }] } };
    expect(happenings(worldOf({ web, actions: [ask] }), 15)).toEqual([
      '0 9 bytes',
      '10 web reject in udp',
      '10 port-unreachable',
    ]);
  });

  it.each([
    ['tcp', 'SYN'],
    ['udp', '9 bytes'],
  ])('answers no ICMP message with another (RFC 1122 §3.2.2): about %s', (protocol, sent) => {
    const web = { firewall: { rules: [{ action: 'reject' }] } };
    const client = { firewall: { rules: [{ action: 'reject' }] } };
    const actions = [{ ...ask, protocol }];
    expect(happenings(worldOf({ client, web, actions }), 100)).toEqual([
      `0 client accept out ${protocol}`,
      `0 ${sent}`,
      `10 web reject in ${protocol}`,
      '10 port-unreachable',
      `20 client reject in ${protocol}`,
    ]);
  });

  it('says what it stops of a connection that is open', () => {
    const firewall = { atMs: 50, do: 'firewall', host: 'web', firewall: { policyIn: 'drop' } };
    const close = { atMs: 100, do: 'close', connection: 'page', by: 'client' };
    const world = worldOf({ actions: [plainConnect, firewall, close] });
    expect(happenings(world, 110).slice(3)).toEqual(['100 FIN ACK', '110 web drop in tcp']);
  });

  it('does not know a connection that has ended before it came', () => {
    const rules = [{ state: 'established', action: 'accept' }];
    const firewall = { policyIn: 'drop', rules };
    const world = worldOf({
      actions: [
        plainConnect,
        { atMs: 100, do: 'reset', connection: 'page', by: 'web' },
        { atMs: 101, do: 'firewall', host: 'web', firewall },
        // Closed before the reset is there.
        { atMs: 105, do: 'close', connection: 'page', by: 'client' },
      ],
    });
    expect(happenings(world, 200).slice(3)).toEqual([
      '100 RST',
      '105 FIN ACK',
      '115 web drop in tcp',
    ]);
  });
});

describe('what a host sends to itself', () => {
  it.each([
    [false, ['0 SYN', '0 SYN ACK', '0 ACK']],
    [true, ['0 client drop out tcp']],
  ])('is asked about by its packet filter only where that is so: %s', (filtersOwn, expected) => {
    const world = worldOf({ client: { listen: [{ port: 80 }] } });
    const client = world.host('client');
    client?.setFirewall({ policyIn: 'accept', policyOut: 'drop', rules: [], filtersOwn });
    client?.connect('tcp', '127.0.0.1', 80, { request: 0 });
    expect(happenings(world, 100)).toEqual(expected);
  });

  it('never leaves it: from a loopback address no packet reaches another host', () => {
    const world = worldOf({ web: { listen: [{ port: 53, protocol: 'udp' }] } });
    const client = world.host('client');
    const bound = client?.bind('udp', '127.0.0.1', 5000);
    if (bound?.ok !== true) throw new Error('no socket');
    client?.sendTo(bound.value, '10.0.0.10', 53, 9);
    world.runUntil(100);
    expect(world.trace.at(-1)).toMatchObject({ event: 'datagram', phase: 'lost' });
  });
});

describe('routers', () => {
  const os = 'linux';
  const router = (letter: string, more: Fields = {}): Fields => ({
    name: `router-${letter}`,
    inside: [letter],
    address: `198.51.100.${letter === 'a' ? 1 : 2}`,
    ...more,
  });
  const open = { mapping: 'endpoint-independent', filtering: 'endpoint-independent' };

  /** `a` and `b`, each behind a router, and `out`. */
  function twoHomes(actions: readonly Fields[], more: Fields = {}): World {
    return new World(
      parseScenario({
        version: 1,
        hosts: [
          { name: 'a', os, address: '192.168.1.2' },
          { name: 'b', os, address: '192.168.2.2', listen: [{ port: 80 }] },
          { name: 'out', os, address: '203.0.113.80', listen: [{ port: 80 }] },
        ],
        nats: [router('a', more), router('b', { ...more, ...open })],
        actions,
      }),
    );
  }

  /** Every leg: when, between which ends, how it went. */
  function legs(world: World, untilMs: number): string[] {
    world.runUntil(untilMs);
    return world.trace.flatMap((event) =>
      event.event === 'segment' || event.event === 'datagram' || event.event === 'icmp'
        ? [`${event.atMs} ${event.id} ${event.from} > ${event.to} ${event.phase}`]
        : [],
    );
  }

  const connect = { ...plainConnect, from: 'a' };

  it('have their legs numbered one after the other, and each arrives', () => {
    expect(legs(twoHomes([{ ...connect, to: '203.0.113.80:80' }]), 9)).toEqual([
      '0 1 192.168.1.2:50000 > 203.0.113.80:80 sent',
      '5 1 192.168.1.2:50000 > 203.0.113.80:80 arrived',
      '5 2 198.51.100.1:50000 > 203.0.113.80:80 sent',
    ]);
  });

  it('send on what is for nobody, and it is lost', () => {
    expect(legs(twoHomes([{ ...connect, to: '203.0.113.99:80' }]), 10).slice(1)).toEqual([
      '5 1 192.168.1.2:50000 > 203.0.113.99:80 arrived',
      '5 2 198.51.100.1:50000 > 203.0.113.99:80 sent',
      '10 2 198.51.100.1:50000 > 203.0.113.99:80 lost',
    ]);
  });

  it('keep the addresses behind them to themselves: from outside, and from another’s inside', () => {
    const fromOut = twoHomes([{ ...connect, from: 'out', to: '192.168.2.2:80' }]);
    expect(legs(fromOut, 10)).toEqual([
      '0 1 203.0.113.80:50000 > 192.168.2.2:80 sent',
      '10 1 203.0.113.80:50000 > 192.168.2.2:80 lost',
    ]);
    expect(legs(twoHomes([{ ...connect, to: '192.168.2.2:80' }]), 10).slice(2)).toEqual([
      '5 2 198.51.100.1:50000 > 192.168.2.2:80 sent',
      '10 2 198.51.100.1:50000 > 192.168.2.2:80 lost',
    ]);
  });

  it('lead from one inside to another, through both, by a mapping that is there', () => {
    const world = twoHomes([
      { atMs: 0, do: 'bind', host: 'b', protocol: 'udp', port: 7000, as: 'game' },
      {
        ...connect,
        atMs: 100,
        protocol: 'udp',
        to: '198.51.100.2:7000',
        request: 8,
      },
    ]);
    world.runUntil(50);
    const b = world.host('b');
    b?.sendTo(b.sockets().at(-1)?.id ?? 0, '203.0.113.80', 9, 1);
    world.runUntil(90);
    const before = legs(world, 90).length;
    expect(legs(world, 200).slice(before)).toEqual([
      '100 5 192.168.1.2:50000 > 198.51.100.2:7000 sent',
      '105 5 192.168.1.2:50000 > 198.51.100.2:7000 arrived',
      '105 6 198.51.100.1:50000 > 198.51.100.2:7000 sent',
      '110 6 198.51.100.1:50000 > 198.51.100.2:7000 arrived',
      '110 7 198.51.100.1:50000 > 192.168.2.2:7000 sent',
      '115 7 198.51.100.1:50000 > 192.168.2.2:7000 arrived',
      // The answer.
      '115 8 192.168.2.2:7000 > 198.51.100.1:50000 sent',
      '120 8 192.168.2.2:7000 > 198.51.100.1:50000 arrived',
      '120 9 198.51.100.2:7000 > 198.51.100.1:50000 sent',
      '125 9 198.51.100.2:7000 > 198.51.100.1:50000 arrived',
      '125 10 198.51.100.2:7000 > 192.168.1.2:50000 sent',
      '130 10 198.51.100.2:7000 > 192.168.1.2:50000 arrived',
    ]);
  });

  it('say that no port is left, as “host unreachable”, where they say it', () => {
    const full = { ports: '40000-40000', whenFull: 'icmp' };
    const actions = [
      { ...connect, to: '203.0.113.80:80' },
      { ...connect, to: '203.0.113.80:80', as: 'more', localPort: 50_001 },
    ];
    const world = twoHomes(actions, full);
    world.runUntil(10);
    expect(world.trace.filter(({ event }) => event === 'icmp')).toMatchObject([
      { atMs: 5, phase: 'sent', message: 'host-unreachable', fromNat: 'router-a' },
      { atMs: 10, phase: 'arrived', message: 'host-unreachable' },
    ]);
  });

  const acrossRouter = (laptop: Fields, web: Fields, router: Fields = {}) =>
    new World(
      parseScenario({
        version: 1,
        hosts: [
          { name: 'laptop', os, ...laptop },
          { name: 'web', os, listen: [{ port: 443 }], ...web },
        ],
        nats: [{ name: 'router', inside: ['laptop'], address: '198.51.100.7', ...router }],
        actions: [],
      }),
    );

  it('are neighbours like others: an answer from their own outer network reaches them', () => {
    const world = acrossRouter({ address: '192.168.1.2' }, { address: '198.51.100.80' });
    world.host('laptop')?.connect('tcp', '198.51.100.80', 443, { request: 0 });
    world.runUntil(200);
    expect(statesOf(world, 'laptop')).toEqual(['ESTABLISHED']);
  });

  it('have no part in IPv6: what goes to nobody is lost without them', () => {
    const laptop = { addresses: ['192.168.1.2', '2001:db8:1::2'] };
    const world = acrossRouter(laptop, { address: '198.51.100.80' });
    world.host('laptop')?.connect('udp', '2001:db8:2::9', 53, { request: 5 });
    world.runUntil(200);
    const datagrams = world.trace.filter(({ event }) => event === 'datagram');
    expect(datagrams).toMatchObject([{ phase: 'sent' }, { phase: 'lost' }]);
    expect(datagrams[0]).not.toHaveProperty('toNat');
  });

  it('that accept answer a segment with a reset, a datagram with a message, a reset with nothing', () => {
    const accepting = { behaviour: 'linux', input: 'accept' };
    const world = acrossRouter({ address: '192.168.1.2' }, { address: '198.51.100.80' }, accepting);
    const web = world.host('web');
    web?.connect('tcp', '198.51.100.7', 22, { request: 0 });
    web?.connect('udp', '198.51.100.7', 53, { request: 5 });
    const said = happenings(world, 200);
    expect(said.filter((text) => /RST|unreachable/.test(text))).toHaveLength(2);
    expect(said.filter((text) => text.includes('ECONNREFUSED'))).toHaveLength(2);
  });
});
