/**
 * Which socket of a host a packet is for: a connection by its four-tuple, else a listener or an
 * unconnected UDP socket by its port, the one with the most specific address (Linux: the lookups of
 * net/ipv4/inet_hashtables.c, net/ipv6/inet6_hashtables.c and net/ipv4/udp.c, without their scores for
 * devices and CPUs). IPv4 also finds a socket on IPv6's wildcard that is not IPv6 only, after its own.
 */

import { foldAddress, isIPv6, WILDCARD_ADDRESS, WILDCARD_IPV6 } from '../addresses.ts';
import type { Packet } from './packet.ts';
import { RecurringMap } from '../data-structures/recurring-map.ts';
import type { Socket } from './socket.ts';

type SocketsByPort = Map<number, Socket[]>;

/** Both ports of a connection as one whole number of 32 bits. */
function portsKey(localPort: number, remotePort: number): number {
  return (localPort << 16) | remotePort;
}

export class SocketLookup {
  /** TCP connections by their ports: the newest of those that differ in their addresses alone. */
  readonly #connections = new RecurringMap<number, Socket>();
  readonly #listeners: SocketsByPort = new Map();
  readonly #datagramSockets: SocketsByPort = new Map();

  /** The TCP connection between two ends; of two that follow each other, the newer. */
  connection(
    localAddress: number,
    localPort: number,
    remoteAddress: number,
    remotePort: number,
  ): Socket | undefined {
    let socket = this.#connections.get(portsKey(localPort, remotePort));
    while (
      socket !== undefined &&
      (socket.localAddress !== localAddress || socket.remoteAddress !== remoteAddress)
    )
      socket = socket.withSamePorts;
    return socket;
  }

  /** The TCP connection that a packet has arrived for. */
  connectionOf(packet: Packet): Socket | undefined {
    const { destinationAddress, destinationPort, sourceAddress, sourcePort } = packet;
    return this.connection(destinationAddress, destinationPort, sourceAddress, sourcePort);
  }

  addConnection(socket: Socket): void {
    const key = portsKey(socket.localPort, socket.remotePort);
    socket.withSamePorts = this.#connections.get(key);
    this.#connections.set(key, socket);
  }

  addListener(socket: Socket): void {
    addTo(this.#listeners, socket);
  }

  addDatagramSocket(socket: Socket): void {
    addTo(this.#datagramSockets, socket);
  }

  /** Forgets a socket; to be told before its state changes. */
  remove(socket: Socket): void {
    if (socket.protocol === 'udp') removeFrom(this.#datagramSockets, socket);
    else if (socket.state === 'LISTEN') removeFrom(this.#listeners, socket);
    else if (socket.remotePort !== 0) this.#removeConnection(socket);
  }

  #removeConnection(socket: Socket): void {
    const key = portsKey(socket.localPort, socket.remotePort);
    const newest = this.#connections.get(key);
    if (newest !== socket) {
      let newer = newest;
      while (newer !== undefined && newer.withSamePorts !== socket) newer = newer.withSamePorts;
      if (newer !== undefined) newer.withSamePorts = socket.withSamePorts;
    } else if (socket.withSamePorts === undefined) {
      this.#connections.delete(key);
    } else {
      this.#connections.set(key, socket.withSamePorts);
    }
  }

  /** The listener that a segment concerns. */
  listenerFor(packet: Packet): Socket | undefined {
    return mostSpecific(this.#listeners.get(packet.destinationPort), packet);
  }

  /** The UDP socket that a datagram concerns: a connected one before the others. */
  datagramSocketFor(packet: Packet): Socket | undefined {
    const sockets = this.#datagramSockets.get(packet.destinationPort);
    return (
      sockets?.find(
        (socket) =>
          socket.state === 'ESTAB' &&
          socket.localAddress === packet.destinationAddress &&
          socket.remoteAddress === packet.sourceAddress &&
          socket.remotePort === packet.sourcePort,
      ) ?? mostSpecific(sockets, packet)
    );
  }

  /** What listens on exactly this address and port, or waits for datagrams there. */
  waitingAt(protocol: Socket['protocol'], address: number | undefined, port: number): Socket[] {
    const table = protocol === 'tcp' ? this.#listeners : this.#datagramSockets;
    return (table.get(port) ?? []).filter(
      (socket) => socket.localAddress === address && socket.remotePort === 0,
    );
  }
}

function addTo(table: SocketsByPort, socket: Socket): void {
  const sockets = table.get(socket.localPort);
  if (sockets === undefined) table.set(socket.localPort, [socket]);
  else sockets.push(socket);
}

function removeFrom(table: SocketsByPort, socket: Socket): void {
  const sockets = table.get(socket.localPort);
  if (sockets === undefined) return;
  if (sockets.length === 1) table.delete(socket.localPort);
  else sockets.splice(sockets.indexOf(socket), 1);
}

/** How closely an unconnected socket's address fits a packet's destination; 0: not at all. */
function fitOf(socket: Socket, destinationAddress: number): number {
  if (socket.remotePort !== 0) return 0;
  const { localAddress } = socket;
  if (localAddress === destinationAddress) return 3;
  if (isIPv6(destinationAddress)) return localAddress === WILDCARD_IPV6 ? 2 : 0;
  if (localAddress === WILDCARD_ADDRESS) return 2;
  return socket.isIPv6Only === false ? 1 : 0;
}

/** Of unconnected sockets, those with this very address before the wildcard's; SO_REUSEPORT shares. */
function mostSpecific(sockets: readonly Socket[] | undefined, packet: Packet): Socket | undefined {
  if (sockets === undefined) return undefined;
  const { destinationAddress } = packet;
  let best = 1;
  let found: Socket | undefined;
  let count = 0;
  for (const socket of sockets) {
    const fit = fitOf(socket, destinationAddress);
    if (fit < best) continue;
    count = fit > best ? 1 : count + 1;
    best = fit;
    found = socket;
  }
  if (count <= 1) return found;
  // Any spread that depends on the four-tuple alone will do; as in Linux the hash's upper bits decide
  // (net/core/sock_reuseport.c: reuseport_select_sock).
  const source = foldAddress(packet.sourceAddress) ^ (packet.sourcePort << 8);
  const mixed = Math.imul(source, 0x9e3779b1) >>> 0;
  const index = Math.floor((mixed * count) / 2 ** 32);
  return sockets.filter((socket) => fitOf(socket, destinationAddress) === best)[index];
}
