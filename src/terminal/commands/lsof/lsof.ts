/** lsof (4.95.0): the open files of processes; `-i` its sockets. */

import { formatLsofFields } from '../../formats/lsof-fields.ts';
import {
  formatLsof,
  lsofRowOfSocket,
  lsofStateName,
  type LsofRow,
} from '../../formats/lsof-table.ts';
import type { SocketEntry } from '../../formats/socket-entry.ts';
import { errorText, FileError, resolvePath } from '../../linux/file-system.ts';
import type { Process } from '../../linux/processes.ts';
import {
  failed,
  Printer,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from '../command.ts';
import { readLsofOptions, type LsofRequest } from './options.ts';
import { parseSocketSelector, type SocketSelector } from './selector.ts';
import { naming } from '../address-names.ts';

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
    const options = readLsofOptions(context.args);
    if (options.kind === 'unsupported') return unsupported(context, 'lsof', options.option);
    if (options.kind === 'problem') return failed(`lsof: ${options.problem}\n${usage}`);
    const { request } = options;
    const { letters } = request;
    if (letters.has('h')) return printed((await context.manual('lsof')) ?? usage);
    if (letters.has('?')) return failed(usage, 0);
    if (letters.has('v')) return printed('lsof version information:\n    revision: 4.95.0\n');

    const selectors: Wanted<SocketSelector>[] = [];
    for (const text of request.internet) {
      const selector = parseSocketSelector(text, context.machine);
      if (!selector.ok) return failed(`lsof: ${selector.problem}\n${usage}`);
      selectors.push({ text, test: selector.value, isFound: false });
    }
    const { machine } = context;
    const stranger = request.users
      .map((name) => name.replace('^', ''))
      .find((name) => !/^\d+$/.test(name) && machine.user(name) === undefined);
    if (stranger !== undefined) return failed(`lsof: can't get UID for ${stranger}\n${usage}`);
    return new Listing(context, request, selectors).print();
  },
};

/** Something that was asked for by name, and whether it has turned up. */
interface Wanted<Test> {
  readonly text: string;
  readonly test: Test;
  isFound: boolean;
}

type ProcessTest = (process: Process) => boolean;

class Listing {
  private readonly context: CommandContext;
  private readonly request: LsofRequest;
  private readonly selectors: readonly Wanted<SocketSelector>[];
  private readonly commands: readonly Wanted<ProcessTest>[];
  private readonly pids: readonly Wanted<ProcessTest>[];
  private readonly users: readonly Wanted<ProcessTest>[];
  private readonly names: readonly Wanted<(row: LsofRow) => boolean>[];
  private readonly out = new Printer();

  constructor(
    context: CommandContext,
    request: LsofRequest,
    selectors: readonly Wanted<SocketSelector>[],
  ) {
    this.context = context;
    this.request = request;
    this.selectors = selectors;
    const wanted = <Test>(text: string, test: Test): Wanted<Test> => ({
      text,
      test,
      isFound: false,
    });
    this.commands = request.commands.map((text) => wanted(text, commandTest(text)));
    this.pids = request.pids
      .filter((pid) => !pid.startsWith('^'))
      .map((pid) => wanted(pid, (process: Process) => String(process.pid) === pid));
    this.users = request.users
      .filter((user) => !user.startsWith('^'))
      .map((user) => wanted(user, (process: Process) => isUser(process, user)));
    this.names = request.names.map((name) =>
      wanted(name, (row: LsofRow) => row.name === resolvePath(context.cwd, name)),
    );
  }

  print(): CommandResult {
    const { request, out } = this;
    const { letters } = request;
    const missingFiles = this.checkNames();
    const rows = missingFiles ? [] : this.rows();
    if (letters.has('t')) {
      for (const pid of new Set(rows.map((row) => row.pid))) out.line(String(pid));
    } else if (request.fields !== undefined) {
      out.text(formatLsofFields(rows, request.fields));
    } else if (rows.length > 0) {
      out.text(
        formatLsof(rows, {
          commandWidth: request.commandWidth,
          withTasks: !this.hasSelection() && request.names.length === 0,
          withParent: letters.has('R'),
          withGroup: letters.has('g'),
          numericUsers: letters.has('l'),
          only: letters.has('o') ? 'offset' : letters.has('s') ? 'size' : undefined,
          tcpInfo: request.tcpInfo,
        }),
      );
    }
    const missing = missingFiles ? [] : this.missing();
    if (letters.has('V')) for (const line of missing) out.line(`lsof: ${line}`);
    const isWrong =
      missingFiles || missing.length > 0 || (rows.length === 0 && !this.hasOnlyFiles());
    return out.result(isWrong && !letters.has('Q') ? 1 : 0);
  }

