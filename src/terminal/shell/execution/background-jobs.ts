/** Statements with `&` at their end: each is a job that goes on beside the prompt. */

import { builtins } from '../builtins/index.ts';
import { statementText } from '../language/printing.ts';
import { LimitReached } from '../language/problems.ts';
import type { Statement, Word } from '../just-bash/syntax.ts';
import type { Child } from '../shell-process.ts';
import { SilentInput } from '../streams/open-file.ts';
import type { ScriptRunner } from './script-runner.ts';

/** Starts a statement as a job; `$!` and `wait` find it among the shell's children. */
export async function startJob(shell: ScriptRunner, statement: Statement): Promise<void> {
  const { jobs, options } = shell.session;
  const line = jobText(statement);
  const only = statement.pipelines.length === 1 ? statement.pipelines[0] : undefined;
  const first = only?.commands.length === 1 ? only.commands[0] : undefined;
  const isProgram =
    first?.type === 'SimpleCommand' && first.name !== null && isProgramWord(shell, first.name);
  const start = (pid: number, signal: AbortSignal): Promise<number> => {
    const child = shell.fork({ signal, pace: jobs.paceOf(pid), jobPid: pid });
    child.state.pid = pid;
    if (child.fds.get(0)?.isTerminal === true) child.fds.set(0, new SilentInput());
    // A subshell is a process of its own; a lone program takes the number itself.
    if (!isProgram)
      options.machine.processes.start({
        pid,
        ppid: options.machine.loginPid,
        uid: shell.state.user.uid,
        user: shell.state.user.name,
        command: 'bash',
        args: '-bash',
        tty: 'pts/0',
        program: { kind: 'idle' },
      });
    return shell
      .inChild(child, () => child.run([{ ...statement, background: false }]))
      .finally(() => {
        if (!isProgram) options.machine.endProcess(pid);
      });
  };
  const started = await jobs.start(line, start, shell.isInteractive);
  shell.state.lastJob = started.pid;
  shell.state.status = 0;
  const child: Child = { pid: started.pid, promise: started.promise, status: null };
  void started.promise.then(
    (status) => {
      child.status = status;
    },
    (error: unknown) => {
      child.status = 1;
      if (error instanceof LimitReached) shell.session.limitMet(error);
    },
  );
  shell.children.push(child);
}

function isProgramWord(shell: ScriptRunner, word: Word): boolean {
  const [part, ...more] = word.parts;
  if (part?.type !== 'Literal' || more.length > 0) return false;
  return !builtins.has(part.value) && !shell.state.functions.has(part.value);
}

/** As `jobs` shows a job. */
function jobText(statement: Statement): string {
  const source = statement.sourceText?.trim().replace(/\s*&$/, '');
  return source === undefined || source.includes('\n') ? statementText(statement) : source;
}
