/**
 * What a router makes of one packet, in the words of RFC 4787 (UDP) and RFC 5382 (TCP). Packets are
 * made by hand and handed to it.
 */

import { describe, expect, it } from 'vitest';
import { formatEndpoint, parseAddress } from '../addresses.ts';
import type { Nat } from './nat.ts';
import { ACK, FIN, Packet, RST, SYN } from '../kernel/packet.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { World } from '../world.ts';

const address = (text: string): number => parseAddress(text) ?? 0;
const laptop = '192.168.1.2:50000';
const server = '203.0.113.80:443';
const outside = '198.51.100.7';

function routerOf(
  spec: Readonly<Record<string, unknown>> = {},
  seed = 1,
): { world: World; nat: Nat } {
  const world = new World(
    parseScenario({
      version: 1,
      seed,
      hosts: [
        { name: 'laptop', os: 'linux', address: '192.168.1.2' },
        { name: 'web', os: 'linux', address: '203.0.113.80' },
      ],
      nats: [{ name: 'router', inside: ['laptop'], address: outside, ...spec }],
      actions: [],
    }),
  );
  const [nat] = world.nats;
  if (nat === undefined) throw new Error('no router');
  return { world, nat };
}

function packetOf(
  from: string,
  to: string,
  difference: Partial<Packet> & { kind?: Packet['kind'] } = {},
): Packet {
  const { kind = 'segment', ...fields } = difference;
  const [sourceAddress = '', sourcePort] = from.split(':');
  const [destinationAddress = '', destinationPort] = to.split(':');
  return Object.assign(
    new Packet(kind),
    {
      sourceAddress: address(sourceAddress),
      sourcePort: Number(sourcePort),
      destinationAddress: address(destinationAddress),
      destinationPort: Number(destinationPort),
      flags: kind === 'segment' ? SYN : 0,
    },
    fields,
  );
}

/** What leaves the router: `from > to`, or why nothing does. */
function shown(packet: ReturnType<Nat['translate']>): string {
  if (packet === null) return 'dropped';
  if (typeof packet === 'string') return packet;
  const from = formatEndpoint(packet.sourceAddress, packet.sourcePort);
  return `${from} > ${formatEndpoint(packet.destinationAddress, packet.destinationPort)}`;
}

const out = (nat: Nat, from: string, to: string, difference = {}): string =>
  shown(nat.translate(packetOf(from, to, difference), true));
const back = (nat: Nat, from: string, to: string, difference = {}): string =>
  shown(nat.translate(packetOf(from, to, difference), false));

