/** What a command of the machine is: a function over the machine, in one user's name. */

import type { HostInterface, SocketOwner } from '../../network/world.ts';
import type { SocketRow } from '../formats/socket-row.ts';
import type { SocketCounters } from '../formats/ss-table.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import type { Identity } from '../linux/file-system.ts';
import type { Process, Program } from '../linux/processes.ts';
import type { User } from '../linux/users.ts';
import type { EditRequest } from '../machine.ts';
import { machineHost } from '../linux/neighbourhood.ts';
import { fill, type TerminalWords } from '../words.ts';

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
}

/** Time as a waiting command spends it. */
export interface Pace {
  /** False for what runs in the background: it waits for time that others let pass. */
  readonly isDriving: boolean;
  /** Lets virtual milliseconds pass; real time may be shorter. */
  pass(ms: number, signal: AbortSignal): Promise<void>;
  /** Waits for anything at all to happen. */
  idle(signal: AbortSignal): Promise<void>;
}

export interface CommandContext {
  readonly machine: LinuxHost;
  /** The host whose programs these are: the machine's own, or another one after `ssh`. */
  readonly host: HostInterface;
  readonly hostName: string;
  /** That host's sockets as the tools show them. */
  socketRows(): readonly SocketRow[];
  socketCounters(): SocketCounters;
  readonly args: readonly string[];
  readonly user: User;
  readonly identity: Identity;
  readonly cwd: string;
  readonly env: ReadonlyMap<string, string>;
  /** The variables that programs inherit. */
  readonly exported: Readonly<Record<string, string>>;
  /** What came through a pipe or a redirection, as text; null when stdin is the terminal. */
  readonly stdin: string | null;
  /** Whether standard output is the terminal. */
  readonly isTty: boolean;
  readonly terminal: TerminalAccess;
  readonly pace: Pace;
  readonly words: TerminalWords;
  readonly signal: AbortSignal;
  /** Manual page in the reader's language. */
  manual(name: string): Promise<string | undefined>;
  /** Runs a line in the same shell's name, or another user's. */
  run(script: string, options?: RunOptions): Promise<CommandResult>;
  /** Opens an interactive shell of a user on top of this one. */
  openShell(user: User, options: { readonly isLogin: boolean }): void;
  readonly jobs: JobTable;
  /** Names of every command, for look-ups. */
  readonly commandNames: readonly string[];
  /** The command lines of this session. */
  readonly history: readonly string[];
  /** Ends every session and boots the machine again. */
  reboot(): void;
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

export interface JobTable {
  list(): readonly Job[];
  find(word: string): Job | undefined;
  /** Done jobs have been told of. */
  forgetDone(): void;
  /** Waits for a job and takes it out of the table. */
  foreground(job: Job, signal: AbortSignal): Promise<number>;
  stop(job: Job): void;
}

export interface Command {
  readonly name: string;
  /** Other names for the same. */
  readonly aliases?: readonly string[];
  run(context: CommandContext): CommandResult | Promise<CommandResult>;
}

export const success: CommandResult = { stdout: '', stderr: '', exitCode: 0 };

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

/** The mark that a command's sockets bear. On another host its process is not in our table. */
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
  const jobPid = Number(context.env.get(jobPidVariable));
  const isFree = jobPid > 0 && context.machine.processes.get(jobPid) === undefined;
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

/** Tells a background job's first process which number was promised for it. */
export const jobPidVariable = '__JOB_PID';

/** The longest jump in virtual time that needs no waiting, in milliseconds. */
const unnoticedMs = 300;

/**
 * Lets time pass until the condition holds.
 * @param limitMs virtual milliseconds to wait at most; Infinity waits for ever
 * @returns whether the condition came to hold
 */
export async function waitUntil(
  context: CommandContext,
  holds: () => boolean,
  limitMs: number,
): Promise<boolean> {
  const { machine, pace, signal } = context;
  const end = machine.world.nowMs + limitMs;
  while (!holds()) {
    if (signal.aborted) return false;
    const now = machine.world.nowMs;
    if (now >= end) return false;
    if (!pace.isDriving) {
      await pace.idle(signal);
      continue;
    }
    const next = machine.nextMs;
    const gap = next === null ? end - now : Math.min(next, end) - now;
    if (gap === Number.POSITIVE_INFINITY) await pace.idle(signal);
    else if (gap <= unnoticedMs) machine.advance(Math.max(gap, 0.001));
    else await pace.pass(Math.min(gap, 1000), signal);
  }
  return true;
}
