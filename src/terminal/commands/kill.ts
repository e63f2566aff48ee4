/** kill (bash 5.2) and killall: signals, of which those that end a process and HUP mean something. */

import type { Process } from '../linux/processes.ts';
import {
  failed,
  Printer,
  printed,
  unsupported,
  type Command,
  type CommandContext,
  type CommandResult,
} from './command.ts';
import { endsProcess, signalName, signalNumber, signalTable } from './signals.ts';

/** Sends a signal; false where that is not allowed. */
export function deliver(context: CommandContext, process: Process, signal: number): boolean {
  if (context.user.uid !== 0 && process.uid !== context.user.uid) return false;
  const { machine } = context;
  if (signal === 0 || process.pid <= 2) return true;
  if (signal === 1 && process.service !== undefined) machine.services.reload(process.service);
  else if (endsProcess(signal)) {
    // An interactive shell takes no notice of TERM.
    if (!(process.pid === machine.loginPid && signal !== 9 && signal !== 1))
      machine.endProcess(process.pid, signal === 9 ? 'killed' : 'exited', signal);
  }
  return true;
}

export const kill: Command = {
  name: 'kill',
  run(context) {
    const [first = '', second] = context.args;
    if (first === '-l' || first === '-L') return list(context.args.slice(1));
    let signal = 15;
    let rest = context.args;
    if (first === '-s' || first === '-n') {
      if (second === undefined) return failed(`bash: kill: ${first}: option requires an argument`);
      const number = signalNumber(second);
      if (number === undefined)
        return failed(`bash: kill: ${second}: invalid signal specification`);
      signal = number;
      rest = context.args.slice(2);
    } else if (/^-./.test(first) && first !== '--') {
      const number = signalNumber(first.slice(1));
      if (number === undefined)
        return failed(`bash: kill: ${first.slice(1)}: invalid signal specification`);
      signal = number;
      rest = context.args.slice(1);
    }
    if (rest[0] === '--') rest = rest.slice(1);
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
          if (endsProcess(signal)) {
            context.machine.endProcess(job.pid, signal === 9 ? 'killed' : 'exited', signal);
            context.jobs.stop(job, signal);
          }
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

/** Names for numbers and numbers for names; a status above 128 is a signal's too. */
function list(words: readonly string[]): CommandResult {
  if (words.length === 0) return printed(signalTable());
  const out = new Printer();
  let exitCode = 0;
  for (const word of words) {
    const isNumber = /^\d+$/.test(word);
    const number = Number(word);
    const name = isNumber ? signalName(number > 128 ? number - 128 : number) : undefined;
    const found = isNumber ? name : signalNumber(word);
    if (found === undefined) {
      out.problem(`bash: kill: ${word}: invalid signal specification`);
      exitCode = 1;
    } else out.line(String(found));
  }
  return out.result(exitCode);
}

export const killall: Command = {
  name: 'killall',
  run(context) {
    const [first = ''] = context.args;
    const signal = /^-./.test(first) ? signalNumber(first.slice(1)) : 15;
    const [name] = /^-./.test(first) ? context.args.slice(1) : context.args;
    if (signal === undefined) return unsupported(context, 'killall', first);
    if (name === undefined) return failed('Usage: killall [OPTION]... [--] NAME...');
    const found = context.machine.processes.list().filter((one) => one.command === name);
    if (found.length === 0) return failed(`${name}: no process found`);
    const refused = found.filter((one) => !deliver(context, one, signal));
    if (refused.length > 0)
      return failed(
        refused.map((one) => `${name}(${one.pid}): Operation not permitted`).join('\n'),
      );
    return printed('');
  },
};