describe('on the way out', () => {
  it('a packet gets the outside address, and its port where that is free', () => {
    const { nat } = routerOf();
    expect(out(nat, laptop, server)).toBe(`${outside}:50000 > ${server}`);
    expect(out(nat, laptop, server)).toBe(`${outside}:50000 > ${server}`);
    expect(nat.mappings()).toEqual([
      {
        protocol: 'tcp',
        inside: laptop,
        outside: `${outside}:50000`,
        remote: server,
        lastUsedMs: 0,
      },
    ]);
  });

  it('an endpoint-independent mapping names no remote end', () => {
    const { nat } = routerOf({ mapping: 'endpoint-independent' });
    out(nat, laptop, server);
    out(nat, laptop, '203.0.113.81:443');
    expect(nat.mappings()).toMatchObject([{ inside: laptop, remote: null }]);
  });

  it('UDP and TCP have ports of their own', () => {
    const { nat } = routerOf({ ports: '40000-40000' });
    expect(out(nat, laptop, server)).toBe(`${outside}:40000 > ${server}`);
    expect(out(nat, laptop, server, { kind: 'datagram' })).toBe(`${outside}:40000 > ${server}`);
    expect(nat.mappings().map(({ protocol }) => protocol)).toEqual(['tcp', 'udp']);
  });

  it.each([
    [40_000, 40_000],
    [40_009, 40_009],
  ])('port %i is one of 40000–40009 and kept', (port, expected) => {
    for (let seed = 1; seed < 6; seed++) {
      const { nat } = routerOf({ ports: '40000-40009' }, seed);
      expect(out(nat, `192.168.1.2:${port}`, server)).toBe(`${outside}:${expected} > ${server}`);
    }
  });

  it('a port outside the pool, or any where none is to be kept, becomes one of the pool', () => {
    const found = new Set<number>();
    for (let seed = 1; seed < 80; seed++) {
      const { nat } = routerOf({ ports: '40000-40003' }, seed);
      for (const port of [39_999, 40_004]) {
        const text = out(nat, `192.168.1.2:${port}`, server);
        found.add(Number(/:(\d+) >/.exec(text)?.[1]));
      }
    }
    expect([...found].toSorted()).toEqual([40_000, 40_001, 40_002, 40_003]);
    const kept = new Set<string>();
    for (let seed = 1; seed < 20; seed++) {
      const { nat } = routerOf({ ports: '40000-40003', preservePort: false }, seed);
      kept.add(out(nat, '192.168.1.2:40000', server));
    }
    expect(kept.size).toBeGreaterThan(1);
  });

  it('every port of the pool serves once towards a destination, then it is full', () => {
    for (const mapping of ['address-and-port-dependent', 'endpoint-independent']) {
      const { nat, world } = routerOf({ ports: '40000-40003', mapping });
      const ports = [50_000, 50_001, 50_002, 50_003].map((port) =>
        out(nat, `192.168.1.2:${port}`, server),
      );
      expect(new Set(ports).size).toBe(4);
      expect(out(nat, '192.168.1.2:50004', server)).toBe('full');
      expect(world.trace.at(-1)).toMatchObject({
        event: 'nat',
        phase: 'exhausted',
        inside: '192.168.1.2:50004',
      });
      // Another destination has them all again, where the mapping depends on it.
      const other = out(nat, '192.168.1.2:50004', '203.0.113.81:443');
      expect(other === 'full').toBe(mapping === 'endpoint-independent');
      // What is known goes on.
      expect(out(nat, '192.168.1.2:50000', server)).toBe(ports[0]);
    }
  });

  it('a reset or an ICMP message of what is not known opens nothing', () => {
    const { nat } = routerOf();
    expect(out(nat, laptop, server, { flags: RST })).toBe('dropped');
    expect(out(nat, laptop, server, { flags: RST | ACK })).toBe('dropped');
    expect(out(nat, laptop, server, { kind: 'icmp', about: 'tcp' })).toBe('dropped');
    expect(out(nat, laptop, server, { kind: 'icmp', about: 'udp' })).toBe('dropped');
    expect(nat.mappings()).toEqual([]);
  });

  it('a message about UDP goes by UDP’s mapping', () => {
    const { nat } = routerOf({ ports: '40000-40000' });
    out(nat, laptop, server, { kind: 'datagram' });
    expect(out(nat, laptop, server, { kind: 'icmp', about: 'udp' })).toBe(
      `${outside}:40000 > ${server}`,
    );
    expect(out(nat, laptop, server, { kind: 'icmp', about: 'tcp' })).toBe('dropped');
  });
});

describe('on the way in', () => {
  it('an answer is given to the inside host', () => {
    const { nat } = routerOf();
    out(nat, laptop, server);
    const answer = nat.translate(packetOf(server, `${outside}:50000`, { flags: SYN | ACK }), false);
    expect(shown(answer)).toBe(`${server} > ${laptop}`);
  });

  it.each([
    ['address-and-port-dependent', 'address-and-port-dependent', [true, false, false]],
    ['endpoint-independent', 'address-and-port-dependent', [true, false, false]],
    ['endpoint-independent', 'endpoint-independent', [true, true, true]],
  ] as const)('mapping %s, filtering %s: who may answer', (mapping, filtering, expected) => {
    const { nat } = routerOf({ mapping, filtering });
    out(nat, laptop, server);
    const senders = [server, '203.0.113.80:444', '203.0.113.81:443'];
    const passed = senders.map(
      (from) => back(nat, from, `${outside}:50000`, { flags: ACK }) !== 'dropped',
    );
    expect(passed).toEqual(expected);
    expect(back(nat, server, `${outside}:50001`)).toBe('dropped');
  });

  it('what is not for the router’s address passes as it is', () => {
    const { nat } = routerOf();
    expect(back(nat, server, laptop)).toBe(`${server} > ${laptop}`);
  });

  it('a packet from inside to the outside address is turned round, with the outside source', () => {
    const { nat } = routerOf({
      mapping: 'endpoint-independent',
      filtering: 'endpoint-independent',
    });
    out(nat, laptop, server);
    expect(out(nat, '192.168.1.2:6000', `${outside}:50000`)).toBe(`${outside}:6000 > ${laptop}`);
    expect(out(nat, '192.168.1.2:6001', `${outside}:7`)).toBe('dropped');
  });
});

