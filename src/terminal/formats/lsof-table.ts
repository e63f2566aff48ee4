/**
 * What `lsof` (4.95.0) prints: one line for each open file, columns as wide as their widest cell.
 * `-F` has its own shape, in lsof-fields.ts.
 */

import type { Naming, SocketEntryState, SocketEntry } from './socket-entry.ts';
import { isWildcard } from './socket-entry.ts';

export interface LsofRow {
  readonly command: string;
  readonly pid: number;
  readonly ppid: number;
  readonly user: string;
  readonly uid: number;
  /** `cwd`, `txt`, or a descriptor's number. */
  readonly fd: string | number;
  /** `u` read and write, `r`, `w`, or a space where there is none. */
  readonly mode: string;
  readonly type: string;
  readonly device: string;
  readonly sizeOrOffset: string;
  readonly node: string;
  readonly name: string;
  /** Of a socket: its state (empty for UDP) and queues, which `-T` chooses from. */
  readonly tcp?: { readonly state: string; readonly receive: number; readonly send: number };
}

const stateNames: Readonly<Record<SocketEntryState, string>> = {
  LISTEN: 'LISTEN',
  'SYN-SENT': 'SYN_SENT',
  'SYN-RECV': 'SYN_RCDV',
  ESTAB: 'ESTABLISHED',
  'FIN-WAIT-1': 'FIN_WAIT1',
  'FIN-WAIT-2': 'FIN_WAIT2',
  'CLOSE-WAIT': 'CLOSE_WAIT',
  CLOSING: 'CLOSING',
  'LAST-ACK': 'LAST_ACK',
  'TIME-WAIT': 'TIME_WAIT',
  UNCONN: '',
};

export const lsofTcpStates: readonly string[] = Object.values(stateNames).filter(
  (name) => name !== '',
);

export function lsofStateName(state: SocketEntryState): string {
  return stateNames[state];
}

/** The line of a socket in one of the processes that hold it. */
export function lsofRowOfSocket(
  socket: SocketEntry,
  holder: Pick<LsofRow, 'command' | 'pid' | 'ppid' | 'user' | 'uid'> & { readonly fd: number },
  naming: Naming,
): LsofRow {
  return {
    ...holder,
    mode: 'u',
    type: socket.family === 6 ? 'IPv6' : 'IPv4',
    device: String(socket.inode),
    sizeOrOffset: '0t0',
    node: socket.protocol.toUpperCase(),
    name: socketName(socket, naming),
    tcp: {
      state: socket.protocol === 'udp' ? '' : stateNames[socket.state],
      receive: socket.recvQ,
      send: socket.state === 'LISTEN' ? 0 : socket.sendQ,
    },
  };
}

function socketName(socket: SocketEntry, naming: Naming): string {
  const local = endpoint(socket.localAddress, socket.localPort, socket, naming);
  if (socket.remotePort === 0) return local;
  return `${local}->${endpoint(socket.remoteAddress, socket.remotePort, socket, naming)}`;
}

function endpoint(address: string, port: number, socket: SocketEntry, naming: Naming): string {
  const portText = port === 0 ? '*' : naming.port(port, socket.protocol);
  if (isWildcard(address)) return `*:${portText}`;
  const host = naming.host(address);
  return host.includes(':') ? `[${host}]:${portText}` : `${host}:${portText}`;
}

/** No column is narrower than its title; a command is not cut shorter than that either. */
const shortestCommand = 'COMMAND'.length;

export interface LsofTableOptions {
  /** 0 for the whole name (`+c0`). */
  readonly commandWidth: number;
  /** With no selection lsof lists tasks too, and has two columns for them. */
  readonly withTasks: boolean;
  readonly withParent: boolean;
  readonly withGroup: boolean;
  readonly numericUsers: boolean;
  /** `-o`: offsets only; `-s`: sizes only, which sockets have none of. */
  readonly only: 'offset' | 'size' | undefined;
  /** Letters of `-T`: `s` the state, `q` the queues. */
  readonly tcpInfo: string;
}

interface TableColumn {
  readonly title: string;
  readonly cell: (row: LsofRow) => string;
  readonly align: 'left' | 'right';
  readonly least?: number;
}

export function formatLsof(rows: readonly LsofRow[], options: LsofTableOptions): string {
  const cut =
    options.commandWidth === 0 ? Infinity : Math.max(shortestCommand, options.commandWidth);
  const right = (title: string, cell: TableColumn['cell'], least = 0): TableColumn => ({
    title,
    cell,
    align: 'right',
    least,
  });
  const columns: readonly TableColumn[] = [
    { title: 'COMMAND', cell: (row) => row.command.slice(0, cut), align: 'left' },
    right('PID', (row) => String(row.pid), 5),
    ...(options.withTasks
      ? [right('TID', () => '', 5), { title: 'TASKCMD  ', cell: () => '', align: 'left' } as const]
      : []),
    ...(options.withGroup ? [right('PGID', (row) => String(row.pid), 5)] : []),
    ...(options.withParent ? [right('PPID', (row) => String(row.ppid), 5)] : []),
    options.numericUsers
      ? right('USER', (row) => String(row.uid), 8)
      : right('USER', (row) => row.user),
    { title: '  FD  ', cell: (row) => `${String(row.fd).padStart(4)}${row.mode} `, align: 'left' },
    right('TYPE', (row) => row.type),
    right('DEVICE', (row) => row.device),
    options.only === 'size'
      ? right('SIZE', (row) => (row.sizeOrOffset.startsWith('0t') ? '' : row.sizeOrOffset))
      : right(options.only === 'offset' ? 'OFFSET' : 'SIZE/OFF', (row) => row.sizeOrOffset),
    right('NODE', (row) => row.node),
  ];
  const widths = columns.map(({ title, cell, least = 0 }) =>
    rows.reduce((width, row) => Math.max(width, cell(row).length), Math.max(title.length, least)),
  );
  const line = (cells: readonly string[], name: string) =>
    `${cells.map((cell, at) => (columns[at]?.align === 'left' ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' ')} ${name}\n`;
  const head = line(
    columns.map((column) => column.title),
    'NAME',
  );
  return (
    head +
    rows
      .map((row) =>
        line(
          columns.map((column) => column.cell(row)),
          row.name + tcpText(row, options.tcpInfo),
        ),
      )
      .join('')
  );
}

/** What `-T` adds to a socket's name; for UDP, which has no state, only the blank in front. */
function tcpText(row: LsofRow, letters: string): string {
  if (row.tcp === undefined || letters === '') return '';
  const { state, receive, send } = row.tcp;
  const parts = [
    ...(letters.includes('s') && state !== '' ? [state] : []),
    ...(letters.includes('q') ? [`QR=${receive}`, `QS=${send}`] : []),
  ];
  return parts.length === 0 ? ' ' : ` (${parts.join(' ')})`;
}
