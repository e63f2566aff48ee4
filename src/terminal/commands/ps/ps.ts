/** ps (procps-ng): the machine's processes in its usual shapes. */

import type { Process } from '../../linux/processes.ts';
import type { LinuxHost } from '../../linux/linux-host.ts';
import { failed, printed, unsupported, type Command, type CommandResult } from '../command.ts';
import { clock, formatColumns, readColumns, sizes, sortProcesses, status } from './columns.ts';
import { parseOptions } from '../options.ts';

export const ps: Command = {
  name: 'ps',
  run(context) {
    const { machine } = context;
    const isWord = (arg: string | undefined) => /^[auxwefhljk]+$/.test(arg ?? '');
    const [first = ''] = context.args;
    const hasBsd = isWord(first);
    const isBsd = hasBsd && first !== 'h';
    const args = hasBsd ? [`-${first}`, ...context.args.slice(1)] : context.args;
    const parsed = parseOptions(args, {
      flags: hasBsd ? 'aAdeflwxuhjHLTNVMyFcZPk' : 'aAdeflwxHjLTNVMyFcZPhγ',
      valued: hasBsd ? 'pCoUGtqOgsσ' : 'pCouUGtqOgsσ',
      long: {
        pid: 'p',
        'quick-pid': 'q',
        user: 'u',
        User: 'U',
        format: 'o',
        command: 'C',
        tty: 't',
        ppid: 'γ',
        sort: 'σ',
        'no-headers': 'h',
        'no-headings': 'h',
        headers: 'h',
        forest: 'H',
        version: 'V',
      },
    });
    if (!parsed.ok) {
      const isLong = parsed.option.startsWith('--');
      return problem(
        parsed.problem === 'needs-value'
          ? 'list of process IDs must follow -p'
          : isLong
            ? 'unknown gnu long option'
            : 'unsupported SysV option',
      );
    }
    const { options } = parsed;
    const { letters, listed: values } = options;
    if (letters.has('V')) return printed('ps from procps-ng 4.0.2\n');
    for (const letter of 'dHLTNMyFcZPjkGtOgsγ')
      if (letters.has(letter)) return unsupported(context, 'ps', `-${letter}`);
    if (values('p').some((pid) => !/^\d+(?: +\d+)*$/.test(pid.trim())))
      return problem('process ID list syntax error');
    const users = [...values('U'), ...(hasBsd ? [] : values('u'))];
    const known = (name: string) =>
      machine.users().some((user) => user.name === name || String(user.uid) === name);
    if (users.some((name) => !known(name))) return problem('user name does not exist');
    const me = machine.processes.takePid();
    const self: Process = {
      pid: me,
      ppid: machine.loginPid,
      uid: context.user.uid,
      user: context.user.name,
      command: 'ps',
      args: ['ps', ...context.args].join(' '),
      tty: 'pts/0',
      startedAtMs: machine.world.nowMs,
      program: { kind: 'idle' },
    };
    const all = [...machine.processes.list(), self];
    const chosen = choose(
      all,
      {
        letters,
        isBsd,
        pids: [...values('p'), ...values('q'), ...(hasBsd ? parsed.operands : [])].flatMap((pid) =>
          pid.trim().split(/ +/),
        ),
        commands: values('C'),
        users,
      },
      context.user.uid,
    );
    const order = values('σ')[0];
    const sorted = order === undefined ? chosen : sortProcesses(machine, chosen, order);
    if (sorted === undefined) return problem('unknown sort specifier');
    const exitCode = chosen.length === 0 ? 1 : 0;
    const formats = options.values('o');
    const head = letters.has('h') ? '' : header(letters, isBsd);
    if (formats.length > 0) {
      const columns = readColumns(formats);
      return typeof columns === 'string'
        ? problem(`unknown user-defined format specifier "${columns}"`)
        : printed(formatColumns(machine, sorted, columns, !letters.has('h')), exitCode);
    }
    const line = (one: Process): string => {
      if (isBsd && letters.has('u')) return userLine(machine, one);
      if (letters.has('f')) return fullLine(machine, one);
      return isBsd ? bsdLine(one) : shortLine(one);
    };
    return printed(head + sorted.map(line).join(''), exitCode);
  },
};

function problem(text: string): CommandResult {
  return failed(`error: ${text}\n\nUsage:\n ps [options]\n`);
}

interface Choice {
  readonly letters: ReadonlySet<string>;
  readonly isBsd: boolean;
  readonly pids: readonly string[];
  readonly commands: readonly string[];
  readonly users: readonly string[];
}

function choose(all: readonly Process[], choice: Choice, uid: number): readonly Process[] {
  const { letters, pids, commands, users } = choice;
  if (pids.length + commands.length + users.length > 0) {
    return all.filter(
      (one) =>
        pids.includes(String(one.pid)) ||
        commands.includes(one.command) ||
        users.includes(one.user) ||
        users.includes(String(one.uid)),
    );
  }
  if (
    letters.has('A') ||
    (!choice.isBsd && letters.has('e')) ||
    (letters.has('a') && letters.has('x'))
  )
    return all;
  if (letters.has('x')) return all.filter((one) => one.uid === uid);
  return all.filter(
    (one) => one.tty === 'pts/0' && (letters.has('a') || one.uid === uid || one.command === 'ps'),
  );
}

function header(letters: ReadonlySet<string>, isBsd: boolean): string {
  if (isBsd && letters.has('u'))
    return 'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n';
  if (letters.has('f')) return 'UID          PID    PPID  C STIME TTY          TIME CMD\n';
  if (isBsd) return '    PID TTY      STAT   TIME COMMAND\n';
  return '    PID TTY          TIME CMD\n';
}

function userLine(machine: LinuxHost, one: Process): string {
  const [vsz, rss] = sizes(one);
  const user = one.user.length > 8 ? `${one.user.slice(0, 7)}+` : one.user;
  return `${user.padEnd(8)} ${String(one.pid).padStart(7)}  0.0  ${(rss / 400_000).toFixed(1)} ${String(vsz).padStart(6)} ${String(rss).padStart(5)} ${one.tty.padEnd(8)} ${status(one).padEnd(4)} ${clock(machine, one)}   0:00 ${one.args}\n`;
}

function fullLine(machine: LinuxHost, one: Process): string {
  return `${one.user.padEnd(8)} ${String(one.pid).padStart(7)} ${String(one.ppid).padStart(7)}  0 ${clock(machine, one)} ${one.tty.padEnd(8)} 00:00:00 ${one.args}\n`;
}

function bsdLine(one: Process): string {
  return `${String(one.pid).padStart(7)} ${one.tty.padEnd(8)} ${status(one).padEnd(4)}   0:00 ${one.args}\n`;
}

function shortLine(one: Process): string {
  return `${String(one.pid).padStart(7)} ${one.tty.padEnd(8)} 00:00:00 ${one.command}\n`;
}
