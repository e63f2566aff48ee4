/** lsof (4.95.0): the open files of processes; `-i` its sockets. */

import {
  formatLsof,
  lsofRowsOfSocket,
  lsofStateName,
  lsofTcpStates,
  type LsofRow,
} from '../formats/lsof-table.ts';
import type { SocketRow } from '../formats/socket-row.ts';
import type { Process } from '../linux/processes.ts';
import { failed, printed, unsupported, type Command, type CommandContext } from './command.ts';
import { parseSocketSelector, type SocketSelector } from './lsof-selector.ts';
import { naming } from './naming.ts';
import { optionProblem, parseOptions } from './options.ts';

const usage = `lsof 4.95.0
 latest revision: https://github.com/lsof-org/lsof
 latest FAQ: https://github.com/lsof-org/lsof/blob/master/00FAQ
 latest (non-formatted) man page: https://github.com/lsof-org/lsof/blob/master/Lsof.8
 usage: [-?abhKlnNoOPRtUvVX] [+|-c c] [+|-d s] [+D D] [+|-E] [+|-e s] [+|-f[gG]]
 [-F [f]] [-g [s]] [-i [i]] [+|-L [l]] [+m [m]] [+|-M] [-o [o]] [-p s]
 [+|-r [t]] [-s [p:s]] [-S [t]] [-T [t]] [-u s] [+|-w] [-x [fl]] [--] [names]
Use the \`\`-h'' option to get more help information.`;

export const lsof: Command = {
  name: 'lsof',
  async run(context) {
    const commandWidth = context.args.find((arg) => /^\+c\d+$/.test(arg));
    const args = joinInternet(context.args.filter((arg) => arg !== commandWidth));
    const parsed = parseOptions(args, {
      flags: 'ahlnPtVwRUbKNO',
      optionallyValued: 'isFvTroS',
      valued: 'pucdgD',
    });
    if (!parsed.ok) return failed(`${optionProblem('lsof', parsed)}\n${usage}`);
    const { options } = parsed;
    const has = (letter: string) => options.some((option) => option.letter === letter);
    const values = (letter: string) =>
      options.flatMap((option) => (option.letter === letter ? [option.value ?? ''] : []));
    if (has('h')) return printed((await context.manual('lsof')) ?? usage);
    if (has('v')) return printed('lsof version information:\n    revision: 4.95.0\n');
    for (const letter of 'RUbKNOTroSdgD')
      if (has(letter)) return unsupported(context, 'lsof', `-${letter}`);

    const selectors: SocketSelector[] = [];
    for (const text of values('i')) {
      const selector = parseSocketSelector(text, context.machine);
      if (!selector.ok) return failed(`lsof: ${selector.problem} in: -i ${text}\n${usage}`);
      selectors.push(selector.value);
    }
    const states = values('s').flatMap((text) => /^tcp:(.*)$/i.exec(text)?.[1]?.split(',') ?? []);
    const unknown = states.find(
      (state) => !lsofTcpStates.includes(state.replace('^', '').toUpperCase()),
    );
    if (unknown !== undefined) return failed(`lsof: unknown TCP state name: ${unknown}\n${usage}`);

    const rows = select(context, {
      selectors,
      hasInternet: has('i'),
      states,
      pids: list(values('p')),
      users: list(values('u')),
      commands: values('c'),
      isAnd: has('a'),
      names: parsed.operands,
      numericPorts: has('P'),
      numericHosts: has('n'),
    });
    if (rows.length === 0) return printed('', 1);
    if (has('t')) return printed(`${[...new Set(rows.map((row) => row.pid))].join('\n')}\n`);
    if (has('F')) return printed(fields(rows, values('F')[0] ?? ''));
    const isWhole =
      !has('i') &&
      values('p').length + values('u').length + values('c').length + parsed.operands.length === 0;
    return printed(
      formatLsof(rows, {
        withTasks: isWhole,
        ...(commandWidth !== undefined && { commandWidth: Number(commandWidth.slice(2)) }),
      }),
    );
  },
};

/** `-i :80` and `-i tcp` are one option and its value, `-i -n` is not. */
function joinInternet(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const next = args[index + 1];
    const takesNext =
      (/^-F$/.test(arg) && next !== undefined && /^[a-z]+$/i.test(next)) ||
      (/^-[a-zA-Z]*i$/.test(arg) &&
        !/^-[a-zA-Z]*[puc]/.test(arg) &&
        next !== undefined &&
        !/^[-+]/.test(next));
    joined.push(takesNext ? arg + next : arg);
    if (takesNext) index += 1;
  }
  return joined;
}

interface Selection {
  readonly selectors: readonly SocketSelector[];
  readonly hasInternet: boolean;
  readonly states: readonly string[];
  readonly pids: readonly string[];
  readonly users: readonly string[];
  readonly commands: readonly string[];
  readonly isAnd: boolean;
  readonly names: readonly string[];
  readonly numericPorts: boolean;
  readonly numericHosts: boolean;
}

