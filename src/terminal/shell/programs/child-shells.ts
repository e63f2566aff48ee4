/** Programs that run programs: sudo, env, bash, xargs, find -exec. Each runs in a shell process of its own. */

import type { CommandResult, ShellRun, SpawnOptions } from '../../commands/command.ts';
import { fromBytes, toBytes } from '../../linux/file-system.ts';
import type { User } from '../../linux/users.ts';
import { Interpreter } from '../execution/interpreter.ts';
import { LimitReached } from '../language/problems.ts';
import { Variables } from '../language/variables.ts';
import { maximumHeld } from '../limits.ts';
import type { ProcessContext } from '../shell-process.ts';
import { freshState } from '../shell-level.ts';
import { ShellState } from '../shell-state.ts';
import { Collector, TextFile, type OpenFile } from '../streams/open-file.ts';

/** A process for another program: the caller's descriptors, perhaps another user. */
function childOf(
  shell: Interpreter,
  env: Readonly<Record<string, string>>,
  options: SpawnOptions,
): Interpreter {
  const user = options.user ?? shell.state.user;
  const changes: Partial<ProcessContext> =
    options.signal === undefined ? {} : { signal: options.signal };
  const child = shell.fork(changes);
  const { state } = child;
  state.user = user;
  state.cwd = options.cwd ?? shell.state.cwd;
  state.variables = variablesOf(
    options.isWholeEnv === true ? (options.env ?? {}) : { ...env, ...options.env },
  );
  state.functions = new Map();
  state.aliases = new Map();
  state.traps = new Map();
  state.callStack = [];
  state.name = 'bash';
  if (options.stdin !== undefined) child.fds.set(0, new TextFile(toBytes(options.stdin)));
  return child;
}

function variablesOf(env: Readonly<Record<string, string>>): Variables {
  const variables = new Variables();
  for (const [name, value] of Object.entries(env)) {
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    variables.set(name, value);
    variables.declareGlobal(name).isExported = true;
  }
  return variables;
}

export async function spawn(
  shell: Interpreter,
  env: Readonly<Record<string, string>>,
  words: readonly string[],
  options: SpawnOptions,
): Promise<number> {
  const [name = '', ...args] = words;
  const child = childOf(shell, env, options);
  try {
    return await child.runToEnd(() => child.program(name, args, child.state.variables.exported()));
  } finally {
    child.fds.closeAll();
  }
}

/** `bash`: a shell that starts afresh, with what it inherits. */
export async function runShell(
  shell: Interpreter,
  env: Readonly<Record<string, string>>,
  options: ShellRun,
): Promise<number> {
  const child = childOf(shell, env, options);
  const { state } = child;
  const { machine } = shell.session.options;
  const pid = machine.processes.peekPid();
  const fresh = new ShellState(state.user, state.cwd, pid, machine.world.nowMs);
  fresh.variables = state.variables;
  fresh.umask = state.umask;
  fresh.descriptorLimit = state.descriptorLimit;
  fresh.hardDescriptorLimit = state.hardDescriptorLimit;
  fresh.name = options.name;
  fresh.positional = options.args;
  const own = new Interpreter(fresh, child.fds, {
    ...child.context,
    isInteractive: false,
  });
  freshState(fresh);
  const prelude = options.options ?? '';
  try {
    return await own.runToEnd(async () => {
      if (prelude !== '') await own.runBuiltin('set', [`-${prelude}`]);
      if (options.text !== undefined)
        return own.runText(options.text, options.isArgument === true ? '-c: ' : '');
      return runStandardInput(own);
    });
  } finally {
    own.fds.closeAll();
  }
}

/** A script from standard input is read line by line, and its commands read on from there. */
async function runStandardInput(shell: Interpreter): Promise<number> {
  const file = shell.fds.get(0);
  let pending = '';
  for (;;) {
    const line = await readLine(shell, file);
    if (line === null) break;
    pending += line;
    const read = await shell.session.reader.read(pending, true);
    if (read.isIncomplete) continue;
    const text = pending;
    pending = '';
    await shell.runText(text);
  }
  return pending === '' ? shell.state.status : shell.runText(pending);
}

async function readLine(shell: Interpreter, file: OpenFile | undefined): Promise<string | null> {
  let bytes = '';
  for (;;) {
    const piece = await file?.read(4096, shell.signal);
    if (piece === null || piece === undefined) return bytes === '' ? null : fromBytes(bytes);
    bytes += piece;
    const end = bytes.indexOf('\n');
    if (end === -1) continue;
    file?.unread(bytes.slice(end + 1));
    return fromBytes(bytes.slice(0, end + 1));
  }
}

interface ScriptRun {
  readonly user?: User;
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly isCollected: boolean;
}

/** A script in a shell of its own, its output collected or on the caller's descriptors. */
export async function runScript(
  shell: Interpreter,
  env: Readonly<Record<string, string>>,
  script: string,
  options: ScriptRun,
): Promise<CommandResult> {
  const full = () => new LimitReached(`more than ${maximumHeld} bytes of output`);
  const out = new Collector(maximumHeld, full);
  const err = new Collector(maximumHeld, full);
  const caller = options.isCollected ? shell.fork() : shell;
  if (options.isCollected) {
    caller.fds.set(1, out);
    caller.fds.set(2, err);
  }
  try {
    const exitCode = await runShell(caller, env, {
      text: script,
      name: 'bash',
      args: [],
      ...(options.user !== undefined && { user: options.user }),
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...(options.env !== undefined && { env: options.env }),
      ...(options.stdin !== undefined && { stdin: options.stdin }),
    });
    return { stdout: fromBytes(out.bytes), stderr: fromBytes(err.bytes), exitCode };
  } finally {
    if (options.isCollected) caller.fds.closeAll();
  }
}

/** For a library tool that calls a program, such as `find -exec`: everything is collected. */
export async function runCollected(
  shell: Interpreter,
  words: readonly string[],
  stdin: string,
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<{ stdout: string; stderr: string; exitCode: number }> {
  const full = () => new LimitReached(`more than ${maximumHeld} bytes of output`);
  const out = new Collector(maximumHeld, full);
  const err = new Collector(maximumHeld, full);
  const child = shell.fork();
  child.fds.set(0, new TextFile(stdin));
  child.fds.set(1, out);
  child.fds.set(2, err);
  try {
    const exitCode = await spawn(child, env, words, { cwd });
    return { stdout: out.bytes, stderr: fromBytes(err.bytes), exitCode };
  } finally {
    child.fds.closeAll();
  }
}
