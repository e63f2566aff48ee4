/** What the picture of the room shows: the four ways from a client through the router to a server. */

import type { Room } from './nat-room.ts';
import { addressOf, CLIENT_PORT, clients, servers, type Client, type Server } from './setup.ts';

export interface Lane {
  readonly client: Client;
  readonly server: Server;
  /** The client's socket in the words of `ss`; null where it has none. */
  readonly clientState: string | null;
  /** The socket of this connection on the server; null where it has none. */
  readonly serverState: string | null;
  /** The port that stands for the client outside; null where the router's table has no entry. */
  readonly outsidePort: number | null;
  /** Nothing there, an entry with the client's port, one with another port, or a SYN that the router drops. */
  readonly kind: 'idle' | 'kept' | 'moved' | 'full';
  /** Whether the client has a socket that can be closed. */
  readonly isOpen: boolean;
}

/** The lanes of a room from top to bottom: by client, then by server. */
export function lanesOf({ rows, sockets }: Pick<Room, 'rows' | 'sockets'>): readonly Lane[] {
  return clients.flatMap((client) =>
    servers.map((server) => {
      const inside = `${addressOf[client]}:${CLIENT_PORT}`;
      const entry = rows.find((row) => row.inside === inside && row.remote === server);
      const clientState =
        sockets.find(({ host, peer }) => host === client && peer === server)?.state ?? null;
      const serverState =
        sockets.find(({ local, peer }) => local === server && peer === entry?.outside)?.state ??
        null;
      const outsidePort = entry === undefined ? null : Number(entry.outside.split(':')[1]);
      return {
        client,
        server,
        clientState,
        serverState,
        outsidePort,
        kind: kindOf(outsidePort, clientState),
        isOpen: clientState !== null && clientState !== 'TIME-WAIT',
      };
    }),
  );
}

function kindOf(outsidePort: number | null, clientState: string | null): Lane['kind'] {
  if (outsidePort !== null) return outsidePort === CLIENT_PORT ? 'kept' : 'moved';
  return clientState === 'SYN-SENT' ? 'full' : 'idle';
}
