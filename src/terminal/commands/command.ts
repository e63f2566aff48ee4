/** What a command of the machine is: a function over the machine, in one user's name. */

import type { HostInterface, SocketOwner } from '../../network/world.ts';
import type { SocketEntry } from '../formats/socket-entry.ts';
import type { SocketCounters } from '../formats/ss-table.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import type { Identity } from '../linux/file-system.ts';
import type { Process, Program } from '../linux/processes.ts';
import type { User } from '../linux/users.ts';
import type { EditRequest } from '../machine.ts';
import { machineHost } from '../linux/neighbourhood.ts';
import { fill, type TerminalWords } from '../words.ts';
import type { Pace } from './waiting-time.ts';

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
  /** The same output in the order in which it was printed, where both streams were used. */
  readonly inOrder?: readonly Printed[];
}

export interface Printed {
  readonly stream: 'out' | 'err';
  readonly text: string;
}

/** Collects what a command prints, in order. */
export class Printer {
  private readonly pieces: Printed[] = [];

  /** A line on standard output. */
  line(text: string): void {
    this.pieces.push({ stream: 'out', text: `${text}\n` });
  }

  piece(stream: Printed['stream'], text: string): void {
    this.pieces.push({ stream, text });
  }

  text(text: string): void {
    this.pieces.push({ stream: 'out', text });
  }

  /** A line on standard error. */
  problem(text: string): void {
    this.pieces.push({ stream: 'err', text: `${text}\n` });
  }

  result(exitCode: number): CommandResult {
    const of = (stream: Printed['stream']) =>
      this.pieces.flatMap((piece) => (piece.stream === stream ? [piece.text] : [])).join('');
    return { stdout: of('out'), stderr: of('err'), exitCode, inOrder: this.pieces };
  }
}

/** The terminal as a program in the foreground uses it. */
export interface TerminalAccess {
  columns(): number;
  rows(): number;
  write(text: string, stream?: 'out' | 'err'): void;
  /** A line from the keyboard; null at end of input. */
  readLine(prompt: string, signal: AbortSignal): Promise<string | null>;
  page(title: string, text: string, signal: AbortSignal): Promise<void>;
  /** Shows a text in place of the last one; null leaves. */
  screen(text: string | null): void;
  edit(request: Omit<EditRequest, 'close'>): Promise<void>;
  clear(): void;
  notice(text: string): void;
  /** Offers a file of the machine to be saved outside it. */
  offerFile(name: string, bytes: string): void;
}

export interface Descriptors {
  readonly inherited: number;
  readonly limit: number;
}

export interface CommandContext {
  readonly machine: LinuxHost;
  /** The host whose programs these are: the machine's own, or another one after `ssh`. */
  readonly host: HostInterface;
  readonly hostName: string;
  /** That host's sockets as the tools show them. */
  socketEntries(): readonly SocketEntry[];
  socketCounters(): SocketCounters;
  readonly args: readonly string[];
  readonly user: User;
  readonly identity: Identity;
  readonly cwd: string;
  readonly env: ReadonlyMap<string, string>;
  /** The variables that programs inherit. */
  readonly exported: Readonly<Record<string, string>>;
  /**
   * What came through a pipe or a redirection, as text, for a command that says `reads: 'all'`; empty for
   * one that does not read. Null when standard input is the terminal.
   */
  readonly stdin: string | null;
  /** Standard input, piece by piece as it comes. */
  readonly input: InputStream;
  /** The number promised to a background job's first process. */
  readonly jobPid: number | undefined;
  /** How many descriptors it began with, and how many `ulimit -n` allows it. */
  readonly descriptors: Descriptors;
  /** Whether standard output is the terminal. */
  readonly isTty: boolean;
  /**
   * The terminal. What is written to it goes where standard output or standard error lead, at once and
   * in order.
   */
  readonly terminal: TerminalAccess;
  /**
   * Writes to standard output and waits where the reader is slow.
   * @param bytes one character, one byte
   * @throws BrokenPipe where nobody reads any more
   */
  writeBytes(bytes: string): Promise<void>;
  /** Bytes of a file, a device or /dev/stdin, piece by piece. @throws FileError */
  openFile(path: string): InputStream;
  readonly pace: Pace;
  readonly words: TerminalWords;
  readonly signal: AbortSignal;
  /** Manual page in the reader's language. */
  manual(name: string): Promise<string | undefined>;
  /** Runs a line in the same shell's name, or another user's. */
  run(script: string, options?: RunOptions): Promise<CommandResult>;
  /**
   * Runs a program with this command's own input and output.
   * @returns its exit status; 127 where there is none, which has been said
   */
  spawn(words: readonly string[], options?: SpawnOptions): Promise<number>;
  /** Runs a shell, as `bash` does: over a text, or over standard input. */
  runShell(options: ShellRun): Promise<number>;
  /** Opens an interactive shell of a user on top of this one. */
  openShell(user: User, options: { readonly isLogin: boolean }): void;
  readonly jobs: JobTable;
  /** Whether a program of this name lies in PATH. */
  hasProgram(name: string): boolean;
  /** Names of every command, for look-ups. */
  readonly commandNames: readonly string[];
  /** Ends every session and boots the machine again. */
  reboot(): void;
}

