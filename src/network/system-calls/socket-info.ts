/** What tools such as ss are told about a socket. */

import { formatAddress } from '../addresses.ts';
import type { SocketCounters } from '../kernel/counters.ts';
import type { Socket, SocketOwner } from '../kernel/socket.ts';
import type { Protocol } from '../protocol.ts';
import { repetitionOf } from '../transport/tcp-segments.ts';

/** A socket as the tools show it. */
export interface SocketInfo {
  readonly id: number;
  readonly protocol: Protocol;
  /** Of the socket: one of IPv6 that speaks IPv4 has IPv4-mapped addresses. */
  readonly family: 4 | 6;
  /** Of a socket on `::` alone: whether it leaves IPv4 alone. */
  readonly ipv6Only?: boolean;
  /** The connection's name. */
  readonly connection: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** As in StateEvent. */
  readonly state: string;
  /** Of a listener: connections waiting to be accepted, and how many may. */
  readonly recvQ: number;
  readonly sendQ: number;
  /** When it came into this state. */
  readonly sinceMs: number;
  /** Virtual time at which it ends by itself (TIME-WAIT, FIN-WAIT-2), else null. */
  readonly expiresAtMs: number | null;
  /** Null also where no program holds it (any more): TIME-WAIT, orphans, not yet accepted. */
  readonly owner: SocketOwner | null;
}

/** What a socket has sent and received, and how it waits: of TCP what `ss -i` shows. */
export interface SocketTraffic extends Readonly<SocketCounters> {
  readonly bytesAcknowledged: number;
  /** Segments on their way; 0 where all are acknowledged. */
  readonly unacknowledged: number;
  /** How long it waits until it sends again what nobody answers, and how often it has. */
  readonly retransmissionTimeoutMs: number;
  readonly retries: number;
  /** How often that wait has doubled. */
  readonly backoff: number;
  /** The way there and back. */
  readonly roundTripMs: number;
  readonly hasTimestamps: boolean;
}

export function describeSocket(socket: Socket): SocketInfo {
  const info: SocketInfo = {
    id: socket.id,
    protocol: socket.protocol,
    family: socket.isIPv6 ? 6 : 4,
    connection: socket.name,
    localAddress: formatAddress(socket.shownLocalAddress),
    localPort: socket.localPort,
    remoteAddress: formatAddress(socket.shownRemoteAddress),
    remotePort: socket.remotePort,
    state: socket.state,
    recvQ: socket.queue?.waiting.length ?? 0,
    sendQ: socket.queue?.backlog ?? 0,
    sinceMs: socket.sinceMs,
    expiresAtMs: socket.expiresAtMs,
    owner: socket.isOrphan || !socket.isAccepted ? null : socket.owner,
  };
  // Tables of thousands of sockets are read at each step: most need no second object.
  const ipv6Only = socket.isIPv6Only;
  return ipv6Only === undefined ? info : { ...info, ipv6Only };
}

export function describeTraffic(socket: Socket): SocketTraffic {
  const { counters, host, retries } = socket;
  const repetition = repetitionOf(socket);
  const roundTripMs = host.roundTripMs(socket.remoteAddress);
  const first = repetition.waitMs(0, roundTripMs);
  const wait = repetition.waitMs(retries, roundTripMs);
  // The listener's side begins to count behind its own SYN.
  const start = socket.isOpener ? 0 : 1;
  return Object.assign({}, counters, {
    bytesAcknowledged: Math.max(0, socket.sendUnacknowledged - start),
    unacknowledged: socket.inFlight?.length ?? 0,
    retransmissionTimeoutMs: wait,
    retries,
    backoff: Math.round(Math.log2(wait / first)),
    roundTripMs,
    hasTimestamps: host.limits.hasTimestamps,
  });
}
