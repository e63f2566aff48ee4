/** Which socket a packet is for. */

import { describe, expect, it } from 'vitest';
import { Packet } from './packet.ts';
import type { Socket } from './socket.ts';
import { SocketLookup } from './socket-lookup.ts';

const here = 0x0a00000a;
const there = 0x0a000002;

/** What the lookup reads of a socket. */
type Fields = Partial<
  Pick<Socket, 'protocol' | 'state' | 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort'>
>;

function socketOf(difference: Fields): Socket {
  const fields: Fields = {
    protocol: 'tcp',
    state: 'LISTEN',
    localAddress: 0,
    localPort: 80,
    remoteAddress: 0,
    remotePort: 0,
    ...difference,
  };
  return fields as unknown as Socket;
}

const datagrams = (difference: Fields = {}): Socket =>
  socketOf({ protocol: 'udp', state: 'UNCONN', localPort: 53, ...difference });

function packetTo(destinationPort: number, difference: Partial<Packet> = {}): Packet {
  const to = {
    destinationAddress: here,
    destinationPort,
    sourceAddress: there,
    sourcePort: 50_000,
  };
  return Object.assign(new Packet('segment'), to, difference);
}

describe('a listener', () => {
  it('is found by its port: the one on the very address before the wildcard', () => {
    const lookup = new SocketLookup();
    const [any, own, other] = [
      socketOf({}),
      socketOf({ localAddress: here }),
      socketOf({ localAddress: here + 1 }),
    ];
    expect(lookup.listenerFor(packetTo(80))).toBe(undefined);
    lookup.addListener(other);
    expect(lookup.listenerFor(packetTo(80))).toBe(undefined);
    lookup.addListener(any);
    expect(lookup.listenerFor(packetTo(80))).toBe(any);
    lookup.addListener(own);
    expect(lookup.listenerFor(packetTo(80))).toBe(own);
    expect(lookup.listenerFor(packetTo(81))).toBe(undefined);
    lookup.remove(own);
    expect(lookup.listenerFor(packetTo(80))).toBe(any);
    lookup.remove(any);
    expect(lookup.listenerFor(packetTo(80))).toBe(undefined);
    lookup.remove(other);
    lookup.remove(other);
    lookup.addListener(any);
    expect(lookup.listenerFor(packetTo(80))).toBe(any);
  });

  it('shares with others by SO_REUSEPORT: each gets a part, a four-tuple always the same one', () => {
    const lookup = new SocketLookup();
    const listeners = [socketOf({}), socketOf({}), socketOf({})];
    for (const listener of listeners) lookup.addListener(listener);
    const got = new Map<Socket | undefined, number>();
    for (let sourcePort = 40_000; sourcePort < 40_600; sourcePort++) {
      const found = lookup.listenerFor(packetTo(80, { sourcePort }));
      expect(lookup.listenerFor(packetTo(80, { sourcePort }))).toBe(found);
      got.set(found, (got.get(found) ?? 0) + 1);
    }
    expect([...got.keys()].every((found) => found !== undefined)).toBe(true);
    expect(got.size).toBe(3);
    for (const count of got.values()) expect(count).toBeGreaterThan(100);
    const clients = Array.from({ length: 30 }, (_, i) =>
      lookup.listenerFor(packetTo(80, { sourceAddress: there + i })),
    );
    expect(new Set(clients).size).toBe(3);
  });

  it('shares with those alone that have the same address', () => {
    const lookup = new SocketLookup();
    const own = [1, 2].map(() => socketOf({ localAddress: here }));
    const others = [socketOf({}), socketOf({ localAddress: here + 1 }), socketOf({})];
    for (const listener of [others[0], own[0], others[1], own[1], others[2]])
      if (listener !== undefined) lookup.addListener(listener);
    const found = Array.from({ length: 60 }, (_, i) =>
      lookup.listenerFor(packetTo(80, { sourcePort: 40_000 + i })),
    );
    expect(new Set(found)).toEqual(new Set(own));
  });

  it('that waits is told apart by address and port', () => {
    const lookup = new SocketLookup();
    const [any, own, connected] = [
      socketOf({}),
      socketOf({ localAddress: here }),
      socketOf({ localAddress: here, remotePort: 9 }),
    ];
    for (const each of [any, own, connected]) lookup.addListener(each);
    const name = datagrams({ localAddress: here });
    lookup.addDatagramSocket(name);
    expect(lookup.waitingAt('tcp', 0, 80)).toEqual([any]);
    expect(lookup.waitingAt('tcp', here, 80)).toEqual([own]);
    expect(lookup.waitingAt('tcp', here, 81)).toEqual([]);
    expect(lookup.waitingAt('udp', here, 53)).toEqual([name]);
    expect(lookup.waitingAt('tcp', here, 53)).toEqual([]);
    expect(lookup.waitingAt('udp', here, 80)).toEqual([]);
  });
});