/** Bytes as they come. */
export interface InputStream {
  readonly isTerminal: boolean;
  /** The next bytes; null at the end. */
  read(most?: number, signal?: AbortSignal): Promise<string | null>;
  /** Gives back what was read too much. */
  unread(bytes: string): void;
  /** All that is left, as text. */
  readText(): Promise<string>;
  close(): void;
}

export interface SpawnOptions {
  readonly user?: User;
  readonly cwd?: string;
  /** Added to the environment, or the whole of it with `isWhole`. */
  readonly env?: Readonly<Record<string, string>>;
  readonly isWholeEnv?: boolean;
  readonly signal?: AbortSignal;
  /** Given instead of this command's input, as text. */
  readonly stdin?: string;
}

export interface ShellRun extends SpawnOptions {
  /** The script; standard input is read where it is missing. */
  readonly text?: string;
  /** The script came as an argument, after `-c`. */
  readonly isArgument?: boolean;
  /** `$0` */
  readonly name: string;
  /** `$1` and so on. */
  readonly args: readonly string[];
  /** `set` options by letter, such as `e`. */
  readonly options?: string;
}

export interface RunOptions {
  readonly user?: User;
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Output goes to the terminal if this command's does; false collects it. */
  readonly toTerminal?: boolean;
}

export interface Job {
  readonly number: number;
  readonly pid: number;
  readonly line: string;
  readonly isDone: boolean;
}

/** The shell's jobs, as far as commands deal with them. */
export interface JobTable {
  find(word: string): Job | undefined;
  /** Ends a job as a signal does. */
  stop(job: Job, signal: number): void;
}

export interface Command {
  readonly name: string;
  /** `all`: its whole input is read before it runs, into `context.stdin`. */
  readonly reads?: 'all';
  /** Other names for the same. */
  readonly aliases?: readonly string[];
  run(context: CommandContext): CommandResult | Promise<CommandResult>;
}

export function printed(stdout: string, exitCode = 0): CommandResult {
  return { stdout, stderr: '', exitCode };
}

export function failed(stderr: string, exitCode = 1): CommandResult {
  return { stdout: '', stderr: stderr.endsWith('\n') ? stderr : `${stderr}\n`, exitCode };
}

/** For an option that the real tool has and this one has not. */
export function unsupported(context: CommandContext, tool: string, option: string): CommandResult {
  return failed(fill(context.words.unsupportedOption, { tool, option }), 2);
}

/** The owner that a command's sockets have. On another host its process is not in our table. */
export function startOwner(
  context: CommandContext,
  command: string,
  program: Program,
): { readonly owner: SocketOwner; readonly end: () => void } {
  const isHere = context.host.name === machineHost;
  const { pid } = isHere
    ? startProcess(context, command, program)
    : { pid: context.machine.processes.takePid() };
  const owner = { pid, command, user: context.user.name, uid: context.user.uid, fd: 3 };
  return {
    owner,
    end: () => {
      if (isHere) context.machine.endProcess(pid);
    },
  };
}

/** Starts a process in the user's name for as long as a command runs. */
export function startProcess(context: CommandContext, command: string, program: Program): Process {
  const { jobPid } = context;
  const isFree = jobPid !== undefined && context.machine.processes.get(jobPid) === undefined;
  return context.machine.processes.start({
    ...(isFree && { pid: jobPid }),
    ppid: context.machine.loginPid,
    uid: context.user.uid,
    user: context.user.name,
    command,
    args: [command, ...context.args].join(' '),
    tty: 'pts/0',
    program,
  });
}

export { waitUntil, type Pace } from './waiting-time.ts';
