/** Runs programs: the machine's own commands and the library's tools, on a shell's descriptors. */

import type {
  Command,
  CommandContext,
  CommandResult,
  InputStream,
  Printed,
  ShellRun,
  SpawnOptions,
  TerminalAccess,
} from '../commands/command.ts';
import { failed } from '../commands/command.ts';
import {
  FileError,
  fromBytes,
  resolvePath,
  toBytes,
  type VirtualNode,
} from '../linux/file-system.ts';
import { refusalText } from '../linux/user-files.ts';
import type { User } from '../linux/users.ts';
import { fill } from '../words.ts';
import { builtins } from './builtins/index.ts';
import { Interpreter } from './interpreter.ts';
import { LimitReached } from './language/problems.ts';
import { Variables } from './language/variables.ts';
import { maximumHeld } from './limits.ts';
import { loaderRefusal } from './loader.ts';
import { findProgram } from './program-search.ts';
import type { ProgramCall, Surroundings } from './shell-home.ts';
import { freshState } from './shell-level.ts';
import { ShellState } from './shell-state.ts';
import {
  BrokenPipe,
  Collector,
  FileRefusal,
  TextFile,
  type OpenFile,
} from './streams/open-file.ts';
import { openPath } from './streams/machine-files.ts';

/** Runs a program that has been found. */
export async function runProgram(shell: Interpreter, call: ProgramCall): Promise<number> {
  const { home } = shell;
  if (home.pageYield.isDue) await home.pageYield.ifDue();
  if (!shell.hasDescriptors(1)) {
    await shell.warn(loaderRefusal(call.name));
    return 127;
  }
  const command = home.commandOf(call.name);
  const isWhole = command?.reads === 'all' && shell.fds.get(0)?.isTerminal !== true;
  const input = isWhole ? await shell.readAll(0) : null;
  const prepared = await prepareDescriptorFiles(shell, call.args, input);
  try {
    if (command !== undefined) return await runCommand(shell, command, call, input);
    if (home.tools.has(call.name)) return await runTool(shell, call);
    return await runBuiltinProgram(shell, call);
  } finally {
    await prepared();
  }
}

/** /usr/bin/printf and its kind do what the builtins of those names do. */
async function runBuiltinProgram(shell: Interpreter, call: ProgramCall): Promise<number> {
  const child = shell.fork();
  child.state.name = call.name;
  try {
    return await child.runToEnd(() => child.runBuiltin(call.name, call.args));
  } finally {
    child.fds.closeAll();
  }
}

/** Names of programs that do what a builtin does. */
export const builtinPrograms: ReadonlySet<string> = new Set(
  ['[', 'echo', 'false', 'printf', 'pwd', 'test', 'true'].filter((name) => builtins.has(name)),
);

// --- /dev/fd for programs ---

const descriptorPath = /^\/dev\/(?:fd\/(\d+)|stdin)$/;

/**
 * Programs read files by their paths; what a process substitution gives is read before they begin, and
 * what they write there is handed on when they have ended.
 */
async function prepareDescriptorFiles(
  shell: Interpreter,
  args: readonly string[],
  input: string | null,
): Promise<() => Promise<void>> {
  const { machine } = shell.home.options;
  const names = args.flatMap((arg) => arg.match(/\/dev\/(?:fd\/\d+|stdin)\b/g) ?? []);
  const written: (() => Promise<void>)[] = [];
  const made: string[] = [];
  for (const path of new Set(names)) {
    const match = descriptorPath.exec(path);
    const fd = match?.[1] === undefined ? 0 : Number(match[1]);
    const file = shell.fds.get(fd);
    if (file === undefined) continue;
    let content = fd === 0 && input !== null ? input : '';
    let output = '';
    if (content === '' && !file.isTerminal && file.isReadable)
      content = await shell.readAll(fd).catch(asEmpty);
    const node: VirtualNode = {
      kind: 'virtual',
      mode: 0o666,
      uid: shell.state.user.uid,
      gid: shell.state.user.gid,
      modifiedAtMs: machine.epochNowMs,
      read: () => content,
      write: (bytes) => {
        output += bytes;
        return null;
      },
    };
    machine.descriptorFiles.set(path, node);
    made.push(path);
    written.push(async () => {
      if (output === '') return;
      try {
        await file.write(output, shell.signal);
      } catch (error) {
        if (!(error instanceof BrokenPipe || error instanceof FileRefusal)) throw error;
      }
    });
  }
  return async () => {
    for (const path of made) machine.descriptorFiles.delete(path);
    for (const one of written) await one();
  };
}

