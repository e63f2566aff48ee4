/**
 * The columns of `ps -o` (procps-ng 4.0.2): titles, widths, which side they are aligned to; and `--sort`.
 * Pids are seven digits wide, as for a kernel.pid_max of 4194304.
 */

import type { LinuxHost } from '../../linux/linux-host.ts';
import type { Process } from '../../linux/processes.ts';

export function clock(machine: LinuxHost, process: Process): string {
  return new Date(machine.epochNowMs - machine.world.nowMs + process.startedAtMs)
    .toISOString()
    .slice(11, 16);
}

export function status(process: Process): string {
  if (process.command === 'ps') return 'R+';
  return process.command === 'bash' || process.service !== undefined || process.pid === 1
    ? 'Ss'
    : 'S';
}

/** Sizes that stand for a process's memory: nothing on this machine measures it. */
export function sizes(process: Process): readonly [number, number] {
  const weight = process.args.startsWith('[') ? 0 : 4000 + process.args.length * 137;
  return [weight * 10, weight];
}

interface ColumnKind {
  readonly title: string;
  readonly width: number;
  readonly isRight?: true;
  readonly value: (process: Process, machine: LinuxHost) => string;
}

function number(title: string, width: number, value: (process: Process) => number): ColumnKind {
  return { title, width, isRight: true, value: (process) => String(value(process)) };
}

function text(title: string, width: number, value: ColumnKind['value']): ColumnKind {
  return { title, width, value };
}

const userColumn = (title: string) => text(title, 8, (process) => process.user);
const groupOf = (process: Process, machine: LinuxHost) =>
  machine.users().find((user) => user.uid === process.uid)?.gid ?? process.uid;
const commandLine = (title: string) => text(title, 27, (process) => process.args);

const kinds: Readonly<Record<string, ColumnKind>> = {
  pid: number('PID', 7, (process) => process.pid),
  ppid: number('PPID', 7, (process) => process.ppid),
  pgid: number('PGID', 7, (process) => process.pid),
  uid: number('UID', 5, (process) => process.uid),
  euid: number('EUID', 5, (process) => process.uid),
  ruid: number('RUID', 5, (process) => process.uid),
  gid: {
    title: 'GID',
    width: 5,
    isRight: true,
    value: (process, machine) => String(groupOf(process, machine)),
  },
  user: userColumn('USER'),
  uname: userColumn('USER'),
  euser: userColumn('EUSER'),
  ruser: userColumn('RUSER'),
  comm: text('COMMAND', 15, (process) => process.command),
  ucmd: text('CMD', 15, (process) => process.command),
  args: commandLine('COMMAND'),
  command: commandLine('COMMAND'),
  cmd: commandLine('CMD'),
  tty: text('TT', 8, (process) => process.tty),
  tt: text('TT', 8, (process) => process.tty),
  tname: text('TTY', 8, (process) => process.tty),
  stat: text('STAT', 4, (process) => status(process)),
  state: text('S', 1, (process) => status(process).slice(0, 1)),
  s: text('S', 1, (process) => status(process).slice(0, 1)),
  stime: {
    title: 'STIME',
    width: 5,
    isRight: true,
    value: (process, machine) => clock(machine, process),
  },
  start: {
    title: 'STARTED',
    width: 8,
    isRight: true,
    value: (process, machine) => `${clock(machine, process)}:00`,
  },
  time: { title: 'TIME', width: 8, isRight: true, value: () => '00:00:00' },
  etime: {
    title: 'ELAPSED',
    width: 11,
    isRight: true,
    value: (process, machine) => elapsed(machine.world.nowMs - process.startedAtMs),
  },
  etimes: {
    title: 'ELAPSED',
    width: 7,
    isRight: true,
    value: (process, machine) =>
      String(Math.floor((machine.world.nowMs - process.startedAtMs) / 1000)),
  },
  rss: number('RSS', 5, (process) => sizes(process)[1]),
  vsz: number('VSZ', 6, (process) => sizes(process)[0]),
  ni: number('NI', 3, () => 0),
  '%cpu': { title: '%CPU', width: 4, isRight: true, value: () => '0.0' },
  pcpu: { title: '%CPU', width: 4, isRight: true, value: () => '0.0' },
};

function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? minutes : `${two(Math.floor(seconds / 3600))}:${minutes}`;
}

export interface PsColumn {
  readonly kind: ColumnKind;
  readonly title: string;
  readonly width: number;
}

/** `pid,user:12,comm=NAME`; a title goes on to the end of its word. A text is what is unknown. */
export function readColumns(formats: readonly string[]): readonly PsColumn[] | string {
  const columns: PsColumn[] = [];
  for (const format of formats) {
    let rest = format.trim();
    while (rest !== '') {
      const [whole, name = '', width, title] =
        /^([^,\s=:]+)(?::(\d+))?(?:=((?:(?!,[a-z%]+=).)*))?[,\s]*/s.exec(rest) ?? [];
      if (whole === undefined || whole === '') return rest;
      const kind = kinds[name];
      if (kind === undefined) return name;
      const heading = title ?? kind.title;
      columns.push({
        kind,
        title: heading,
        width: width === undefined ? Math.max(kind.width, heading.length) : Number(width),
      });
      rest = rest.slice(whole.length);
    }
  }
  return columns;
}

/** The last column is as long as it is; without any title there is no line of titles. */
export function formatColumns(
  machine: LinuxHost,
  processes: readonly Process[],
  columns: readonly PsColumn[],
  hasHeader: boolean,
): string {
  const line = (cells: readonly string[]) =>
    `${cells
      .map((cell, index) => {
        const column = columns[index];
        const width = column?.width ?? 0;
        if (column?.kind.isRight) return cell.padStart(width);
        if (index === cells.length - 1) return cell;
        const cut = cell.length > width ? `${cell.slice(0, width - 1)}+` : cell;
        return cut.padEnd(width);
      })
      .join(' ')}\n`;
  const titles = columns.map(({ title }) => title);
  const head = hasHeader && titles.some((title) => title !== '') ? line(titles) : '';
  return (
    head +
    processes.map((one) => line(columns.map(({ kind }) => kind.value(one, machine)))).join('')
  );
}

/** `--sort=-pid,comm`; undefined where a key is unknown. */
export function sortProcesses(
  machine: LinuxHost,
  processes: readonly Process[],
  order: string,
): readonly Process[] | undefined {
  const keys = order.split(',').map((key) => ({
    kind: kinds[key.replace(/^[-+]/, '')],
    sign: key.startsWith('-') ? -1 : 1,
  }));
  if (keys.some(({ kind }) => kind === undefined)) return undefined;
  return [...processes].sort((one, other) => {
    for (const { kind, sign } of keys) {
      const [left = '', right = ''] = [kind?.value(one, machine), kind?.value(other, machine)];
      const difference = kind?.isRight
        ? Number(left) - Number(right)
        : left < right
          ? -1
          : left > right
            ? 1
            : 0;
      if (difference !== 0) return sign * difference;
    }
    return 0;
  });
}
