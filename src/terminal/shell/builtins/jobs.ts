/** jobs, fg, bg, wait, disown, kill. */

import { waitUntil } from '../../commands/waiting-time.ts';
import type { ShellProcess } from '../shell-process.ts';
import { Exiting } from '../language/problems.ts';
import { invalidOption, readOptions, refuse, type Builtins } from './builtin.ts';

/** Lets time pass until something is over. */
async function until(shell: ShellProcess, isOver: () => boolean): Promise<void> {
  const { machine } = shell.session.options;
  await waitUntil(
    { machine, pace: shell.context.pace, signal: shell.signal },
    isOver,
    Number.POSITIVE_INFINITY,
  );
  if (shell.signal.aborted) throw new Exiting(130);
}

async function jobs(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'lnprs');
  if (wrong !== undefined)
    return invalidOption(
      shell,
      'jobs',
      wrong,
      'jobs [-lnprs] [jobspec ...] or jobs -x command [args]',
    );
  const table = shell.session.jobs;
  let status = 0;
  const wanted = [];
  for (const word of rest) {
    const job = table.find(word);
    if (job === undefined) status = await refuse(shell, 'jobs', `${word}: no such job`);
    else wanted.push(job);
  }
  const shown = rest.length > 0 ? wanted : table.list();
  for (const job of shown) {
    if (flags.has('r') && job.isDone) continue;
    if (flags.has('s')) continue;
    await shell.print(flags.has('p') ? `${job.pid}\n` : `${table.rowOf(job, flags.has('l'))}\n`);
  }
  table.forgetDone();
  return status;
}

async function fg(shell: ShellProcess, args: readonly string[]): Promise<number> {
  if (!shell.isInteractive) return refuse(shell, 'fg', 'no job control');
  const table = shell.session.jobs;
  const job = table.find(args[0] ?? '%+');
  if (job === undefined) return refuse(shell, 'fg', `${args[0] ?? 'current'}: no such job`);
  await shell.print(`${job.line}\n`);
  const finished = table.foreground(job, shell.signal);
  let isOver = false;
  void finished.then(() => {
    isOver = true;
  });
  await until(shell, () => isOver).catch((error: unknown) => {
    shell.session.options.machine.endProcess(job.pid);
    throw error;
  });
  return finished;
}

async function bg(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const job = shell.session.jobs.find(args[0] ?? '%+');
  if (job === undefined) return refuse(shell, 'bg', `${args[0] ?? 'current'}: no such job`);
  return refuse(shell, 'bg', `job ${job.number} already in background`, 0);
}

async function wait(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'fn', 'p');
  if (wrong !== undefined)
    return invalidOption(shell, 'wait', wrong, 'wait [-fn] [-p var] [id ...]');
  if (flags.has('n')) {
    const open = shell.children.filter((child) => child.status === null);
    if (open.length === 0) return 127;
    await until(shell, () => open.some((child) => child.status !== null));
    return open.find((child) => child.status !== null)?.status ?? 0;
  }
  if (rest.length === 0) {
    await until(shell, () => shell.children.every((child) => child.status !== null));
    if (shell.isInteractive) shell.session.jobs.report();
    return 0;
  }
  let status = 0;
  for (const word of rest) {
    const job = word.startsWith('%') ? shell.session.jobs.find(word) : undefined;
    const pid = word.startsWith('%') ? job?.pid : Number(word);
    if (pid === undefined) {
      status = await refuse(shell, 'wait', `${word}: no such job`, 127);
      continue;
    }
    if (!Number.isInteger(pid)) {
      status = await refuse(shell, 'wait', `\`${word}': not a pid or valid job spec`);
      continue;
    }
    const child = shell.children.findLast((one) => one.pid === pid);
    if (child === undefined) {
      status = await refuse(shell, 'wait', `pid ${pid} is not a child of this shell`, 127);
      continue;
    }
    await until(shell, () => child.status !== null);
    status = child.status ?? 0;
    if (shell.isInteractive) shell.session.jobs.report();
  }
  return status;
}

async function disown(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'ahr');
  if (wrong !== undefined)
    return invalidOption(shell, 'disown', wrong, 'disown [-h] [-ar] [jobspec ... | pid ...]');
  const table = shell.session.jobs;
  if (flags.has('a')) {
    for (const job of [...table.list()]) table.disown(job);
    return 0;
  }
  let status = 0;
  for (const word of rest.length > 0 ? rest : ['%+']) {
    const job = /^\d+$/.test(word)
      ? table.list().find((one) => one.pid === Number(word))
      : table.find(word);
    if (job === undefined)
      status = await refuse(shell, 'disown', `${rest.length > 0 ? word : 'current'}: no such job`);
    else if (!flags.has('h')) table.disown(job);
  }
  return status;
}

/** The builtin knows jobs; its work is the command's of the same name. */
function kill(shell: ShellProcess, args: readonly string[]): Promise<number> {
  return shell.session.runProgram(shell, {
    name: 'kill',
    args,
    env: shell.state.variables.exported(),
  });
}

async function suspend(shell: ShellProcess): Promise<number> {
  return refuse(shell, 'suspend', 'cannot suspend a login shell');
}

export const jobBuiltins: Builtins = { jobs, fg, bg, wait, disown, kill, suspend };
