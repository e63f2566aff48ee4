/** What waits in the event queue on behalf of a socket. */

import type { Queued } from '../data-structures/earliest-first.ts';
import type { Socket } from './socket.ts';

/** A program's own clock: it closes its connection when this comes due. */
export class ProgramCloses implements Queued {
  dueMs = 0;
  order = 0;
  readonly kind = 'program-closes';
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
  }
}

/** A socket's timer: void once it is not the one that the socket has. */
export class SocketTimer implements Queued {
  dueMs = 0;
  order = 0;
  readonly kind = 'socket-timer';
  readonly socket: Socket;

  constructor(socket: Socket) {
    this.socket = socket;
  }
}
