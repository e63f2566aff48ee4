/** ps (procps-ng): the machine's processes in its usual shapes. */

import type { Process } from '../linux/processes.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import { failed, printed, type Command } from './command.ts';
import { optionProblem, parseOptions } from './options.ts';

export const ps: Command = {
  name: 'ps',
  run(context) {
    const { machine } = context;
    const [first = ''] = context.args;
    const isBsd = /^[auxwef]+$/.test(first);
    const parsed = parseOptions(isBsd ? [`-${first}`, ...context.args.slice(1)] : context.args, {
      flags: 'aAdeflwxuHj',
      valued: 'pCoUGtq',
      long: { pid: 'p', user: 'U', 'no-headers': 'H' },
    });
    if (!parsed.ok) return failed(`error: ${optionProblem('ps', parsed).replace('ps: ', '')}`);
    const { options } = parsed;
    const letters = new Set(options.map((option) => option.letter));
    const values = (letter: string) =>
      options.flatMap((option) =>
        option.letter === letter ? (option.value ?? '').split(',') : [],
      );
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
        pids: values('p'),
        commands: values('C'),
        users: [...values('U'), ...(!isBsd && letters.has('u') ? parsed.operands : [])],
      },
      context.user.uid,
    );
    if (chosen.length === 0 && !letters.has('o')) return printed(header(letters, isBsd), 1);
    const columns = values('o').filter(Boolean);
    if (columns.length > 0) return printed(custom(machine, chosen, columns));
    if (isBsd && letters.has('u'))
      return printed(header(letters, isBsd) + chosen.map((one) => userLine(machine, one)).join(''));
    if (letters.has('f'))
      return printed(header(letters, isBsd) + chosen.map((one) => fullLine(machine, one)).join(''));
    if (isBsd) return printed(header(letters, isBsd) + chosen.map((one) => bsdLine(one)).join(''));
    return printed(header(letters, isBsd) + chosen.map((one) => shortLine(one)).join(''));
  },
};

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
        users.includes(one.user),
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

function clock(machine: LinuxHost, process: Process): string {
  return new Date(machine.epochNowMs - machine.world.nowMs + process.startedAtMs)
    .toISOString()
    .slice(11, 16);
}

function status(process: Process): string {
  if (process.command === 'ps') return 'R+';
  return process.command === 'bash' || process.service !== undefined || process.pid === 1
    ? 'Ss'
    : 'S';
}

/** Sizes that stand for a process's memory: nothing on this machine measures it. */
function sizes(process: Process): readonly [number, number] {
  const weight = process.args.startsWith('[') ? 0 : 4000 + process.args.length * 137;
  return [weight * 10, weight];
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

function custom(
  machine: LinuxHost,
  processes: readonly Process[],
  columns: readonly string[],
): string {
  const cell = (one: Process, column: string): string => {
    switch (column) {
      case 'pid':
        return String(one.pid);
      case 'ppid':
        return String(one.ppid);
      case 'user':
        return one.user;
      case 'uid':
        return String(one.uid);
      case 'comm':
        return one.command;
      case 'tty':
        return one.tty;
      case 'stat':
        return status(one);
      case 'stime':
        return clock(machine, one);
      default:
        return one.args;
    }
  };
  const named = columns.map((column) => {
    const [key = '', title] = column.split('=');
    return {
      key,
      title:
        title ??
        (key === 'comm' || key === 'args' || key === 'cmd' ? 'COMMAND' : key.toUpperCase()),
    };
  });
  const widths = named.map(({ key, title }) =>
    Math.max(title.length, ...processes.map((one) => cell(one, key).length)),
  );
  const line = (cells: readonly string[]) =>
    `${cells
      .map((text, index) =>
        /^(?:p?pid|uid)$/.test(named[index]?.key ?? '')
          ? text.padStart(widths[index] ?? 0)
          : text.padEnd(widths[index] ?? 0),
      )
      .join(' ')
      .trimEnd()}\n`;
  const head = named.every(({ title }) => title === '')
    ? ''
    : line(named.map(({ title }) => title));
  return head + processes.map((one) => line(named.map(({ key }) => cell(one, key)))).join('');
}
