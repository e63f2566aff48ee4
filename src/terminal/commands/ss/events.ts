/** `ss -E`: each socket as the kernel destroys it (sock_diag(7), SKNLGRP_INET_*_DESTROY). */

import { parseEndpoint, formatAddress } from '../../../network/addresses.ts';
import type { StateEvent, TraceEvent } from '../../../network/trace/trace.ts';
import type { SocketEntry } from '../../formats/socket-entry.ts';
import { printed, startOwner, type CommandContext, type CommandResult } from '../command.ts';

/** How long it waits before it shows what has come. */
const listeningMs = 100;

/**
 * Shows sockets until it is told to end.
 * @param layOut the lines of one socket; the heading only with the first
 */
export async function followSockets(
  context: CommandContext,
  isWanted: (row: SocketEntry) => boolean,
  layOut: (row: SocketEntry, withHeader: boolean) => string,
): Promise<CommandResult> {
  const { end } = startOwner(context, 'ss', { kind: 'idle' });
  const gone = new Set<number>();
  let isFirst = true;
  let waiting: SocketEntry[] = [];
  const stop = context.machine.world.listen((event) => {
    const row = destroyed(event, context.host.name, gone);
    if (row !== null && isWanted(row)) waiting.push(row);
  });
  const show = () => {
    for (const row of waiting) {
      context.terminal.write(layOut(row, isFirst));
      isFirst = false;
    }
    waiting = [];
  };
  try {
    while (!context.signal.aborted) {
      show();
      // In the foreground nothing else lets time pass.
      if (context.pace.isDriving) await context.pace.pass(listeningMs, context.signal);
      else await context.pace.idle(context.signal);
    }
    show();
  } finally {
    stop();
    end();
  }
  return printed('', 130);
}

/**
 * What is left of a socket at its end. A full socket makes place for a smaller one in TIME-WAIT, and in
 * FIN-WAIT-2 when nobody holds it any more (Linux tcp_time_wait), and is destroyed then, not later.
 */
function destroyed(event: TraceEvent, host: string, gone: Set<number>): SocketEntry | null {
  if (event.event !== 'state' || event.host !== host) return null;
  const { socket, state, was } = event;
  if (state === 'CLOSED') {
    const wasGone = gone.delete(socket);
    // A connection that was never made has no socket yet (Linux request_sock).
    return wasGone || was === 'SYN-RECEIVED' ? null : rowOf(event);
  }
  const isLeft =
    state === 'TIME-WAIT' || (state === 'FIN-WAIT-2' && event.expiresAtMs !== undefined);
  if (!isLeft || gone.has(socket)) return null;
  gone.add(socket);
  return rowOf(event);
}

function rowOf(event: StateEvent): SocketEntry {
  const { local, protocol, remote, socket, was } = event;
  const here = parseEndpoint(local);
  const there = parseEndpoint(remote);
  const isSix = local.startsWith('[');
  const isUdp = protocol === 'udp';
  return {
    protocol,
    family: isSix ? 6 : 4,
    state: isUdp && was === 'ESTAB' ? 'ESTAB' : 'UNCONN',
    recvQ: 0,
    // As the kernel counts a socket that is being taken apart: of UDP one less than nothing.
    sendQ: isUdp ? -1 : was === 'SYN-SENT' ? 1 : 0,
    localAddress: here === undefined ? '0.0.0.0' : formatAddress(here.address),
    localPort: here?.port ?? 0,
    remoteAddress: there === undefined ? (isSix ? '::' : '0.0.0.0') : formatAddress(there.address),
    remotePort: there?.port ?? 0,
    inode: 0,
    uid: 0,
    cookie: socket,
    timer: null,
    ...(event.ipv6Only !== undefined && { isV6Only: event.ipv6Only }),
    owners: [],
  };
}
