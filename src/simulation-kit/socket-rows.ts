/**
 * Sockets as `ss -tan` lists them: the state in its words, local and peer `Address:Port`, and for a
 * socket that ends by itself the seconds left (`ss -o`: `timer:(timewait,58sec,0)`).
 *
 * Leaves out Recv-Q and Send-Q. Order: listeners by port, then the newest first, so that a new
 * connection is in sight; the real tool's order means nothing.
 */

import { bracketed } from './endpoint.ts';
import type { ReplaySocket } from '../network/trace/replay.ts';
import type { Protocol } from '../network/protocol.ts';

/** So many lines of a table are high enough for a lesson; of more, some are scrolled to. */
export const MOST_LINES = 5;

export interface SocketRow {
  readonly id: number;
  readonly connection: string;
  readonly protocol: Protocol;
  /** `ESTAB`, `TIME-WAIT` … */
  readonly state: string;
  readonly localAddress: string;
  readonly localPort: number;
  /** `0.0.0.0`, `[::]` or `*`, and null for a listener. */
  readonly peerAddress: string;
  readonly peerPort: number | null;
  readonly secondsLeft: number | null;
}

/** `ss` shortens two of the names (iproute2, misc/ss.c: sstate_name). */
const ssWords: Readonly<Record<string, string>> = {
  ESTABLISHED: 'ESTAB',
  'SYN-RECEIVED': 'SYN-RECV',
};

export function ssState(state: string): string {
  return ssWords[state] ?? state;
}

/** Whether `ss` would show a socket; one that is only bound is invisible to it. */
export function isListed({ state }: Pick<ReplaySocket, 'state'>): boolean {
  return state !== 'BOUND' && state !== 'CLOSED';
}

/** The sockets `ss` would show. */
export function visibleSockets(sockets: readonly ReplaySocket[]): readonly ReplaySocket[] {
  return sockets.filter(isListed).sort((a, b) => {
    const listening = Number(b.remotePort === 0) - Number(a.remotePort === 0);
    if (listening !== 0) return listening;
    return a.remotePort === 0 ? a.localPort - b.localPort : b.id - a.id;
  });
}

/** As `ss` writes it: IPv6 in brackets, its wildcard that takes IPv4 too as `*`. */
function shownAddress(address: string, ipv6Only: boolean | undefined): string {
  return ipv6Only === false ? '*' : bracketed(address);
}

/** One line of the table at a moment. */
export function rowOf(socket: ReplaySocket, nowMs: number): SocketRow {
  return {
    id: socket.id,
    connection: socket.connection,
    protocol: socket.protocol,
    state: ssState(socket.state),
    localAddress: shownAddress(socket.localAddress, socket.ipv6Only),
    localPort: socket.localPort,
    peerAddress: shownAddress(
      socket.remoteAddress,
      socket.remotePort === 0 ? socket.ipv6Only : undefined,
    ),
    peerPort: socket.remotePort === 0 ? null : socket.remotePort,
    secondsLeft: secondsLeft(socket, nowMs),
  };
}

/** Until a socket ends by itself; null where it does not. */
function secondsLeft({ expiresAtMs }: ReplaySocket, nowMs: number): number | null {
  return expiresAtMs === null ? null : Math.max(0, Math.ceil((expiresAtMs - nowMs) / 1000));
}

/**
 * Lines of a table at one moment after the other. A line that is the same stays the same object, so that
 * whatever draws it has nothing to do: time alone changes nothing but the whole seconds of a timer.
 */
export function rowMemory(): (sockets: readonly ReplaySocket[], nowMs: number) => SocketRow[] {
  let known = new Map<ReplaySocket, SocketRow>();
  return (sockets, nowMs) => {
    const rows = sockets.map((socket) => {
      const before = known.get(socket);
      if (before?.secondsLeft === secondsLeft(socket, nowMs)) return before;
      return rowOf(socket, nowMs);
    });
    known = new Map(sockets.map((socket, index) => [socket, rows[index] ?? rowOf(socket, nowMs)]));
    return rows;
  };
}

/** How many sockets are in each state, in the order of the table. */
export function countStates(
  sockets: readonly ReplaySocket[],
): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { state } of sockets) {
    const word = ssState(state);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts];
}

/** What a table of sockets says. */
export interface SocketTableWords {
  state: string;
  local: string;
  peer: string;
  actions: string;
  why: string;
  close: string;
  /** Of the row menu, where there is something to do: on its button, in it, and to leave it. */
  menu?: string;
  closeShort?: string;
  menuEnd?: string;
  empty: string;
  secondsLeft: string;
  /** Below a table that shows only some of its lines. */
  more: string;
}