/** Selections are alternatives, unless `-a` makes all of them conditions. */
function select(context: CommandContext, wanted: Selection): LsofRow[] {
  const { machine } = context;
  const names = naming(machine, { ports: !wanted.numericPorts, hosts: !wanted.numericHosts });
  const mayRead = (uid: number) => context.user.uid === 0 || context.user.uid === uid;
  const hasProcess = wanted.pids.length + wanted.users.length + wanted.commands.length > 0;
  const isAll = !wanted.hasInternet && !hasProcess && wanted.names.length === 0;
  const sockets = context.socketRows();
  const rows: LsofRow[] = [];
  for (const process of machine.processes.list()) {
    const isProcess = hasProcess && matchesProcess(process, wanted);
    if (!mayRead(process.uid)) {
      if (isAll || (isProcess && !wanted.hasInternet)) rows.push(...hiddenFiles(process));
      continue;
    }
    if (isAll || (isProcess && !(wanted.isAnd && wanted.hasInternet)))
      rows.push(...ownFiles(process, machine.distribution.kernelRelease));
    for (const socket of sockets) {
      const mine = socket.owners.filter((owner) => owner.pid === process.pid);
      if (mine.length === 0) continue;
      const isInternet = wanted.hasInternet && matchesInternet(socket, wanted);
      const isSelected =
        isAll ||
        (wanted.isAnd && wanted.hasInternet && hasProcess
          ? isProcess && isInternet
          : isProcess || isInternet);
      if (isSelected) rows.push(...lsofRowsOfSocket({ ...socket, owners: mine }, names));
    }
  }
  return rows;
}

function matchesProcess(process: Process, wanted: Selection): boolean {
  const users = wanted.users.filter((user) => !user.startsWith('^'));
  const excluded = wanted.users.filter((user) => user.startsWith('^')).map((user) => user.slice(1));
  const isUser = (name: string) => name === process.user || name === String(process.uid);
  if (excluded.some(isUser)) return false;
  const tests = [
    ...(wanted.pids.length > 0 ? [wanted.pids.includes(String(process.pid))] : []),
    ...(users.length > 0 || excluded.length > 0 ? [users.length === 0 || users.some(isUser)] : []),
    ...(wanted.commands.length > 0
      ? [wanted.commands.some((start) => process.command.startsWith(start))]
      : []),
  ];
  return wanted.isAnd ? tests.every(Boolean) : tests.some(Boolean);
}

function matchesInternet(socket: SocketRow, wanted: Selection): boolean {
  if (!wanted.selectors.some((selector) => selector(socket))) return false;
  if (wanted.states.length === 0 || socket.protocol === 'udp') return true;
  const name = lsofStateName(socket.state);
  const excluded = wanted.states
    .filter((state) => state.startsWith('^'))
    .map((state) => state.slice(1).toUpperCase());
  const included = wanted.states
    .filter((state) => !state.startsWith('^'))
    .map((state) => state.toUpperCase());
  return !excluded.includes(name) && (included.length === 0 || included.includes(name));
}

function base(process: Process): Pick<LsofRow, 'command' | 'pid' | 'user'> {
  return { command: process.command, pid: process.pid, user: process.user };
}

function ownFiles(process: Process, release: string): LsofRow[] {
  if (process.args.startsWith('['))
    return [
      {
        ...base(process),
        fd: 'cwd',
        mode: ' ',
        type: 'DIR',
        device: '259,1',
        sizeOrOffset: '257',
        node: '96',
        name: '/',
      },
    ];
  const program = process.args.split(' ')[0] ?? process.command;
  const path = program.startsWith('/') ? program : `/usr/bin/${process.command}`;
  const device =
    process.tty === '?'
      ? { device: '1,3', node: '4', name: '/dev/null' }
      : { device: '136,0', node: '3', name: `/dev/${process.tty}` };
  return [
    {
      ...base(process),
      fd: 'cwd',
      mode: ' ',
      type: 'DIR',
      device: '259,1',
      sizeOrOffset: '257',
      node: '96',
      name: '/',
    },
    {
      ...base(process),
      fd: 'rtd',
      mode: ' ',
      type: 'DIR',
      device: '259,1',
      sizeOrOffset: '257',
      node: '96',
      name: '/',
    },
    {
      ...base(process),
      fd: 'txt',
      mode: ' ',
      type: 'REG',
      device: '259,1',
      sizeOrOffset: String(900_000 + release.length),
      node: String(8_400_000 + process.pid),
      name: path,
    },
    ...[0, 1, 2].map((fd) => ({
      ...base(process),
      fd,
      mode: 'u',
      type: 'CHR',
      sizeOrOffset: '0t0',
      ...device,
    })),
  ];
}

/** What is left of a process that belongs to someone else. */
function hiddenFiles(process: Process): LsofRow[] {
  const none = { ...base(process), mode: ' ', device: '', sizeOrOffset: '', node: '' };
  const where = `/proc/${process.pid}`;
  return [
    { ...none, fd: 'cwd', type: 'unknown', name: `${where}/cwd (readlink: Permission denied)` },
    { ...none, fd: 'rtd', type: 'unknown', name: `${where}/root (readlink: Permission denied)` },
    { ...none, fd: 'txt', type: 'unknown', name: `${where}/exe (readlink: Permission denied)` },
    { ...none, fd: 'NOFD', type: '', name: `${where}/fd (opendir: Permission denied)` },
  ];
}

/** `-F`: one field a line, its letter first; `p`, `c` and `u` once for each process. */
function fields(rows: readonly LsofRow[], letters: string): string {
  const wanted = letters === '' ? 'pcuftn' : letters;
  let last = 0;
  let text = '';
  const show = (letter: string, value: string | number) => {
    if (wanted.includes(letter)) text += `${letter}${value}\n`;
  };
  for (const row of rows) {
    if (row.pid !== last) {
      text += `p${row.pid}\n`;
      show('c', row.command);
      show('u', row.user);
    }
    last = row.pid;
    show('f', row.fd);
    show('t', row.type);
    show('n', row.name.replace(/ \([A-Z_0-9]+\)$/, '').trimEnd());
  }
  return text;
}

function list(values: readonly string[]): string[] {
  return values.flatMap((value) => value.split(','));
}
