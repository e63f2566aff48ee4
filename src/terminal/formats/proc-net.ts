/**
 * /proc/net/tcp, /proc/net/udp and /proc/net/sockstat as the kernel writes them
 * (net/ipv4/tcp_ipv4.c, udp.c, proc.c): hexadecimal, addresses in memory order of a little-endian
 * machine. Kernel pointers are zeros, as for a reader without CAP_SYSLOG.
 */

import { addressWords, parseAddress } from '../../network/addresses.ts';
import type { Route } from '../linux/network-config.ts';
import type { SocketCounters } from './ss-table.ts';
import type { SocketEntryState, SocketEntry } from './socket-entry.ts';

/** include/net/tcp_states.h; a UDP socket without a peer is in TCP_CLOSE. */
const stateNumbers: Readonly<Record<SocketEntryState, number>> = {
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
const head6 =
  'sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

export function formatProcNetTcp(rows: readonly SocketEntry[]): string {
  const lines = rows
    .filter((row) => row.protocol === 'tcp' && row.family === 4)
    .map((row, index) =>
      `${String(index).padStart(4)}: ${common(row)}${tcpTail(row)}`.padEnd(tcpLineWidth),
    );
  return [`  ${head}`.padEnd(tcpLineWidth), ...lines].map((line) => `${line}\n`).join('');
}

export function formatProcNetUdp(rows: readonly SocketEntry[]): string {
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

/** The IPv6 files have no blanks at the ends of their lines. */
export function formatProcNetTcp6(rows: readonly SocketEntry[]): string {
  const lines = rows
    .filter((row) => row.protocol === 'tcp' && row.family === 6)
    .map((row, index) => `${String(index).padStart(4)}: ${common(row)}${tcpTail(row)}`);
  return [`  ${head6}`, ...lines].map((line) => `${line}\n`).join('');
}

export function formatProcNetUdp6(rows: readonly SocketEntry[]): string {
  const lines = rows
    .filter((row) => row.protocol === 'udp' && row.family === 6)
    .map((row) => `${String(row.localPort).padStart(5)}: ${common(row)} 2 0000000000000000 0`);
  return [`  ${head6} ref pointer drops`, ...lines].map((line) => `${line}\n`).join('');
}

/** Raw sockets: this machine has none. */
export const procNetRaw = `  ${head} ref pointer drops\n`;

export const procNetArp =
  'IP address       HW type     Flags       HW address            Mask     Device\n';

const routeLineWidth = 127;

export function formatProcNetRoute(routes: readonly Route[]): string {
  const number = (address: string) => hexAddress(address, 4);
  const lines = routes.map(
    (route) =>
      `${route.device}\t${number(route.network)}\t${number(route.gateway ?? '0.0.0.0')}\t` +
      `${route.gateway === undefined ? '0001' : '0003'}\t0\t0\t0\t${number(route.mask)}\t0\t0\t0`,
  );
  const title =
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT';
  return [title, ...lines].map((line) => `${line.padEnd(routeLineWidth)}\n`).join('');
}

/** Clock ticks a second as /proc counts them (USER_HZ). */
const ticksPerSecond = 100;

function common(row: SocketEntry): string {
  const isTimeWait = isRemnant(row);
  const timerKind =
    row.timer === null ? 0 : isTimeWait ? 3 : row.timer.kind === 'keepalive' ? 2 : 1;
  const when = row.timer === null ? 0 : Math.floor((row.timer.ms / 1000) * ticksPerSecond);
  return (
    `${hexEndpoint(row.localAddress, row.localPort, row.family)} ${hexEndpoint(row.remoteAddress, row.remotePort, row.family)} ` +
    `${hex(stateNumbers[row.state], 2)} ${hex(row.state === 'LISTEN' ? 0 : row.sendQ, 8)}:${hex(row.recvQ, 8)} ` +
    `${hex(timerKind, 2)}:${hex(when, 8)} ${hex(row.timer?.retries ?? 0, 8)} ` +
    `${String(isTimeWait ? 0 : row.uid).padStart(5)} ${'0'.padStart(8)} ${isTimeWait ? 0 : row.inode}`
  );
}

/** TIME-WAIT, and FIN-WAIT-2 that nobody holds any more: the kernel keeps little of these. */
function isRemnant(row: SocketEntry): boolean {
  return row.state === 'TIME-WAIT' || (row.state === 'FIN-WAIT-2' && row.owners.length === 0);
}

function tcpTail(row: SocketEntry): string {
  const pointer = '0000000000000000';
  if (isRemnant(row)) return ` 3 ${pointer}`;
  // Each connection that waits to be accepted holds on to its listener.
  if (row.state === 'LISTEN') return ` ${1 + row.recvQ} ${pointer} 100 0 0 10 0`;
  return ` 1 ${pointer} 20 0 0 10 -1`;
}

function hexEndpoint(address: string, port: number, family: 4 | 6): string {
  return `${hexAddress(address, family)}:${hex(port, 4)}`;
}

/** Four bytes at a time, each group turned round. */
function hexAddress(address: string, family: 4 | 6): string {
  const words = addressWords(parseAddress(address) ?? 0);
  const bytes = (family === 4 ? words.slice(0, 1) : words).flatMap((word) =>
    [24, 16, 8, 0].map((shift) => (word >>> shift) & 255),
  );
  let text = '';
  for (let at = 0; at < bytes.length; at += 4)
    for (const byte of bytes.slice(at, at + 4).reverse()) text += hex(byte, 2);
  return text;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}

export function formatSockstat6(counters: SocketCounters): string {
  return `TCP6: inuse ${counters.tcp6}\nUDP6: inuse ${counters.udp6}\nUDPLITE6: inuse 0\nRAW6: inuse 0\nFRAG6: inuse 0 memory 0\n`;
}

export function formatSockstat(counters: SocketCounters): string {
  return (
    `sockets: used ${counters.used}\n` +
    `TCP: inuse ${counters.tcp4} orphan ${counters.orphaned} tw ${counters.timeWait} alloc ${counters.tcpAllocated} mem 0\n` +
    `UDP: inuse ${counters.udp4} mem 0\nUDPLITE: inuse 0\nRAW: inuse 0\nFRAG: inuse 0 memory 0\n`
  );
}