  private hasSelection(): boolean {
    const { internet, pids, users, commands, descriptors } = this.request;
    return [internet, pids, users, commands, descriptors].some((list) => list.length > 0);
  }

  /** Descriptors that nobody has are no error. */
  private hasOnlyFiles(): boolean {
    return this.request.descriptors.length > 0;
  }

  private checkNames(): boolean {
    const { machine, identity, cwd } = this.context;
    let isMissing = false;
    for (const name of this.request.names) {
      try {
        machine.files.node(resolvePath(cwd, name), identity);
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        this.out.problem(`lsof: status error on ${name}: ${errorText(error.code)}`);
        isMissing = true;
      }
    }
    return isMissing;
  }

  private missing(): string[] {
    const absent = (list: readonly Wanted<unknown>[], words: string) =>
      list.flatMap((one) => (one.isFound ? [] : [`${words}: ${one.text}`]));
    const addresses = this.selectors.filter((one) => one.text !== '');
    const hasPlain = this.selectors.some((one) => one.text === '');
    return [
      ...absent(this.commands, 'command not located'),
      ...absent(addresses, 'Internet address not located'),
      ...(hasPlain && !this.selectors.some((one) => one.isFound)
        ? ['no Internet files located']
        : []),
      ...absent(this.pids, 'process ID not located'),
      ...absent(this.names, 'no file use located'),
    ];
  }

  /** Selections are alternatives, unless `-a` makes all of them conditions. */
  private rows(): LsofRow[] {
    const { context, request } = this;
    const { machine } = context;
    const names = naming(machine, {
      ports: !request.letters.has('P'),
      hosts: !request.letters.has('n'),
    });
    const sockets = context.socketEntries();
    const rows: LsofRow[] = [];
    for (const process of machine.processes.list()) {
      if (this.isExcluded(process)) continue;
      const isNamed = this.isNamed(process);
      if (request.letters.has('a') && isNamed === false) continue;
      const mayRead = context.user.uid === 0 || context.user.uid === process.uid;
      const files = mayRead
        ? ownFiles(process, machine.distribution.kernelRelease)
        : hiddenFiles(process);
      rows.push(...files.filter((row) => this.isWanted(row, undefined, isNamed === true)));
      if (!mayRead) continue;
      const held = sockets.flatMap((socket) =>
        socket.owners
          .filter((owner) => owner.pid === process.pid)
          .map((owner) => ({ socket, fd: owner.fd })),
      );
      for (const { socket, fd } of held.sort((one, other) => one.fd - other.fd)) {
        const row = lsofRowOfSocket(socket, { ...base(process), fd }, names);
        if (this.isWanted(row, socket, isNamed === true)) rows.push(row);
      }
    }
    return rows;
  }

  private isExcluded(process: Process): boolean {
    const { pids, users } = this.request;
    return (
      pids.includes(`^${process.pid}`) ||
      users.some((user) => user.startsWith('^') && isUser(process, user.slice(1))) ||
      this.commands.some(({ text, test }) => text.startsWith('^') && test(process))
    );
  }

  /** Whether `-p`, `-u` and `-c` name the process; undefined where nothing names any. */
  private isNamed(process: Process): boolean | undefined {
    const lists = [
      this.pids,
      this.users,
      this.commands.filter(({ text }) => !text.startsWith('^')),
    ].filter((list) => list.length > 0);
    const results = lists.map((list) => {
      const found = list.filter(({ test }) => test(process));
      for (const one of found) one.isFound = true;
      return found.length > 0;
    });
    if (results.length === 0) return undefined;
    return this.request.letters.has('a') ? results.every(Boolean) : results.some(Boolean);
  }

