/** What is unique in a world of its sockets: their ids, and the names of connections. */

import type { Socket } from './socket.ts';

export class SocketNames {
  /** Both ends of the connections that are alive, by name; bound and listening sockets are openers. */
  readonly openers = new Map<string, Socket>();
  readonly answerers = new Map<string, Socket>();
  private lastId = 0;
  private lastName = 0;

  newId(): number {
    return ++this.lastId;
  }

  /** The name wanted, or a new one that begins with `kind`; undefined where a live one has it. */
  nameFor(wanted: string | undefined, kind: string): string | undefined {
    if (wanted !== undefined) return this.openers.has(wanted) ? undefined : wanted;
    for (;;) {
      const name = `${kind}-${++this.lastName}`;
      if (!this.openers.has(name)) return name;
    }
  }

  /** From now on the socket is found by its name. */
  add(socket: Socket): void {
    this.side(socket).set(socket.name, socket);
  }

  forget(socket: Socket): void {
    const side = this.side(socket);
    if (side.get(socket.name) === socket) side.delete(socket.name);
  }

  private side(socket: Socket): Map<string, Socket> {
    return socket.isOpener ? this.openers : this.answerers;
  }
}
