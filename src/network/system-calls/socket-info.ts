/** A socket as the tools show it. */

import { formatAddress } from '../addresses.ts';
import type { Socket } from '../kernel/socket.ts';
import type { SocketInfo } from '../world-interface.ts';

export function describeSocket(socket: Socket): SocketInfo {
  return {
    id: socket.id,
    protocol: socket.protocol,
    connection: socket.name,
    localAddress: formatAddress(socket.localAddress),
    localPort: socket.localPort,
    remoteAddress: formatAddress(socket.remoteAddress),
    remotePort: socket.remotePort,
    state: socket.state,
    recvQ: socket.waiting?.length ?? 0,
    sendQ: socket.backlog,
    sinceMs: socket.sinceMs,
    expiresAtMs: socket.expiresAtMs,
    owner: socket.isOrphan || !socket.isAccepted ? null : socket.owner,
  };
}