  private isWanted(row: LsofRow, socket: SocketEntry | undefined, isNamed: boolean): boolean {
    const { request } = this;
    const isInternet = socket !== undefined && this.isSelected(socket);
    const isFile = this.names.filter(({ test }) => test(row));
    for (const one of isFile) one.isFound = true;
    const { descriptors } = request;
    const isDescriptor = descriptors.length > 0 && isListed(row.fd, descriptors);
    const hasProcess = this.pids.length + this.users.length + request.commands.length > 0;
    if (socket !== undefined && request.internet.length === 0 && !this.hasState(socket))
      return false;
    if (!this.hasSelection() && request.names.length === 0) return true;
    if (request.letters.has('a')) {
      return (
        (request.internet.length === 0 || isInternet) &&
        (descriptors.length === 0 || isDescriptor) &&
        (request.names.length === 0 || isFile.length > 0)
      );
    }
    return (hasProcess && isNamed) || isInternet || isDescriptor || isFile.length > 0;
  }

  private isSelected(socket: SocketEntry): boolean {
    const found = this.selectors.filter(({ test }) => test(socket));
    if (found.length === 0 || !this.hasState(socket)) return false;
    for (const one of found) one.isFound = true;
    return true;
  }

  /** `-s TCP:…`; UDP sockets, which have no state, are in none that is named. */
  private hasState(socket: SocketEntry): boolean {
    const { states } = this.request;
    const name = lsofStateName(socket.state);
    if (states.includes(`^${name}`)) return false;
    const named = states.filter((state) => !state.startsWith('^'));
    return named.length === 0 || named.includes(name);
  }
}

/** The beginning of a name, `^` for what is not wanted, or an expression between slashes. */
function commandTest(text: string): ProcessTest {
  const [, source, flags = ''] = /^\/(.*)\/([bix]*)$/.exec(text) ?? [];
  if (source !== undefined) {
    const expression = new RegExp(source, flags.includes('i') ? 'i' : '');
    return (process) => expression.test(process.command);
  }
  const start = text.replace('^', '');
  return (process) => process.command.startsWith(start);
}

function isUser(process: Process, name: string): boolean {
  return name === process.user || name === String(process.uid);
}

/** `3`, `3-5`, `cwd`; with `^` in front, everything else. */
function isListed(fd: string | number, list: readonly string[]): boolean {
  const covers = (item: string) => {
    const [low, high = low] = item.split('-');
    return typeof fd === 'number' && /^[\d-]+$/.test(item)
      ? fd >= Number(low) && fd <= Number(high)
      : item === String(fd);
  };
  const [excluded, included] = [true, false].map((isExcluded) =>
    list.filter((item) => item.startsWith('^') === isExcluded).map((item) => item.replace('^', '')),
  );
  if (excluded?.some(covers)) return false;
  return included === undefined || included.length === 0 || included.some(covers);
}

function base(process: Process): Pick<LsofRow, 'command' | 'pid' | 'ppid' | 'user' | 'uid'> {
  const { command, pid, ppid, user, uid } = process;
  return { command, pid, ppid, user, uid };
}

function ownFiles(process: Process, release: string): LsofRow[] {
  const own = base(process);
  const onDisk = { ...own, mode: ' ', device: '259,1' };
  const root = { ...onDisk, type: 'DIR', sizeOrOffset: '257', node: '96', name: '/' };
  if (process.args.startsWith('[')) return [{ ...root, fd: 'cwd' }];
  const program = process.args.split(' ')[0] ?? process.command;
  const path = program.startsWith('/') ? program : `/usr/bin/${process.command}`;
  const device =
    process.tty === '?'
      ? { device: '1,3', node: '4', name: '/dev/null' }
      : { device: '136,0', node: '3', name: `/dev/${process.tty}` };
  return [
    { ...root, fd: 'cwd' },
    { ...root, fd: 'rtd' },
    {
      ...onDisk,
      fd: 'txt',
      type: 'REG',
      sizeOrOffset: String(900_000 + release.length),
      node: String(8_400_000 + process.pid),
      name: path,
    },
    ...[0, 1, 2].map((fd) => ({
      ...own,
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
