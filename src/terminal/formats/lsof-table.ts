/**
 * What `lsof` (4.95.0) prints: one line for each open file, columns as wide as their widest cell.
 * `-F` and `-t` have their own shapes.
 */

import type { Naming, RowState, SocketRow } from './socket-row.ts';
import { isWildcard } from './socket-row.ts';

export interface LsofRow {
  readonly command: string;
  readonly pid: number;
  readonly user: string;
  /** `cwd`, `txt`, or a descriptor's number. */
  readonly fd: string | number;
  /** `u` read and write, `r`, `w`, or a space where there is none. */
  readonly mode: string;
  readonly type: string;
  readonly device: string;
  readonly sizeOrOffset: string;
  readonly node: string;
  readonly name: string;
}

const stateNames: Readonly<Record<RowState, string>> = {
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

export function lsofStateName(state: RowState): string {
  return stateNames[state];
}

/** The lines of a socket: one for each process that holds it. */
export function lsofRowsOfSocket(socket: SocketRow, naming: Naming): LsofRow[] {
  return socket.owners.map((owner) => ({
    command: owner.command,
    pid: owner.pid,
    user: owner.user,
    fd: owner.fd,
    mode: 'u',
    type: socket.family === 6 ? 'IPv6' : 'IPv4',
    device: String(socket.inode),
    sizeOrOffset: '0t0',
    node: socket.protocol.toUpperCase(),
    name: socketName(socket, naming),
  }));
}

function socketName(socket: SocketRow, naming: Naming): string {
  const local = endpoint(socket.localAddress, socket.localPort, socket, naming);
  const remote =
    socket.remotePort === 0
      ? ''
      : `->${endpoint(socket.remoteAddress, socket.remotePort, socket, naming)}`;
  if (socket.protocol === 'udp') return `${local}${remote} `;
  return `${local}${remote} (${stateNames[socket.state]})`;
}

function endpoint(address: string, port: number, socket: SocketRow, naming: Naming): string {
  const portText = port === 0 ? '*' : naming.port(port, socket.protocol);
  if (isWildcard(address)) return `*:${portText}`;
  const host = naming.host(address);
  return host.includes(':') ? `[${host}]:${portText}` : `${host}:${portText}`;
}

/** Without `+c`, lsof cuts a command's name after nine characters. */
const defaultCommandWidth = 9;

export interface LsofOptions {
  /** 0 for the whole name (`+c0`). */
  readonly commandWidth?: number;
  /** With no selection lsof lists tasks too, and has two columns for them. */
  readonly withTasks?: boolean;
}

export function formatLsof(rows: readonly LsofRow[], options: LsofOptions = {}): string {
  const cut = options.commandWidth ?? defaultCommandWidth;
  const command = (row: LsofRow) => (cut === 0 ? row.command : row.command.slice(0, cut));
  const widest = (header: string, cell: (row: LsofRow) => string) =>
    rows.reduce((width, row) => Math.max(width, cell(row).length), header.length);
  const commandWidth = widest('COMMAND', command);
  const pidWidth = Math.max(
    5,
    widest('PID', (row) => String(row.pid)),
  );
  const userWidth = widest('USER', (row) => row.user);
  const typeWidth = widest('TYPE', (row) => row.type);
  const deviceWidth = widest('DEVICE', (row) => row.device);
  const sizeWidth = widest('SIZE/OFF', (row) => row.sizeOrOffset);
  const nodeWidth = widest('NODE', (row) => row.node);
  const task = (id: string, name: string) =>
    options.withTasks ? ` ${id.padStart(5)} ${name.padEnd(9)}` : '';
  const line = (
    cells: Readonly<Record<Exclude<keyof LsofRow, 'mode'>, string>>,
    fdTail: string,
    ids: string,
  ) =>
    `${cells.command.padEnd(commandWidth)} ${cells.pid.padStart(pidWidth)}${ids} ${cells.user.padStart(userWidth)} ` +
    `${cells.fd.padStart(4)}${fdTail} ${cells.type.padStart(typeWidth)} ${cells.device.padStart(deviceWidth)} ` +
    `${cells.sizeOrOffset.padStart(sizeWidth)} ${cells.node.padStart(nodeWidth)} ${cells.name}\n`;
  const head = line(
    {
      command: 'COMMAND',
      pid: 'PID',
      user: 'USER',
      fd: 'FD',
      type: 'TYPE',
      device: 'DEVICE',
      sizeOrOffset: 'SIZE/OFF',
      node: 'NODE',
      name: 'NAME',
    },
    '  ',
    task('TID', 'TASKCMD'),
  );
  const body = rows.map((row) =>
    line(
      { ...row, command: command(row), pid: String(row.pid), fd: String(row.fd) },
      `${row.mode} `,
      task('', ''),
    ),
  );
  return head + body.join('');
}
