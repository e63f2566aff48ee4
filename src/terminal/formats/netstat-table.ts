/**
 * What `netstat` (net-tools 2.10) prints for TCP and UDP, of the routes and of the interfaces. Left out: Unix
 * sockets. Statistics are in netstat-statistics.ts.
 */

import type { HostCounters } from '../../network/kernel/counters.ts';
import type { Interface, Route } from '../linux/network-config.ts';
import {
  isWildcard,
  type Naming,
  type EntryOwner,
  type SocketEntryState,
  type SocketEntry,
} from './socket-entry.ts';

export interface NetstatOptions {
  /** Which sockets the heading speaks of. */
  readonly which: 'all' | 'listening' | 'connected';
  readonly showPrograms: boolean;
  readonly showTimers: boolean;
  readonly showExtended: boolean;
  readonly isWide: boolean;
  readonly naming: Naming;
  /** Addresses are shown by name, and IPv6's wildcard in brackets. */
  readonly hasNames: boolean;
  userName(uid: number): string;
  programName(owner: EntryOwner): string;
  /** Whose programs the reader may see. */
  readonly mayRead: (uid: number) => boolean;
}

const headings = {
  all: '(servers and established)',
  listening: '(only servers)',
  connected: '(w/o servers)',
} as const;

const stateNames: Readonly<Record<SocketEntryState, string>> = {
  LISTEN: 'LISTEN',
  'SYN-SENT': 'SYN_SENT',
  'SYN-RECV': 'SYN_RECV',
  ESTAB: 'ESTABLISHED',
  'FIN-WAIT-1': 'FIN_WAIT1',
  'FIN-WAIT-2': 'FIN_WAIT2',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  CLOSING: 'CLOSING',
  'LAST-ACK': 'LAST_ACK',
  'TIME-WAIT': 'TIME_WAIT',
  UNCONN: '',
};

/** As the shown width in net-tools: 23 cells an address, port included. */
const addressWidth = 23;

export function formatNetstat(rows: readonly SocketEntry[], options: NetstatOptions): string {
  let head = 'Proto Recv-Q Send-Q Local Address           Foreign Address         State      ';
  if (options.showExtended) head += ' User       Inode     ';
  if (options.showPrograms) head += ' PID/Program name    ';
  if (options.showTimers) head += ' Timer';
  const lines = rows.map((row) => formatRow(row, options));
  return [`Active Internet connections ${headings[options.which]}`, head, ...lines]
    .map((line) => `${line}\n`)
    .join('');
}

function formatRow(row: SocketEntry, options: NetstatOptions): string {
  const name = `${row.protocol}${row.family === 6 ? '6' : ''}`;
  const local = endpoint(row, row.localAddress, row.localPort, options);
  const remote = endpoint(row, row.remoteAddress, row.remotePort, options);
  let line =
    `${name.padEnd(5)} ${String(row.recvQ).padStart(6)} ${String(row.state === 'LISTEN' ? 0 : row.sendQ).padStart(6)} ` +
    `${local.padEnd(addressWidth)} ${remote.padEnd(addressWidth)} ${stateNames[row.state].padEnd(11)}`;
  if (options.showExtended) {
    const inode = row.state === 'TIME-WAIT' ? 0 : row.inode;
    line += ` ${options.userName(row.uid).padEnd(10)} ${String(inode).padEnd(10)}`;
  }
  if (options.showPrograms) line += ` ${program(row, options).padEnd(20)}`;
  if (options.showTimers) line += ` ${timer(row)}`;
  return line;
}

function endpoint(
  row: SocketEntry,
  address: string,
  port: number,
  options: NetstatOptions,
): string {
  const portText = port === 0 ? '*' : options.naming.port(port, row.protocol);
  let host = isWildcard(address)
    ? row.family === 6
      ? options.hasNames
        ? '[::]'
        : '::'
      : '0.0.0.0'
    : options.naming.host(address);
  const room = addressWidth - 1 - portText.length;
  if (!options.isWide && host.length > room) host = host.slice(0, room);
  return `${host}:${portText}`;
}

function program(row: SocketEntry, options: NetstatOptions): string {
  const owner = row.owners.find((candidate) => options.mayRead(candidate.uid));
  return owner === undefined ? '-' : `${owner.pid}/${options.programName(owner)}`.slice(0, 19);
}

function timer(row: SocketEntry): string {
  if (row.timer === null) return 'off (0.00/0/0)';
  return `${row.timer.kind} (${(row.timer.ms / 1000).toFixed(2)}/${row.timer.retries}/0)`;
}

/** The machine has no Unix sockets that could be listed. */
export function formatNoUnixSockets(which: NetstatOptions['which'], showPrograms: boolean): string {
  const programs = showPrograms ? ' PID/Program name    ' : '';
  return `Active UNIX domain sockets ${headings[which]}\nProto RefCnt Flags       Type       State         I-Node  ${programs} Path\n`;
}

/** `netstat -i`. */
export function formatInterfaces(cards: readonly Interface[], counters: HostCounters): string {
  const lines = [...cards]
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ kind, mtu, name }) => {
      const { inPackets, outPackets } = kind === 'loopback' ? counters.lo : counters.eth0;
      const zero = '0'.padStart(6);
      return (
        `${name.slice(0, 15).padEnd(15)} ${String(mtu).padStart(5)} ` +
        `${String(inPackets).padStart(8)} ${zero} ${zero} ${'0'.padEnd(6)} ` +
        `${String(outPackets).padStart(8)} ${zero} ${zero} ${zero} ${kind === 'loopback' ? 'LRU' : 'BMRU'}\n`
      );
    });
  return (
    'Kernel Interface table\n' +
    'Iface             MTU    RX-OK RX-ERR RX-DRP RX-OVR    TX-OK TX-ERR TX-DRP TX-OVR Flg\n' +
    lines.join('')
  );
}

/** `netstat -r`; with `-e` as `route` shows it. Without names, the default route is 0.0.0.0. */
export function formatRoutes(
  routes: readonly Route[],
  options: {
    readonly isExtended: boolean;
    readonly hosts: ((address: string) => string) | null;
  },
): string {
  const { hosts, isExtended } = options;
  const lines = routes.map((route) => {
    const destination =
      hosts !== null && route.destination === 'default' ? 'default' : route.network;
    const gateway =
      route.gateway === undefined ? '0.0.0.0' : (hosts?.(route.gateway) ?? route.gateway);
    const flags = route.gateway === undefined ? 'U' : 'UG';
    const start = `${destination.padEnd(15)} ${gateway.padEnd(15)} ${route.mask.padEnd(15)} `;
    return isExtended
      ? `${start}${flags.padEnd(5)} 0      0        0 ${route.device}`
      : `${start}${flags.padEnd(5)}     0 0          0 ${route.device}`;
  });
  const tail = isExtended ? 'Flags Metric Ref    Use Iface' : 'Flags   MSS Window  irtt Iface';
  return [
    'Kernel IP routing table',
    `Destination     Gateway         Genmask         ${tail}`,
    ...lines,
  ]
    .map((line) => `${line}\n`)
    .join('');
}
