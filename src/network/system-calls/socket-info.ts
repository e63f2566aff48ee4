/** What tools such as ss are told about a socket. */

import { formatAddress } from '../addresses.ts';
import type { Socket, SocketOwner } from '../kernel/socket.ts';
import type { Protocol } from '../protocol.ts';

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

export function describeSocket(socket: Socket): SocketInfo {
  return {
    id: socket.id,
    protocol: socket.protocol,
    family: socket.isIPv6 ? 6 : 4,
    ...(socket.isIPv6Only === undefined ? {} : { ipv6Only: socket.isIPv6Only }),
    connection: socket.name,
    localAddress: formatAddress(socket.shownLocalAddress),
    localPort: socket.localPort,
    remoteAddress: formatAddress(socket.shownRemoteAddress),
    remotePort: socket.remotePort,
    state: socket.state,
    recvQ: socket.waiting?.length ?? 0,
    sendQ: socket.backlog,
    sinceMs: socket.sinceMs,
    expiresAtMs: socket.expiresAtMs,
    owner: socket.isOrphan || !socket.isAccepted ? null : socket.owner,
  };
}
