/** Connections as their two ends see them: the same four numbers, a state on each side. */

import type { ReplaySocket } from '../../network/trace/replay.ts';
import { bracketed } from '../../simulation-kit/endpoint.ts';
import { ssState } from '../../simulation-kit/socket-rows.ts';
import type { Cast } from './session.ts';

export interface TwoEnded {
  /** `address:port` */
  readonly client: string;
  readonly server: string;
  /** In the words of `ss`; null where that end has no socket (any more). */
  readonly clientState: string | null;
  readonly serverState: string | null;
}

type Sockets = ReadonlyMap<string, readonly ReplaySocket[]>;

function connected(sockets: Sockets, host: string): readonly ReplaySocket[] {
  return (sockets.get(host) ?? []).filter((socket) => socket.remotePort !== 0);
}

/** Both ends call one thing by one name, also where one of them sees IPv4 with IPv6's eyes. */
const end = (address: string, port: number): string =>
  `${bracketed(address.replace(/^::ffff:(?=.*\.)/, ''))}:${String(port)}`;
const local = (socket: ReplaySocket): string => end(socket.localAddress, socket.localPort);
const remote = (socket: ReplaySocket): string => end(socket.remoteAddress, socket.remotePort);

/** All connections that at least one end knows. */
export function connectionsOf(cast: Cast, sockets: Sockets): readonly TwoEnded[] {
  const rows = new Map<string, TwoEnded>();
  for (const host of cast.clients) {
    for (const socket of connected(sockets, host.name)) {
      const [client, server] = [local(socket), remote(socket)];
      rows.set(`${client} ${server}`, {
        client,
        server,
        clientState: ssState(socket.state),
        serverState: null,
      });
    }
  }
  for (const host of cast.servers) {
    for (const socket of connected(sockets, host.name)) {
      const [client, server] = [remote(socket), local(socket)];
      const key = `${client} ${server}`;
      rows.set(key, {
        client,
        server,
        clientState: rows.get(key)?.clientState ?? null,
        serverState: ssState(socket.state),
      });
    }
  }
  return [...rows.values()];
}
