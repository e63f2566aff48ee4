/** Runs the library's tools (grep, sed, awk …) on a shell's descriptors. */

import type { Interpreter } from '../execution/interpreter.ts';
import { LimitReached } from '../language/problems.ts';
import { maximumHeld } from '../limits.ts';
import type { ProgramCall } from '../shell-process.ts';
import { FileRefusal } from '../streams/open-file.ts';
import { readsInput, streamsLines } from './tool-input.ts';

export async function runTool(shell: Interpreter, call: ProgramCall): Promise<number> {
  const { session, state } = shell;
  const streams = streamsLines(call);
  if (streams) return runLineByLine(shell, call);
  const stdin = readsInput(call) ? await readInput(shell) : '';
  if (shell.signal.aborted) return 130;
  const result = await session.tools.run({
    name: call.name,
    args: call.args,
    who: state.user,
    cwd: state.cwd,
    umask: state.umask,
    env: call.env,
    stdin,
    signal: shell.signal,
  });
  return writeResult(shell, result.stdout, result.stderr, result.exitCode);
}

async function readInput(shell: Interpreter): Promise<string> {
  const file = shell.fds.get(0);
  if (file === undefined) return '';
  return shell.readAll(0);
}

async function writeResult(
  shell: Interpreter,
  stdout: string,
  stderr: string,
  exitCode: number,
): Promise<number> {
  if (stderr !== '') await shell.warn(stderr);
  if (stdout !== '') await writeOut(shell, stdout);
  return exitCode;
}

async function writeOut(shell: Interpreter, bytes: string): Promise<void> {
  const file = shell.fds.get(1);
  if (file === undefined) throw new FileRefusal('Bad file descriptor');
  await file.write(bytes, shell.signal);
}

/** So much at a time: the page has its turn between two pieces. */
const linePieceBytes = 8192;

async function runLineByLine(shell: Interpreter, call: ProgramCall): Promise<number> {
  const { session, state } = shell;
  const file = shell.fds.get(0);
  let rest = '';
  let exitCode: number | null = null;
  for (;;) {
    const piece = file === undefined ? null : await file.read(linePieceBytes, shell.signal);
    if (shell.signal.aborted) return 130;
    const text = rest + (piece ?? '');
    // Characters can be turned one by one; everything else waits for its line.
    const end = piece === null || call.name === 'tr' ? text.length : text.lastIndexOf('\n') + 1;
    rest = text.slice(end);
    const whole = text.slice(0, end);
    if (whole !== '' || (piece === null && exitCode === null)) {
      const result = await session.tools.run({
        name: call.name,
        args: call.args,
        who: state.user,
        cwd: state.cwd,
        umask: state.umask,
        env: call.env,
        stdin: whole,
        signal: shell.signal,
      });
      exitCode = Math.min(exitCode ?? 2, result.exitCode);
      await writeResult(shell, result.stdout, result.stderr, 0);
      if (result.exitCode > 1) return result.exitCode;
      if (session.pageYield.isDue) await session.pageYield.ifDue();
    }
    if (rest.length > maximumHeld)
      throw new LimitReached(`a line of more than ${maximumHeld} bytes`);
    if (piece === null) return exitCode ?? 1;
  }
}
