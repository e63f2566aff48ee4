/** close() and reset of sockets of every kind: connections, listeners, bound and UDP sockets. */

import type { Socket } from '../kernel/socket.ts';
import * as tcp from '../transport/tcp.ts';

/** Closes it; false where the program has it no more. */
export function closeSocket(socket: Socket): boolean {
  switch (socket.state) {
    case 'LISTEN':
      closeListener(socket);
      return true;
    case 'BOUND':
    case 'UNCONN':
    case 'ESTAB':
      socket.host.remove(socket);
      return true;
    default:
      return tcp.close(socket);
  }
}

/** Ends it abruptly; false where there is nothing to end. */
export function resetSocket(socket: Socket): boolean {
  return tcp.abort(socket) || closeSocket(socket);
}

function closeListener(listener: Socket): void {
  const { host } = listener;
  host.remove(listener);
  // Linux inet_csk_listen_stop: what nobody has accepted is reset, what is half open forgotten.
  for (const socket of [...host.openSockets()]) {
    if (socket.listener !== listener || socket.isAccepted) continue;
    if (socket.state === 'SYN-RECEIVED') host.remove(socket);
    else tcp.abort(socket);
  }
}