describe('a mapping ends', () => {
  const timeouts = { udpMs: 1000, tcpEstablishedMs: 60_000, tcpTransitoryMs: 5000 };

  /** When the mapping of a connection ends that was opened at 0 and told `later` at 100 ms. */
  function endOf(later: (nat: Nat) => void, isAnswered = true): number | undefined {
    const { world, nat } = routerOf({ timeouts });
    out(nat, laptop, server);
    if (isAnswered) back(nat, server, `${outside}:50000`, { flags: SYN | ACK });
    world.runUntil(100);
    later(nat);
    world.runToEnd();
    const end = world.trace.find((event) => event.event === 'nat' && event.phase === 'expired');
    expect(nat.mappings()).toEqual([]);
    return end?.atMs;
  }

  const answer = (nat: Nat, flags: number): string =>
    back(nat, server, `${outside}:50000`, { flags });

  it('after the long time where both sides have spoken, after the short one where only one has', () => {
    expect(endOf(() => undefined)).toBe(60_000);
    expect(endOf(() => undefined, false)).toBe(5000);
    expect(endOf((nat) => out(nat, laptop, server, { flags: ACK }))).toBe(60_100);
    expect(endOf((nat) => answer(nat, ACK))).toBe(60_100);
    expect(endOf((nat) => out(nat, laptop, server), false)).toBe(5100);
  });

  it('after the short time once both have sent FIN, or one a reset', () => {
    expect(endOf((nat) => out(nat, laptop, server, { flags: FIN | ACK }))).toBe(60_100);
    expect(endOf((nat) => answer(nat, FIN | ACK))).toBe(60_100);
    expect(
      endOf((nat) => {
        out(nat, laptop, server, { flags: FIN | ACK });
        answer(nat, FIN | ACK);
      }),
    ).toBe(5100);
    expect(endOf((nat) => out(nat, laptop, server, { flags: RST }))).toBe(5100);
    expect(endOf((nat) => answer(nat, RST | ACK))).toBe(5100);
  });

  it('later again where a new SYN takes up the same ports', () => {
    const end = endOf((nat) => {
      out(nat, laptop, server, { flags: FIN | ACK });
      answer(nat, FIN | ACK);
      out(nat, laptop, server, { flags: SYN });
      // Of the new connection one FIN alone does not end it.
      answer(nat, FIN | ACK);
    });
    expect(end).toBe(60_100);
    const other = endOf((nat) => {
      out(nat, laptop, server, { flags: FIN | ACK });
      answer(nat, FIN | ACK);
      out(nat, laptop, server, { flags: SYN });
      out(nat, laptop, server, { flags: FIN | ACK });
    });
    expect(other).toBe(60_100);
  });

  it('after the short time also where the connection has been open for long', () => {
    const { world, nat } = routerOf({ timeouts });
    out(nat, laptop, server);
    answer(nat, SYN | ACK);
    world.runUntil(50_000);
    out(nat, laptop, server, { flags: RST });
    world.runToEnd();
    expect(nat.mappings()).toEqual([]);
    // Nothing is left to happen: the long time's clock does not count any more.
    expect(world.nowMs).toBe(55_000);
  });

  it('once, however many clocks it has had: a new one of the same ports lives on', () => {
    const { world, nat } = routerOf({ timeouts });
    out(nat, laptop, server);
    answer(nat, SYN | ACK);
    world.runUntil(50_000);
    out(nat, laptop, server, { flags: RST });
    world.runUntil(58_000);
    out(nat, laptop, server);
    answer(nat, SYN | ACK);
    world.runUntil(100_000);
    expect(nat.mappings()).toHaveLength(1);
    const ended = world.trace.filter((event) => event.event === 'nat' && event.phase === 'expired');
    expect(ended.map(({ atMs }) => atMs)).toEqual([55_000]);
  });

  it('as any other where the router has come to know the connection midway', () => {
    const ends: readonly ((nat: Nat) => void)[] = [
      () => undefined,
      (nat) => out(nat, laptop, server, { flags: FIN | ACK }),
      (nat) => answer(nat, FIN | ACK),
    ];
    for (const end of ends) {
      const { world, nat } = routerOf({ timeouts });
      out(nat, laptop, server, { flags: ACK });
      answer(nat, ACK);
      end(nat);
      world.runToEnd();
      expect(world.nowMs).toBe(60_000);
    }
  });

  it('of UDP after its own time, whoever has spoken', () => {
    for (const isAnswered of [true, false]) {
      const { world, nat } = routerOf({ timeouts });
      out(nat, laptop, server, { kind: 'datagram', flags: FIN | RST });
      if (isAnswered) back(nat, server, `${outside}:50000`, { kind: 'datagram' });
      world.runUntil(600);
      out(nat, laptop, server, { kind: 'datagram' });
      world.runToEnd();
      const end = world.trace.find((event) => event.event === 'nat' && event.phase === 'expired');
      expect(end?.atMs).toBe(1600);
    }
  });

  it('and its port is free again, for all that the pool holds', () => {
    const { world, nat } = routerOf({ ports: '40000-40001', timeouts });
    for (let round = 0; round < 3; round++) {
      const ports = [1, 2].map((i) => out(nat, `192.168.1.2:${50_000 + 10 * round + i}`, server));
      expect(new Set(ports).size).toBe(2);
      expect(ports).not.toContain('full');
      expect(out(nat, '192.168.1.2:60000', server)).toBe('full');
      world.runUntil(world.nowMs + 5000);
      expect(nat.mappings()).toEqual([]);
      expect(back(nat, server, `${outside}:40000`)).toBe('dropped');
    }
  });
});

