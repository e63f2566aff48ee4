/** The engine's sockets as the entries that ss, lsof, netstat and /proc/net lay out. */

import type { SocketInfo, SocketOwner } from '../../network/world.ts';
import type { SocketCounters } from '../formats/ss-table.ts';
import type { SocketEntryState, SocketEntry } from '../formats/socket-entry.ts';
import { plainAddress } from './address-texts.ts';

/** Inodes begin somewhere; only their being different matters. */
const firstInode = 20_000;

const rowStates: Readonly<Record<string, SocketEntryState>> = {
  LISTEN: 'LISTEN',
  'SYN-SENT': 'SYN-SENT',
  'SYN-RECEIVED': 'SYN-RECV',
  ESTABLISHED: 'ESTAB',
  ESTAB: 'ESTAB',
  'FIN-WAIT-1': 'FIN-WAIT-1',
  'FIN-WAIT-2': 'FIN-WAIT-2',
  'CLOSE-WAIT': 'CLOSE-WAIT',
  CLOSING: 'CLOSING',
  'LAST-ACK': 'LAST-ACK',
  'TIME-WAIT': 'TIME-WAIT',
  UNCONN: 'UNCONN',
};

/**
 * A TCP socket that is bound and neither listens nor is connected is in no table of the kernel's:
 * no tool shows it, though it holds its port (measured with iproute2 6.1 and lsof 4.95).
 */
export function toSocketEntries(sockets: readonly SocketInfo[], nowMs: number): SocketEntry[] {
  const taken = new Set<string>();
  return sockets.flatMap((socket) => {
    const state = rowStates[socket.state];
    return state === undefined ? [] : [toRow(socket, state, nowMs, taken)];
  });
}

/** A connection that a server has accepted has its listener's owner, and the next free descriptor. */
function withOwnDescriptor(owner: SocketOwner, taken: Set<string>): SocketOwner {
  let { fd } = owner;
  while (taken.has(`${owner.pid}/${fd}`)) fd += 1;
  taken.add(`${owner.pid}/${fd}`);
  return fd === owner.fd ? owner : { ...owner, fd };
}

function toRow(
  socket: SocketInfo,
  state: SocketEntryState,
  nowMs: number,
  taken: Set<string>,
): SocketEntry {
  return {
    protocol: socket.protocol,
    family: socket.family,
    state,
    recvQ: socket.recvQ,
    sendQ: socket.sendQ,
    localAddress: socket.localAddress,
    localPort: socket.localPort,
    remoteAddress: socket.remoteAddress,
    remotePort: socket.remotePort,
    inode: firstInode + socket.id,
    uid: socket.owner?.uid ?? 0,
    cookie: socket.id,
    timer:
      socket.expiresAtMs === null
        ? null
        : { kind: 'timewait', ms: Math.max(0, socket.expiresAtMs - nowMs), retries: 0 },
    ...(socket.family === 6 && socket.remotePort === 0 && { isV6Only: isV6Only(socket) }),
    owners: socket.owner === null ? [] : [withOwnDescriptor(socket.owner, taken)],
  };
}

/** On one IPv6 address it is (Linux __inet6_bind), on an IPv4-mapped one it cannot be. */
function isV6Only({ ipv6Only, localAddress }: SocketInfo): boolean {
  return ipv6Only ?? plainAddress(localAddress) === localAddress;
}

export function countSockets(sockets: readonly SocketInfo[]): SocketCounters {
  const tcp = sockets.filter((socket) => socket.protocol === 'tcp');
  const udp = sockets.filter((socket) => socket.protocol === 'udp' && socket.state in rowStates);
  const timeWait = tcp.filter((socket) => socket.state === 'TIME-WAIT').length;
  const isAlive = (socket: SocketInfo) => socket.state in rowStates && socket.state !== 'TIME-WAIT';
  const ofFamily = (list: readonly SocketInfo[], family: 4 | 6) =>
    list.filter((socket) => isAlive(socket) && socket.family === family).length;
  return {
    used: sockets.length - timeWait,
    tcpAllocated: tcp.length - timeWait,
    tcp4: ofFamily(tcp, 4),
    tcp6: ofFamily(tcp, 6),
    established: tcp.filter(
      (socket) => socket.state === 'ESTABLISHED' || socket.state === 'CLOSE-WAIT',
    ).length,
    orphaned: 0,
    timeWait,
    udp4: ofFamily(udp, 4),
    udp6: ofFamily(udp, 6),
  };
}
