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

export class SocketLookup {
  /** TCP connections by the key that their packets carry. */
  readonly #connections = new RecurringMap<number, Socket>();
  readonly #listeners: SocketsByPort = new Map();
  readonly #datagramSockets: SocketsByPort = new Map();

  connection(key: number): Socket | undefined {
    return this.#connections.get(key);
  }

  addConnection(socket: Socket): void {
    this.#connections.set(socket.key, socket);
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
    if (this.#connections.get(socket.key) === socket) this.#connections.delete(socket.key);
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

/** Of unconnected sockets, those with this very address before the wildcard's; SO_REUSEPORT shares. */
function mostSpecific(sockets: readonly Socket[] | undefined, packet: Packet): Socket | undefined {
  if (sockets === undefined) return undefined;
  const { destinationAddress } = packet;
  const isSix = isIPv6(destinationAddress);
  const wildcards = isSix ? [WILDCARD_IPV6] : [WILDCARD_ADDRESS, WILDCARD_IPV6];
  for (const address of [destinationAddress, ...wildcards]) {
    const matching = sockets.filter(
      (socket) =>
        socket.localAddress === address &&
        socket.remotePort === 0 &&
        (isSix || socket.isIPv6Only !== true),
    );
    if (matching.length <= 1) {
      if (matching[0] !== undefined) return matching[0];
      continue;
    }
    // Any spread that depends on the four-tuple alone will do.
    const source = foldAddress(packet.sourceAddress) ^ (packet.sourcePort << 8);
    const mixed = Math.imul(source, 0x9e3779b1) >>> 0;
    return matching[mixed % matching.length];
  }
  return undefined;
}