describe('a connection', () => {
  const connected = (difference: Fields = {}): Socket =>
    socketOf({ state: 'ESTABLISHED', remoteAddress: there, remotePort: 50_000, ...difference });

  it('is found by its four-tuple until it is gone, and takes no other with it', () => {
    const lookup = new SocketLookup();
    const [first, second] = [connected({ localAddress: here }), connected({ localAddress: here })];
    lookup.addConnection(first);
    expect(lookup.connection(here, 80, there, 50_000)).toBe(first);
    const others: readonly (readonly [number, number, number, number])[] = [
      [here + 1, 80, there, 50_000],
      [here, 81, there, 50_000],
      [here, 80, there + 1, 50_000],
      [here, 80, there, 50_001],
    ];
    for (const other of others) expect(lookup.connection(...other)).toBe(undefined);
    lookup.addConnection(second);
    lookup.remove(first);
    expect(lookup.connection(here, 80, there, 50_000)).toBe(second);
    lookup.remove(second);
    expect(lookup.connection(here, 80, there, 50_000)).toBe(undefined);
  });

  it.each([
    [0, 1, 2],
    [1, 0, 2],
    [2, 1, 0],
    [1, 2, 0],
  ])('is found beside others with the same ports, which go in the order %i %i %i', (...order) => {
    const lookup = new SocketLookup();
    const sockets = [0, 1, 2].map((i) => connected({ localAddress: here, remoteAddress: i + 1 }));
    const found = (): (Socket | undefined)[] =>
      [1, 2, 3].map((address) => lookup.connection(here, 80, address, 50_000));
    const left: (Socket | undefined)[] = [...sockets];
    for (const socket of sockets) lookup.addConnection(socket);
    expect(found()).toEqual(left);
    for (const index of order) {
      const gone = sockets[index];
      if (gone !== undefined) lookup.remove(gone);
      left[index] = undefined;
      expect(found().map((socket) => socket?.remoteAddress)).toEqual(
        left.map((socket) => socket?.remoteAddress),
      );
    }
  });

  it('is what a packet from its peer to it is for', () => {
    const lookup = new SocketLookup();
    const socket = connected({ localAddress: here });
    lookup.addConnection(socket);
    expect(lookup.connectionOf(packetTo(80))).toBe(socket);
    expect(lookup.connectionOf(packetTo(81))).toBe(undefined);
  });
});

describe('a UDP socket', () => {
  const tuple = { localAddress: here, remoteAddress: there, remotePort: 50_000 };
  const connected = datagrams({ state: 'ESTAB', ...tuple });

  it('that is connected to the sender comes before all others', () => {
    const lookup = new SocketLookup();
    const any = datagrams();
    lookup.addDatagramSocket(any);
    lookup.addDatagramSocket(connected);
    expect(lookup.datagramSocketFor(packetTo(53))).toBe(connected);
    for (const other of [
      { sourcePort: 50_001 },
      { sourceAddress: there + 1 },
      { destinationAddress: here + 1 },
    ]) {
      expect(lookup.datagramSocketFor(packetTo(53, other))).toBe(any);
    }
    lookup.remove(any);
    expect(lookup.datagramSocketFor(packetTo(53, { sourcePort: 50_001 }))).toBe(undefined);
    lookup.remove(connected);
    expect(lookup.datagramSocketFor(packetTo(53))).toBe(undefined);
  });

  it('that is closed is no longer connected', () => {
    const lookup = new SocketLookup();
    lookup.addDatagramSocket(datagrams({ state: 'CLOSED', ...tuple }));
    expect(lookup.datagramSocketFor(packetTo(53))).toBe(undefined);
  });

  it('goes alone: its neighbours on the port stay', () => {
    const lookup = new SocketLookup();
    const sockets = [here, here + 1, here + 2].map((localAddress) => datagrams({ localAddress }));
    for (const socket of sockets) lookup.addDatagramSocket(socket);
    const [first, second] = sockets;
    if (second !== undefined) lookup.remove(second);
    expect(lookup.datagramSocketFor(packetTo(53))).toBe(first);
    expect(lookup.datagramSocketFor(packetTo(53, { destinationAddress: here + 1 }))).toBe(
      undefined,
    );
    expect(lookup.datagramSocketFor(packetTo(53, { destinationAddress: here + 2 }))).toBe(
      sockets[2],
    );
  });
});