function asEmpty(error: unknown): string {
  if (error instanceof FileRefusal) return '';
  throw error;
}

// --- The library's tools ---

async function runTool(shell: Interpreter, call: ProgramCall): Promise<number> {
  const { home, state } = shell;
  const streams = streamsLines(call);
  if (streams) return runLineByLine(shell, call);
  const stdin = readsInput(call) ? await readInput(shell) : '';
  if (shell.signal.aborted) return 130;
  const result = await home.tools.run({
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

/** Tools that read standard input, and when. */
const inputReaders: Readonly<Record<string, (operands: readonly string[]) => boolean>> = {
  grep: (operands) => operands.length <= 1 || operands.includes('-'),
  egrep: (operands) => operands.length <= 1 || operands.includes('-'),
  fgrep: (operands) => operands.length <= 1 || operands.includes('-'),
  sed: () => true,
  awk: () => true,
  find: () => false,
  basename: () => false,
  dirname: () => false,
  mkdir: () => false,
  rmdir: () => false,
  touch: () => false,
  rm: () => false,
  cp: () => false,
  mv: () => false,
  ln: () => false,
  chmod: () => false,
  readlink: () => false,
  stat: () => false,
  which: () => false,
  file: () => false,
  expr: () => false,
  du: () => false,
  tree: () => false,
  tr: () => true,
};

function readsInput({ name, args }: ProgramCall): boolean {
  const operands = args.filter((arg) => !arg.startsWith('-') || arg === '-');
  const reads = inputReaders[name];
  if (name === 'sed' || name === 'awk') return readsProgramInput(name, args);
  if (name.endsWith('grep')) return readsGrepInput(args);
  if (reads !== undefined) return reads(operands);
  return operands.length === 0 || operands.includes('-');
}

function readsProgramInput(name: string, args: readonly string[]): boolean {
  let hasProgram = false;
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (/^-[ef]$/.test(arg)) {
      hasProgram = true;
      at += 1;
    } else if (name === 'awk' && /^-[vF]$/.test(arg)) at += 1;
    else if (/^-./.test(arg)) hasProgram ||= /^-[a-zA-Z]*[ef]./.test(arg) && name === 'sed';
    else operands.push(arg);
  }
  const files = (hasProgram ? operands : operands.slice(1)).filter(
    (one) => name !== 'awk' || !/^\w+=/.test(one),
  );
  const isBegin = name === 'awk' && /^\s*BEGIN\s*\{[^{}]*\}\s*$/.test(operands[0] ?? '');
  return !isBegin && (files.length === 0 || files.includes('-'));
}

function readsGrepInput(args: readonly string[]): boolean {
  let hasPattern = false;
  let isRecursive = false;
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (/^-[a-zA-Z]*[efABCm]$/.test(arg)) {
      hasPattern ||= /[ef]$/.test(arg);
      at += 1;
    } else if (/^-./.test(arg)) {
      isRecursive ||= /^-[a-zA-Z]*[rR]|^--recursive/.test(arg);
      hasPattern ||= /^--(?:regexp|file)=|^-[ef]./.test(arg);
    } else operands.push(arg);
  }
  const files = hasPattern ? operands : operands.slice(1);
  return !isRecursive && (files.length === 0 || files.includes('-'));
}

/**
 * Tools that treat each line by itself print as lines come, as the real ones do: `journalctl -f | grep`.
 */
function streamsLines(call: ProgramCall): boolean {
  if (!readsInput(call)) return false;
  const { name, args } = call;
  if (/^[ef]?grep$/.test(name))
    return args.every(
      (arg) =>
        !arg.startsWith('-') ||
        /^-[iEFGPvwxoha]+$|^--(?:line-buffered|color(?:=\w+)?)$|^-e$/.test(arg),
    );
  if (name === 'cut' || name === 'rev') return true;
  if (name === 'tr') return true;
  if (name === 'sed') return args.every((arg) => /^-[nErus]+$|^-e$|^s(.).*\1.*\1[gIp]*$/.test(arg));
  if (name === 'awk') {
    const [program = ''] = args.filter((arg) => !arg.startsWith('-'));
    return (
      /^[^{}]*\{\s*print[^{};]*\}\s*$/.test(program) &&
      !/BEGIN|END|NR|getline|\+\+|[^=!<>]=[^=~]/.test(program)
    );
  }
  return false;
}

/** So much at a time: the page has its turn between two pieces. */
const linePieceBytes = 8192;

async function runLineByLine(shell: Interpreter, call: ProgramCall): Promise<number> {
  const { home, state } = shell;
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
      const result = await home.tools.run({
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
      if (home.pageYield.isDue) await home.pageYield.ifDue();
    }
    if (rest.length > maximumHeld)
      throw new LimitReached(`a line of more than ${maximumHeld} bytes`);
    if (piece === null) return exitCode ?? 1;
  }
}

// --- The machine's own commands ---

async function runCommand(
  shell: Interpreter,
  command: Command,
  call: ProgramCall,
  input: string | null,
): Promise<number> {
  const output = new OrderedOutput(shell);
  const stdin = shell.fds.get(0);
  let text: string | null = '';
  if (stdin?.isTerminal === true) text = null;
  else if (input !== null) text = fromBytes(input);
  const context = contextOf(shell, call, text, output);
  let result: CommandResult;
  try {
    result =
      call.args.length === 1 && call.args[0] === '--help'
        ? await help(command.name, context)
        : await command.run(context);
  } catch (error) {
    await output.settled();
    if (!(error instanceof FileError)) throw error;
    result = failed(`${command.name}: ${error.path}: ${refusalText(error.code)}`);
  }
  for (const { stream, text } of joined(
    result.inOrder ?? [
      { stream: 'out', text: result.stdout },
      { stream: 'err', text: result.stderr },
    ],
  ))
    output.write(text, stream);
  await output.settled();
  return result.exitCode;
}

/** Neighbouring pieces of one stream as one: each write is waited for by itself. */
function joined(pieces: readonly Printed[]): readonly Printed[] {
  const runs: { readonly stream: Printed['stream']; readonly texts: string[] }[] = [];
  for (const { stream, text } of pieces) {
    const last = runs.at(-1);
    if (last?.stream === stream) last.texts.push(text);
    else runs.push({ stream, texts: [text] });
  }
  return runs.map(({ stream, texts }) => ({ stream, text: texts.join('') }));
}

/** Writes in the order in which they were asked for, each when the last is through. */
class OrderedOutput {
  private readonly shell: Interpreter;
  private last: Promise<void> = Promise.resolve();
  private failure: Error | null = null;

  constructor(shell: Interpreter) {
    this.shell = shell;
  }

  write(text: string, stream: 'out' | 'err'): void {
    if (text !== '') this.add(toBytes(text), stream);
  }

  async writeBytes(bytes: string): Promise<void> {
    this.add(bytes, 'out');
    await this.settled();
    // Two programs could hand bytes to one another for ever, and the page would never have its turn.
    const { pageYield } = this.shell.home;
    if (pageYield.isDue) await pageYield.ifDue();
  }

  /** Waits until all is written. @throws BrokenPipe */
  async settled(): Promise<void> {
    await this.last;
    if (this.failure !== null) throw this.failure;
  }

  private add(bytes: string, stream: 'out' | 'err'): void {
    const { shell } = this;
    this.last = this.last.then(async () => {
      if (this.failure !== null) return;
      const file = shell.fds.get(stream === 'out' ? 1 : 2);
      try {
        if (file === undefined) throw new FileRefusal('Bad file descriptor');
        await file.write(bytes, shell.signal);
      } catch (error) {
        if (stream === 'err' && error instanceof FileRefusal) return;
        this.failure = error as Error;
      }
    });
  }
}

class ShellInput implements InputStream {
  private readonly file: OpenFile | undefined;
  private readonly signal: AbortSignal;
  private readonly ownsFile: boolean;

  constructor(file: OpenFile | undefined, signal: AbortSignal, ownsFile: boolean) {
    this.file = ownsFile ? file?.retain() : file;
    this.signal = signal;
    this.ownsFile = ownsFile;
  }

  get isTerminal(): boolean {
    return this.file?.isTerminal === true;
  }

  async read(most = 65_536, signal: AbortSignal = this.signal): Promise<string | null> {
    return (await this.file?.read(most, signal)) ?? null;
  }

  unread(bytes: string): void {
    if (this.file?.isSeekable === true) this.file.unread(bytes);
  }

  async readText(): Promise<string> {
    let bytes = '';
    for (;;) {
      const piece = await this.read();
      if (piece === null) return fromBytes(bytes);
      bytes += piece;
      if (bytes.length > maximumHeld)
        throw new LimitReached(`an input of more than ${maximumHeld} bytes`);
    }
  }

  close(): void {
    if (this.ownsFile) this.file?.release();
  }
}

function contextOf(
  shell: Interpreter,
  call: ProgramCall,
  stdin: string | null,
  output: OrderedOutput,
): CommandContext {
  const { state, home, surroundings } = shell;
  const { machine, terminal, words } = home.options;
  const { user } = state;
  const isTty = shell.fds.get(1)?.isTerminal === true;
  const access: TerminalAccess = {
    columns: () => terminal.columns(),
    rows: () => terminal.rows(),
    write: (text, stream = 'out') => {
      output.write(text, stream);
    },
    readLine: (prompt, signal) => terminal.readLine(prompt, signal),
    page: (title, text, signal) => terminal.page(title, text, signal),
    screen: (text) => {
      terminal.screen(text);
    },
    edit: (request) => terminal.edit(request),
    clear: () => {
      terminal.clear();
    },
    notice: (text) => {
      terminal.notice(text);
    },
    offerFile: (name, bytes) => {
      terminal.offerFile(name, bytes);
    },
  };
  return {
    machine,
    args: call.args,
    user,
    identity: { uid: user.uid, gid: user.gid },
    cwd: state.cwd,
    env: new Map(Object.entries(call.env)),
    exported: call.env,
    host: machine.host,
    hostName: machine.hostName(),
    socketRows: () => machine.socketRows(),
    socketCounters: () => machine.socketCounters(),
    stdin,
    input: new ShellInput(shell.fds.get(0), shell.signal, false),
    jobPid: surroundings.jobPid,
    descriptors: { inherited: shell.fds.size, limit: state.descriptorLimit },
    isTty,
    terminal: access,
    writeBytes: (bytes) => output.writeBytes(bytes),
    openFile: (path) => openFor(shell, path),
    pace: surroundings.pace,
    words,
    signal: shell.signal,
    manual: (name) => home.options.manual(name),
    reboot: () => {
      home.options.reboot();
    },
    jobs: home.jobs,
    hasProgram: (name) =>
      findProgram(shell, name).kind === 'program' || findProgram(shell, name).kind === 'script',
    commandNames: home.commandNames(),
    openShell: (who, how) => {
      home.openShell(who, how);
    },
    spawn: async (argv, options = {}) => {
      await output.settled();
      return spawn(shell, call.env, argv, options);
    },
    runShell: async (options) => {
      await output.settled();
      return runShell(shell, call.env, options);
    },
    run: async (script, options = {}) => {
      await output.settled();
      const isCollected = options.toTerminal === false;
      return runScript(shell, call.env, script, { ...options, isCollected });
    },
  };
}

async function help(name: string, context: CommandContext): Promise<CommandResult> {
  const page = await context.manual(name);
  return page === undefined
    ? failed(fill(context.words.noManual, { tool: name }))
    : { stdout: page, stderr: '', exitCode: 0 };
}

function openFor(shell: Interpreter, path: string): InputStream {
  const { state, home } = shell;
  const { machine } = home.options;
  const match = /^\/dev\/(?:fd\/(\d+)|stdin)$/.exec(path);
  if (match !== null && !machine.descriptorFiles.has(path)) {
    const file = shell.fds.get(match[1] === undefined ? 0 : Number(match[1]));
    if (file === undefined) throw new FileError('ENOENT', path);
    return new ShellInput(file, shell.signal, true);
  }
  const absolute = resolvePath(state.cwd, path);
  const { files, world } = machine;
  const file = openPath(files, absolute, state.user, 'read', world.nowMs, state.umask);
  return new ShellInput(file, shell.signal, true);
}

// --- Programs that run programs ---

/** A process for another program: the caller's descriptors, perhaps another user. */
function childOf(
  shell: Interpreter,
  env: Readonly<Record<string, string>>,
  options: SpawnOptions,
): Interpreter {
  const user = options.user ?? shell.state.user;
  const changes: Partial<Surroundings> =
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

async function spawn(
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
async function runShell(
  shell: Interpreter,
  env: Readonly<Record<string, string>>,
  options: ShellRun,
): Promise<number> {
  const child = childOf(shell, env, options);
  const { state } = child;
  const { machine } = shell.home.options;
  const pid = machine.processes.peekPid();
  const fresh = new ShellState(state.user, state.cwd, pid, machine.world.nowMs);
  fresh.variables = state.variables;
  fresh.umask = state.umask;
  fresh.descriptorLimit = state.descriptorLimit;
  fresh.hardDescriptorLimit = state.hardDescriptorLimit;
  fresh.name = options.name;
  fresh.positional = options.args;
  const own = new Interpreter(fresh, child.fds, {
    ...child.surroundings,
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
    const read = await shell.home.reader.read(pending);
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
async function runScript(
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
