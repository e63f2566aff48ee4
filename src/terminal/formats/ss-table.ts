/**
 * What `ss` prints (iproute2 6.1.0): the table, the timers, the summary. Recorded outputs are in
 * tests/golden/terminal. Left out: netlink, packet and Unix sockets, -b, -Z.
 */

import { layOutColumns, type Column } from './columns.ts';
import { isWildcard, type Naming, type EntryTimer, type SocketEntry } from './socket-entry.ts';

export interface SsTableOptions {
  readonly showNetid: boolean;
  readonly showState: boolean;
  readonly showProcesses: boolean;
  readonly showTimers: boolean;
  readonly showExtended: boolean;
  readonly showMemory: boolean;
  /** `-i`: what follows of a TCP socket. */
  readonly info?: (row: SocketEntry) => string;
  /** One line a socket (`-O`), even where details would begin a new one. */
  readonly isOneLine: boolean;
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

export function formatSsTable(rows: readonly SocketEntry[], options: SsTableOptions): string {
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
    address(row, row.localAddress, options.naming),
    row.localPort === 0 ? '*' : options.naming.port(row.localPort, row.protocol),
    address(row, row.remoteAddress, options.naming),
    row.remotePort === 0 ? '*' : options.naming.port(row.remotePort, row.protocol),
    details(row, options),
  ]);
  return layOutColumns(columns, cells, options);
}

/** An IPv6 wildcard that takes IPv4 connections too is `*`. */
function address(row: SocketEntry, value: string, naming: Naming): string {
  if (isWildcard(value))
    return row.family === 4 ? '0.0.0.0:' : row.isV6Only === false ? '*:' : '[::]:';
  const name = naming.host(value);
  return name.includes(':') ? `[${name}]:` : `${name}:`;
}

/**
 * TIME-WAIT, FIN-WAIT-2 that nobody holds any more, and what is being destroyed (`-E`): the kernel keeps
 * little of these.
 */
function isRemnant({ inode, sendQ, state }: SocketEntry): boolean {
  if (state === 'TIME-WAIT') return true;
  return inode === 0 && (state === 'FIN-WAIT-2' || state === 'UNCONN' || sendQ < 0);
}

function details(row: SocketEntry, options: SsTableOptions): string {
  let text = '';
  if (options.showProcesses && row.owners.length > 0) {
    // ss puts each holder that it finds in /proc in front of those it has.
    const users = [...row.owners]
      .sort((one, other) => other.pid - one.pid || other.fd - one.fd)
      .map((owner) => `("${owner.command}",pid=${owner.pid},fd=${owner.fd})`);
    text += ` users:(${users.join(',')})`;
  }
  if (options.showTimers && row.timer !== null) text += ` timer:${formatTimer(row.timer)}`;
  if (options.showExtended) text += extended(row);
  const { info } = options;
  const showsInfo = info !== undefined && row.protocol !== 'udp';
  if ((options.showMemory || showsInfo) && !options.isOneLine) text += '\n\t';
  if (options.showMemory) {
    if (!isRemnant(row)) text += ` skmem:(${memory(row)})`;
  }
  return showsInfo ? text + info(row) : text;
}

function extended(row: SocketEntry): string {
  let text = row.uid === 0 || isRemnant(row) ? '' : ` uid:${row.uid}`;
  text += ` ino:${isRemnant(row) ? 0 : row.inode} sk:${row.cookie.toString(16)}`;
  if (isRemnant(row)) return text;
  text += ' cgroup:/';
  if (row.isV6Only !== undefined) text += ` v6only:${row.isV6Only ? 1 : 0}`;
  return `${text} ${directions(row)}`;
}

const noMoreReceived: ReadonlySet<string> = new Set(['CLOSE-WAIT', 'LAST-ACK', 'CLOSING']);
const noMoreSent: ReadonlySet<string> = new Set([
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'LAST-ACK',
  'CLOSING',
]);

/** `<->`, with a dash for each direction that is shut down. */
function directions(row: SocketEntry): string {
  const isOrphan = row.state.startsWith('FIN-WAIT') && row.owners.length === 0;
  const in_ = isOrphan || noMoreReceived.has(row.state) ? '-' : '<';
  return `${in_}-${noMoreSent.has(row.state) ? '-' : '>'}`;
}

/**
 * `skmem` with the kernel's defaults: tcp_rmem, tcp_wmem, net.core.rmem_default and wmem_default
 * (Linux 6.x, Documentation/networking/ip-sysctl.rst). Measured over loopback: a connected socket's
 * send buffer has been tuned up, and what waits as one segment is charged 832 bytes more than it is.
 */
function memory(row: SocketEntry): string {
  const isUdp = row.protocol === 'udp';
  const receive = isUdp ? 212_992 : 131_072;
  const send = isUdp ? 212_992 : row.state === 'LISTEN' ? 16_384 : 2_626_560;
  const held = row.state === 'LISTEN' ? 0 : charged(row);
  const spare = held === 0 ? 0 : 4096 - (held % 4096);
  return `r${held},rb${receive},t0,tb${send},f${spare},w0,o0,bl0,d0`;
}

/** UDP's queue is counted charged already; TCP's counts the FIN as a byte. */
function charged(row: SocketEntry): number {
  if (row.protocol === 'udp' || row.recvQ === 0) return row.recvQ;
  return 832 + row.recvQ - (row.state === 'CLOSE-WAIT' ? 1 : 0);
}

function formatTimer(timer: EntryTimer): string {
  return `(${timer.kind},${formatMilliseconds(timer.ms)},${timer.retries})`;
}

/** As print_ms_timer in misc/ss.c: `59sec`, `1min59sec`, `119min`, `5.200ms`, `040ms`. */
function formatMilliseconds(ms: number): string {
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