describe('a Linux router', () => {
  const linux = { behaviour: 'linux' };
  const toRouter = `${outside}:50000`;

  it('translates no echo', () => {
    const { nat } = routerOf(linux);
    const echo = { kind: 'icmp', message: 'echo-request', about: 'icmp' };
    expect(out(nat, laptop, server, echo)).toBe('dropped');
    expect(nat.entries()).toEqual([]);
  });

  it('drops what its clients send to itself, and makes no entry of it', () => {
    const { nat } = routerOf(linux);
    expect(out(nat, laptop, toRouter)).toBe('dropped');
    expect(nat.entries()).toEqual([]);
  });

  it('that accepts answers for itself, but no ICMP message', () => {
    const { nat } = routerOf({ ...linux, input: 'accept' });
    expect(out(nat, laptop, toRouter)).toBe('own');
    expect(back(nat, server, toRouter)).toBe('own');
    expect(back(nat, server, toRouter, { kind: 'icmp', about: 'tcp' })).toBe('dropped');
  });

  it('keeps the first and the last port of its pool', () => {
    for (let seed = 1; seed < 8; seed++) {
      const { nat } = routerOf({ ...linux, ports: '40000-40009' }, seed);
      for (const port of [40_000, 40_009])
        expect(out(nat, `192.168.1.2:${port}`, server)).toBe(`${outside}:${port} > ${server}`);
    }
  });

  it.each([
    ['datagram', 'datagram', false],
    ['datagram', 'segment', true],
    ['segment', 'datagram', true],
  ] as const)('to which a %s came: a %s of a client keeps that port: %s', (kind, own, isKept) => {
    const { nat } = routerOf({ ...linux, input: 'accept' });
    back(nat, server, toRouter, { kind });
    const way = out(nat, laptop, server, { kind: own });
    expect(way === `${toRouter} > ${server}`).toBe(isKept);
  });

  it('gives that port back thirty seconds later', () => {
    const at = (ms: number): boolean => {
      const { world, nat } = routerOf({ ...linux, input: 'accept' });
      back(nat, server, toRouter, { kind: 'datagram' });
      world.runUntil(ms);
      return out(nat, laptop, server, { kind: 'datagram' }) === `${toRouter} > ${server}`;
    };
    expect([at(29_999), at(30_000)]).toEqual([false, true]);
  });

  it('knows what a socket has been given only as long as that lasts', () => {
    const { world, nat } = routerOf(linux);
    const second = '192.168.1.3:50000';
    out(nat, laptop, server);
    const given = out(nat, second, server);
    expect(given).not.toBe(`${toRouter} > ${server}`);
    const elsewhere = '203.0.113.81:443';
    expect(out(nat, second, elsewhere)).toBe(given.replace(server, elsewhere));
    world.runUntil(120_000);
    expect(nat.entries()).toEqual([]);
    expect(out(nat, second, elsewhere)).toBe(`${toRouter} > ${elsewhere}`);
  });

  it('knows the other ports of a socket when one is gone', () => {
    const { world, nat } = routerOf(linux);
    const second = '192.168.1.3:50000';
    out(nat, laptop, server);
    const given = out(nat, second, server);
    world.runUntil(60_000);
    out(nat, second, '203.0.113.81:443');
    world.runUntil(120_000);
    expect(nat.entries()).toHaveLength(1);
    expect(out(nat, second, '203.0.113.82:443')).toBe(given.replace(server, '203.0.113.82:443'));
  });

  describe('with one port, held by a connection in TIME-WAIT', () => {
    const second = '192.168.1.3:50000';
    const held = (seed: number, [opener, later]: readonly [number, number]) => {
      const { nat } = routerOf({ ...linux, ports: '40000-40000' }, seed);
      out(nat, laptop, server, { sender: opener });
      back(nat, server, `${outside}:40000`, { flags: SYN | ACK });
      out(nat, laptop, server, { flags: ACK });
      out(nat, laptop, server, { flags: FIN | ACK });
      back(nat, server, `${outside}:40000`, { flags: FIN | ACK });
      out(nat, laptop, server, { flags: ACK });
      expect(nat.entries().map(({ state }) => state)).toEqual(['TIME_WAIT']);
      return { nat, sender: later };
    };
    const seeds = Array.from({ length: 12 }, (_, index) => index + 1);

    it('gives it to a SYN that is ahead: of two connections one is ahead of the other', () => {
      const outcomes = seeds.map((seed) =>
        ([1, 2] as const).map((opener) => {
          const { nat, sender } = held(seed, [opener, 3 - opener]);
          const isGiven = out(nat, second, server, { sender }) !== 'full';
          expect(nat.entries().map(({ inside }) => inside)).toEqual([isGiven ? second : laptop]);
          return isGiven;
        }),
      );
      for (const [one, other] of outcomes) expect(one).toBe(!other);
      expect(new Set(outcomes.map(([one]) => one)).size).toBe(2);
    });

    it('gives it to no SYN that is just as far', () => {
      for (const seed of seeds) {
        const { nat } = held(seed, [1, 1]);
        expect(out(nat, second, server, { sender: 1 })).toBe('full');
      }
    });

    it('gives it to nothing from midway', () => {
      for (const seed of seeds) {
        const { nat, sender } = held(seed, [1, 2]);
        expect(out(nat, second, server, { flags: ACK, sender })).toBe('full');
      }
    });

    it('reopened by its own client, it counts from the new SYN', () => {
      for (const seed of seeds) {
        const { nat } = held(seed, [1, 2]);
        out(nat, laptop, server, { sender: 2 });
        back(nat, server, `${outside}:40000`, { flags: RST | ACK });
        out(nat, laptop, server, { sender: 2 });
        expect(nat.entries().map(({ inside }) => inside)).toEqual([laptop]);
      }
    });
  });
});
