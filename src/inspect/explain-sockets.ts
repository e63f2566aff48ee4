/**
 * What pasted sockets mean: who listens, who opened what, and how full the ephemeral range is
 * towards each destination.
 */

import type { PastedEndpoint, PastedSocket } from './pasted-socket.ts';

/** `unsure`: neither side's port tells; the page says so rather than guess. */
export type Side = 'listening' | 'client' | 'server' | 'unsure';

export interface ExplainedSocket {
  readonly row: PastedSocket;
  readonly side: Side;
  /** The number that names the service: the listener's, or the server side's; null if unknown. */
  readonly servicePort: number | null;
  /** The client's port where this machine is the client. */
  readonly clientPort: number | null;
}

/** Connections from one local address to one destination share one pool of ports. */
export interface DestinationUse {
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Established: both sides may send. */
  readonly open: number;
  /** Still being opened or closed, or in a state that was not read; the port is taken all the same. */
  readonly other: number;
  readonly timeWait: number;
}

export interface Explanation {
  readonly sockets: readonly ExplainedSocket[];
  readonly timeWait: number;
  /** Busiest first; TCP where this machine is the client. */
  readonly destinations: readonly DestinationUse[];
}

/**
 * @param rows as `readPaste` gave them.
 * @param ephemeral the machine's automatic range, inclusive; decides who opened a connection where
 *   no listener in the paste does.
 */
export function explainSockets(
  rows: readonly PastedSocket[],
  ephemeral: readonly [low: number, high: number],
): Explanation {
  const listening = new Set<string>();
  for (const { protocol, state, local } of rows) {
    if (state === 'LISTEN') listening.add(`${protocol} ${portKey(local)}`);
  }
  const isEphemeral = (end: PastedEndpoint | null): boolean =>
    end?.port != null && end.port >= ephemeral[0] && end.port <= ephemeral[1];

  const sockets = rows.map((row): ExplainedSocket => {
    const side = sideOf(row, listening, isEphemeral);
    const servicePort =
      side === 'client' ? (row.remote?.port ?? null) : side === 'unsure' ? null : row.local.port;
    return { row, side, servicePort, clientPort: side === 'client' ? row.local.port : null };
  });
  return {
    sockets,
    timeWait: rows.filter((row) => row.state === 'TIME-WAIT').length,
    destinations: countDestinations(sockets),
  };
}

function portKey(end: PastedEndpoint): string {
  return String(end.port ?? end.service ?? '*');
}

function sideOf(
  row: PastedSocket,
  listening: ReadonlySet<string>,
  isEphemeral: (end: PastedEndpoint | null) => boolean,
): Side {
  const { protocol, state, local, remote } = row;
  const hasPeer = remote !== null && (remote.port !== null || remote.service !== null);
  if (state === 'LISTEN') return 'listening';
  if (protocol === 'udp' && !hasPeer) return isEphemeral(local) ? 'client' : 'listening';
  if (!hasPeer) return 'unsure';
  if (state === 'SYN-SENT') return 'client';
  if (state === 'SYN-RECEIVED') return 'server';
  if (listening.has(`${protocol} ${portKey(local)}`)) return 'server';
  if (remote.service !== null && local.port !== null) return 'client';
  if (local.service !== null && remote.port !== null) return 'server';
  if (isEphemeral(local) && !isEphemeral(remote)) return 'client';
  if (isEphemeral(remote) && !isEphemeral(local)) return 'server';
  if (local.port !== null && remote.port !== null) {
    if (remote.port < 1024 && local.port >= 1024) return 'client';
    if (local.port < 1024 && remote.port >= 1024) return 'server';
  }
  return 'unsure';
}

/** IPv4 seen by a socket of IPv6 (`::ffff:10.0.0.2`) shares its ports with IPv4. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}

function countDestinations(sockets: readonly ExplainedSocket[]): readonly DestinationUse[] {
  const uses = new Map<string, { -readonly [key in keyof DestinationUse]: DestinationUse[key] }>();
  for (const { row, side } of sockets) {
    if (side !== 'client' || row.protocol !== 'tcp' || row.remote?.port == null) continue;
    const [localAddress, remoteAddress] = [plain(row.local.address), plain(row.remote.address)];
    const key = `${localAddress} ${remoteAddress} ${row.remote.port}`;
    const use = uses.get(key) ?? {
      localAddress,
      remoteAddress,
      remotePort: row.remote.port,
      open: 0,
      other: 0,
      timeWait: 0,
    };
    if (row.state === 'TIME-WAIT') use.timeWait += 1;
    else if (row.state === 'ESTABLISHED') use.open += 1;
    else use.other += 1;
    uses.set(key, use);
  }
  return [...uses.values()].sort((a, b) => portsTaken(b) - portsTaken(a));
}

/** How many ports of the pool a destination takes, whatever the state of each. */
export function portsTaken({ open, other, timeWait }: DestinationUse): number {
  return open + other + timeWait;
}

/** `TCP ESTABLISHED`: what a filter by state goes by. */
export function stateOf({ row }: ExplainedSocket): string {
  return `${row.protocol.toUpperCase()} ${row.state}`;
}

/** The states that there are, with the number of sockets in each; most first. */
export function countStates(
  sockets: readonly ExplainedSocket[],
): readonly (readonly [state: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const socket of sockets) {
    const state = stateOf(socket);
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}
