/** kill, pkill, killall, pgrep: signals, of which those that end a process and HUP mean something. */

import type { Process } from '../linux/processes.ts';
import { failed, Printer, printed, type Command, type CommandContext } from './command.ts';

const signals: Readonly<Record<string, number>> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  TERM: 15,
  CONT: 18,
  STOP: 19,
};

/** `-9`, `-KILL`, `-SIGKILL`, `-s KILL`; undefined where there is no such signal. */
function readSignal(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) <= 64 ? Number(text) : undefined;
  return signals[text.toUpperCase().replace(/^SIG/, '')];
}

function splitSignal(args: readonly string[]): {
  readonly signal: number | undefined;
  readonly text: string;
  readonly rest: readonly string[];
} {
  const [first = '', second = ''] = args;
  if (first === '-s' || first === '-n')
    return { signal: readSignal(second), text: second, rest: args.slice(2) };
  if (
    /^-[A-Z0-9]+$/i.test(first) &&
    first !== '-f' &&
    first !== '-x' &&
    first !== '-l' &&
    first !== '-u' &&
    first !== '-a'
  ) {
    return { signal: readSignal(first.slice(1)), text: first.slice(1), rest: args.slice(1) };
  }
  return { signal: 15, text: 'TERM', rest: args };
}

function deliver(context: CommandContext, process: Process, signal: number): boolean {
  if (context.user.uid !== 0 && process.uid !== context.user.uid) return false;
  const { machine } = context;
  if (signal === 0 || process.pid <= 2) return true;
  if (signal === 1 && process.service !== undefined) machine.services.reload(process.service);
  else if (
    signal === 1 ||
    signal === 2 ||
    signal === 3 ||
    signal === 9 ||
    signal === 10 ||
    signal === 12 ||
    signal === 15
  ) {
    // An interactive shell takes no notice of TERM.
    if (!(process.pid === machine.loginPid && signal !== 9 && signal !== 1))
      machine.endProcess(process.pid, signal === 9 ? 'killed' : 'exited');
  }
  return true;
}

export const kill: Command = {
  name: 'kill',
  run(context) {
    if (context.args[0] === '-l')
      return printed(
        `${Object.entries(signals)
          .map(([name, number]) => `${number}) SIG${name}`)
          .join('  ')}\n`,
      );
    const { signal, text, rest } = splitSignal(context.args);
    if (signal === undefined) return failed(`bash: kill: ${text}: invalid signal specification`);
    if (rest.length === 0)
      return failed(
        'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]',
        2,
      );
    const out = new Printer();
    let exitCode = 0;
    for (const word of rest) {
      const fail = (problem: string) => {
        out.problem(`bash: kill: ${problem}`);
        exitCode = 1;
      };
      if (word.startsWith('%')) {
        const job = context.jobs.find(word);
        if (job === undefined) fail(`${word}: no such job`);
        else {
          context.machine.endProcess(job.pid);
          context.jobs.stop(job);
        }
        continue;
      }
      if (!/^\d+$/.test(word)) {
        fail(`${word}: arguments must be process or job IDs`);
        continue;
      }
      const process = context.machine.processes.get(Number(word));
      if (process === undefined) fail(`(${word}) - No such process`);
      else if (!deliver(context, process, signal)) fail(`(${word}) - Operation not permitted`);
    }
    return out.result(exitCode);
  },
};

function named(
  context: CommandContext,
  pattern: string,
  isWhole: boolean,
  isFull: boolean,
): readonly Process[] {
  const expression = new RegExp(isWhole ? `^(?:${pattern})$` : pattern);
  return context.machine.processes
    .list()
    .filter((one) => expression.test(isFull ? one.args : one.command));
}

export const pkill: Command = {
  name: 'pkill',
  run(context) {
    const { signal, rest } = splitSignal(context.args);
    const isFull = rest.includes('-f');
    const isWhole = rest.includes('-x');
    const pattern = rest.find((word) => !word.startsWith('-'));
    if (pattern === undefined)
      return failed(
        "pkill: no matching criteria specified\nTry `pkill --help' for more information.",
        2,
      );
    const found = named(context, pattern, isWhole, isFull);
    const refused = found.filter((one) => !deliver(context, one, signal ?? 15));
    if (refused.length > 0)
      return failed(
        refused
          .map((one) => `pkill: killing pid ${one.pid} failed: Operation not permitted`)
          .join('\n'),
      );
    return printed('', found.length > 0 ? 0 : 1);
  },
};

export const killall: Command = {
  name: 'killall',
  run(context) {
    const { signal, rest } = splitSignal(context.args);
    const [name] = rest;
    if (name === undefined) return failed('Usage: killall [OPTION]... [--] NAME...');
    const found = context.machine.processes.list().filter((one) => one.command === name);
    if (found.length === 0) return failed(`${name}: no process found`);
    const refused = found.filter((one) => !deliver(context, one, signal ?? 15));
    if (refused.length > 0)
      return failed(
        refused.map((one) => `${name}(${one.pid}): Operation not permitted`).join('\n'),
      );
    return printed('');
  },
};

export const pgrep: Command = {
  name: 'pgrep',
  run(context) {
    const flags = context.args.filter((word) => word.startsWith('-')).join('');
    const pattern = context.args.find((word) => !word.startsWith('-'));
    if (pattern === undefined)
      return failed(
        "pgrep: no matching criteria specified\nTry `pgrep --help' for more information.",
        2,
      );
    const found = named(context, pattern, flags.includes('x'), flags.includes('f'));
    const lines = found.map(
      (one) =>
        `${one.pid}${flags.includes('a') ? ` ${one.args}` : flags.includes('l') ? ` ${one.command}` : ''}\n`,
    );
    return printed(lines.join(''), found.length > 0 ? 0 : 1);
  },
};
