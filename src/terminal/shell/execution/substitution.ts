/** `$(…)` and `<(…)`: what a command prints, as a text or as a file. */

import { fromBytes } from '../../linux/file-system.ts';
import { LimitReached, tooManyFiles } from '../language/problems.ts';
import type { ProcessPart, Redirection, Script, Statement } from '../just-bash/syntax.ts';
import { maximumHeld } from '../limits.ts';
import { Collector } from '../streams/open-file.ts';
import { makePipe } from '../streams/pipe.ts';
import { RedirectionProblem, withRedirections } from './redirecting.ts';
import type { Child } from '../shell-process.ts';
import type { ScriptRunner } from './script-runner.ts';

/** What a script prints, without the line ends at its end. @throws LimitReached */
export async function substitute(shell: ScriptRunner, script: Script): Promise<string> {
  const { statements } = script;
  const fileOnly = onlyFile(statements);
  if (fileOnly !== undefined) return substituteFile(shell, fileOnly);
  if (!shell.hasDescriptors(2)) {
    await shell.complain(`cannot make pipe for command substitution: ${tooManyFiles}`);
    shell.substitutionStatus = 0;
    return '';
  }
  const child = shell.fork();
  const output = new Collector(
    maximumHeld,
    () => new LimitReached(`$(…): more than ${maximumHeld} bytes`),
  );
  child.fds.set(1, output);
  if (!shell.state.options.has('posix')) child.state.options.delete('errexit');
  shell.substitutionStatus = await shell.inChild(child, () => child.run(statements));
  shell.state.status = shell.substitutionStatus;
  return fromBytes(output.bytes.replaceAll('\0', '')).replace(/\n+$/, '');
}

/** `$(< file)` */
async function substituteFile(shell: ScriptRunner, redirection: Redirection): Promise<string> {
  let bytes = '';
  try {
    await withRedirections(shell, [redirection], async () => {
      bytes = await shell.readAll(0);
    });
    shell.substitutionStatus = 0;
  } catch (error) {
    if (!(error instanceof RedirectionProblem)) throw error;
    await shell.complain(error.message);
    shell.substitutionStatus = 1;
  }
  return fromBytes(bytes).replace(/\n+$/, '');
}

/** Starts a process substitution. @returns the path of its pipe */
export function substituteProcess(shell: ScriptRunner, part: ProcessPart): string {
  const { reader, writer } = makePipe();
  const child = shell.fork();
  const isInput = part.direction === 'input';
  child.fds.set(isInput ? 1 : 0, isInput ? writer : reader);
  let fd = 63;
  while (shell.fds.get(fd) !== undefined) fd -= 1;
  shell.fds.set(fd, isInput ? reader : writer);
  shell.processPipes.push(fd);
  const promise = shell
    .inChild(child, () => child.run(part.body.statements))
    .catch((error: unknown) => {
      if (error instanceof LimitReached) return 1;
      throw error;
    });
  const started: Child = { pid: child.state.pid, promise, status: null };
  shell.children.push(started);
  // `wait` waits for it, too.
  const ended = (status: number) => {
    started.status = status;
  };
  void promise.then(ended, () => {
    ended(1);
  });
  return `/dev/fd/${fd}`;
}

function onlyFile(statements: readonly Statement[]): Redirection | undefined {
  const [statement, ...more] = statements;
  const command = statement?.pipelines[0]?.commands[0];
  if (more.length > 0 || statement?.pipelines.length !== 1) return undefined;
  if (command?.type !== 'SimpleCommand' || command.name !== null) return undefined;
  const [redirection, ...others] = command.redirections;
  return redirection?.operator === '<' && others.length === 0 && command.assignments.length === 0
    ? redirection
    : undefined;
}
