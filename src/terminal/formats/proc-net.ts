/**
 * /proc/net/tcp, /proc/net/udp and /proc/net/sockstat as the kernel writes them
 * (net/ipv4/tcp_ipv4.c, udp.c, proc.c): hexadecimal, addresses in memory order of a little-endian
 * machine. Kernel pointers are zeros, as for a reader without CAP_SYSLOG.
 */

import type { SocketCounters } from './ss-table.ts';
import type { RowState, SocketRow } from './socket-row.ts';

/** include/net/tcp_states.h; a UDP socket without a peer is in TCP_CLOSE. */
const stateNumbers: Readonly<Record<RowState, number>> = {
  ESTAB: 1,
  'SYN-SENT': 2,
  'SYN-RECV': 3,
  'FIN-WAIT-1': 4,
  'FIN-WAIT-2': 5,
  'TIME-WAIT': 6,
  UNCONN: 7,
  'CLOSE-WAIT': 8,
  'LAST-ACK': 9,
  LISTEN: 10,
  CLOSING: 11,
};

const head =
  'sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const tcpLineWidth = 149;
const udpLineWidth = 127;

export function formatProcNetTcp(rows: readonly SocketRow[]): string {
  const lines = rows
    .filter((row) => row.protocol === 'tcp' && row.family === 4)
    .map((row, index) =>
      `${String(index).padStart(4)}: ${common(row)}${tcpTail(row)}`.padEnd(tcpLineWidth),
    );
  return [`  ${head}`.padEnd(tcpLineWidth), ...lines].map((line) => `${line}\n`).join('');
}

export function formatProcNetUdp(rows: readonly SocketRow[]): string {
  const lines = rows
    .filter((row) => row.protocol === 'udp' && row.family === 4)
    .map((row) =>
      `${String(row.localPort).padStart(5)}: ${common(row)} 2 0000000000000000 0`.padEnd(
        udpLineWidth,
      ),
    );
  return [`   ${head} ref pointer drops`.padEnd(udpLineWidth), ...lines]
    .map((line) => `${line}\n`)
    .join('');
}

/** Clock ticks a second as /proc counts them (USER_HZ). */
const ticksPerSecond = 100;

function common(row: SocketRow): string {
  const isTimeWait = row.state === 'TIME-WAIT';
  const timerKind =
    row.timer === null ? 0 : isTimeWait ? 3 : row.timer.kind === 'keepalive' ? 2 : 1;
  const when = row.timer === null ? 0 : Math.floor((row.timer.ms / 1000) * ticksPerSecond);
  return (
    `${hexEndpoint(row.localAddress, row.localPort)} ${hexEndpoint(row.remoteAddress, row.remotePort)} ` +
    `${hex(stateNumbers[row.state], 2)} ${hex(row.state === 'LISTEN' ? 0 : row.sendQ, 8)}:${hex(row.recvQ, 8)} ` +
    `${hex(timerKind, 2)}:${hex(when, 8)} ${hex(row.timer?.retries ?? 0, 8)} ` +
    `${String(isTimeWait ? 0 : row.uid).padStart(5)} ${'0'.padStart(8)} ${isTimeWait ? 0 : row.inode}`
  );
}

function tcpTail(row: SocketRow): string {
  const pointer = '0000000000000000';
  if (row.state === 'TIME-WAIT') return ` 3 ${pointer}`;
  if (row.state === 'LISTEN') return ` 1 ${pointer} 100 0 0 10 0`;
  return ` 1 ${pointer} 20 0 0 10 -1`;
}

function hexEndpoint(address: string, port: number): string {
  const bytes = address.split('.').map(Number).reverse();
  return `${bytes.map((byte) => hex(byte, 2)).join('')}:${hex(port, 4)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

export function formatSockstat(counters: SocketCounters): string {
  return (
    `sockets: used ${counters.used}\n` +
    `TCP: inuse ${counters.tcp4} orphan ${counters.orphaned} tw ${counters.timeWait} alloc ${counters.tcpAllocated} mem 0\n` +
    `UDP: inuse ${counters.udp4} mem 0\nUDPLITE: inuse 0\nRAW: inuse 0\nFRAG: inuse 0 memory 0\n`
  );
}
