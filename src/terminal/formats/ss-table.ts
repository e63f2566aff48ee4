/**
 * What `ss` prints (iproute2 6.1.0): the table, the timers, the summary. Recorded outputs are in
 * tests/golden/terminal. Left out: netlink, packet and Unix sockets, -i, -m, -b, -Z.
 */

import { layOutColumns, type Column } from './columns.ts';
import { isWildcard, type Naming, type RowTimer, type SocketRow } from './socket-row.ts';

export interface SsTableOptions {
  readonly showNetid: boolean;
  readonly showState: boolean;
  readonly showProcesses: boolean;
  readonly showTimers: boolean;
  readonly showExtended: boolean;
  readonly withHeader: boolean;
  readonly screenColumns: number | undefined;
  readonly naming: Naming;
}

const netid: Column = { header: 'Netid', delimiter: ' ', align: 'left' };
const state: Column = { header: 'State', delimiter: ' ', align: 'left' };
const others: readonly Column[] = [
  { header: 'Recv-Q', delimiter: ' ', align: 'left' },
  { header: 'Send-Q', delimiter: ' ', align: 'left' },
  { header: 'Local Address:', delimiter: ' ', align: 'right' },
  { header: 'Port', delimiter: '', align: 'left' },
  { header: 'Peer Address:', delimiter: ' ', align: 'right' },
  { header: 'Port', delimiter: '', align: 'left' },
  { header: 'Process', delimiter: '', align: 'left' },
];

export function formatSsTable(rows: readonly SocketRow[], options: SsTableOptions): string {
  const columns = [
    ...(options.showNetid ? [netid] : []),
    ...(options.showState ? [state] : []),
    ...others,
  ];
  const cells = rows.map((row) => [
    ...(options.showNetid ? [row.protocol] : []),
    ...(options.showState ? [row.state] : []),
    String(row.recvQ).padEnd(6),
    String(row.sendQ).padEnd(6),
    address(row.localAddress, row.family, options.naming),
    row.localPort === 0 ? '*' : options.naming.port(row.localPort, row.protocol),
    address(row.remoteAddress, row.family, options.naming),
    row.remotePort === 0 ? '*' : options.naming.port(row.remotePort, row.protocol),
    details(row, options),
  ]);
  return layOutColumns(columns, cells, options);
}

function address(value: string, family: 4 | 6, naming: Naming): string {
  if (isWildcard(value)) return family === 6 ? '[::]:' : '0.0.0.0:';
  const name = naming.host(value);
  return name.includes(':') ? `[${name}]:` : `${name}:`;
}

function details(row: SocketRow, options: SsTableOptions): string {
  let text = '';
  if (options.showProcesses && row.owners.length > 0) {
    const users = row.owners.map((owner) => `("${owner.command}",pid=${owner.pid},fd=${owner.fd})`);
    text += ` users:(${users.join(',')})`;
  }
  if (options.showTimers && row.timer !== null) text += ` timer:${formatTimer(row.timer)}`;
  if (options.showExtended) {
    if (row.uid !== 0 && row.state !== 'TIME-WAIT') text += ` uid:${row.uid}`;
    text += ` ino:${row.state === 'TIME-WAIT' ? 0 : row.inode} sk:${row.cookie.toString(16)} cgroup:/ <->`;
  }
  return text;
}

function formatTimer(timer: RowTimer): string {
  return `(${timer.kind},${formatMilliseconds(timer.ms)},${timer.retries})`;
}

/** As print_ms_timer in misc/ss.c: `59sec`, `1min59sec`, `119min`, `5.200ms`, `040ms`. */
export function formatMilliseconds(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  let seconds = Math.floor(ms / 1000) % 60;
  let rest = Math.floor(ms) % 1000;
  let text = '';
  if (minutes > 0) {
    rest = 0;
    text += `${minutes}min`;
    if (minutes > 9) seconds = 0;
  }
  if (seconds > 0) {
    if (seconds > 9) rest = 0;
    text += `${seconds}${rest > 0 ? '.' : 'sec'}`;
  }
  if (rest > 0) text += `${String(rest).padStart(3, '0')}ms`;
  return text;
}

/** The kernel's counters that `ss -s` reads from /proc/net/sockstat and /proc/net/snmp. */
export interface SocketCounters {
  /** All sockets in use, of every kind. */
  readonly used: number;
  /** TCP sockets allocated: also bound ones that neither listen nor are connected. */
  readonly tcpAllocated: number;
  /** TCP sockets with a place in the kernel's tables, TIME-WAIT not counted. */
  readonly tcp4: number;
  readonly tcp6: number;
  readonly established: number;
  readonly orphaned: number;
  readonly timeWait: number;
  readonly udp4: number;
  readonly udp6: number;
}

export function formatSsSummary(counters: SocketCounters): string {
  const { tcp4, tcp6, udp4, udp6, timeWait } = counters;
  const closed = counters.tcpAllocated - (tcp4 + tcp6 - timeWait);
  const line = (name: string, four: number, six: number) =>
    `${name}\t  ${String(four + six).padEnd(9)} ${String(four).padEnd(9)} ${String(six).padEnd(9)}\n`;
  return (
    `Total: ${counters.used}\n` +
    `TCP:   ${counters.tcpAllocated + timeWait} (estab ${counters.established}, closed ${closed}, ` +
    `orphaned ${counters.orphaned}, timewait ${timeWait})\n\n` +
    'Transport Total     IP        IPv6\n' +
    line('RAW', 0, 0) +
    line('UDP', udp4, udp6) +
    line('TCP', tcp4, tcp6) +
    line('INET', tcp4 + udp4, tcp6 + udp6) +
    line('FRAG', 0, 0) +
    '\n'
  );
}
