/**
 * A shell process, and the session that it belongs to (the machine, the terminal, programs and jobs), as
 * the builtins, redirections and variables see them. Only types: they and the interpreter meet here.
 */

import type { Command, Pace, TerminalAccess } from '../commands/command.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import type { User } from '../linux/users.ts';
import type { TerminalWords } from '../words.ts';
import type { PageYield } from './page-yield.ts';
import type { LineReader } from './just-bash/reader.ts';
import type { StartThread } from './just-bash/tool-thread.ts';
import type { LibraryTools } from './just-bash/tools.ts';
import type { Jobs } from './jobs.ts';
import type { ArrayWord } from './just-bash/declarations.ts';
import type { ConditionContext } from './language/conditions.ts';
import type { Expansion } from './language/expansion.ts';
import type { Budget } from './limits.ts';
import type { ShellState } from './shell-state.ts';
import type { Descriptors } from './streams/descriptors.ts';
import type { OpenFile } from './streams/open-file.ts';
import type { LimitReached } from './language/problems.ts';

export interface ShellOptions {
  readonly machine: LinuxHost;
  readonly commands: readonly Command[];
  readonly terminal: TerminalAccess;
  readonly pace: Pace;
  readonly words: TerminalWords;
  /** Makes a thread for the library's tools; without it they run on this one. */
  readonly startToolThread?: StartThread;
  manual(name: string): Promise<string | undefined>;
  reboot(): void;
}

/** What all processes of one shell at one terminal share. */
export interface ShellSession {
  readonly options: ShellOptions;
  readonly reader: LineReader;
  readonly tools: LibraryTools;
  readonly jobs: Jobs;
  readonly pageYield: PageYield;
  /** The command lines of this session; the `history` builtin may change them. */
  readonly history: string[];
  /** How what runs in the foreground waits: several at once share one clock. */
  readonly pace: Pace;
  commandOf(name: string): Command | undefined;
  /** Whether a program of this name can be run here. */
  hasProgram(name: string): boolean;
  commandNames(): readonly string[];
  openShell(user: User, options: { readonly isLogin: boolean }): void;
  write(text: string, stream: 'out' | 'err'): void;
  /** A limit has ended a line or a job: it is said once. */
  limitMet(error: LimitReached): void;
  /** What the page says of a name that no program has here. */
  noSuchProgram(name: string): string;
  /** What the page says of a program that this machine was made without. */
  notOnThisMachine(name: string): string;
  /** Runs a program that has been found, with the descriptors of the shell that calls it. */
  runProgram(shell: ShellProcess, call: ProgramCall): Promise<number>;
}

export interface ProgramCall {
  readonly name: string;
  readonly args: readonly string[];
  /** The variables that it inherits. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a shell process runs in. */
export interface ProcessContext {
  readonly session: ShellSession;
  readonly budget: Budget;
  readonly signal: AbortSignal;
  readonly pace: Pace;
  /** The number promised to a background job's first process. */
  readonly jobPid?: number;
  /** The shell that the learner types into: it says when its jobs end. */
  readonly isInteractive: boolean;
  readonly depth: number;
}

/** A process that a shell has started in the background. */
export interface Child {
  readonly pid: number;
  readonly promise: Promise<number>;
  status: number | null;
}

/** A shell process as its builtins, redirections and variables see it. */
export interface ShellProcess {
  readonly session: ShellSession;
  readonly state: ShellState;
  readonly fds: Descriptors;
  readonly context: ProcessContext;
  readonly expansion: Expansion;
  readonly signal: AbortSignal;
  readonly isInteractive: boolean;
  readonly isReturnable: boolean;
  readonly children: readonly Child[];
  readonly pendingArrays: Map<string, readonly ArrayWord[]>;
  readonly conditionContext: ConditionContext;
  readonly terminalInput: OpenFile;
  readonly terminalOutput: OpenFile;
  readonly loopDepth: number;
  sourceDepth: number;
  print(text: string): Promise<void>;
  /** A message on standard error, with the shell's name in front. */
  complain(text: string): Promise<void>;
  warn(text: string): Promise<void>;
  readAll(fd: number): Promise<string>;
  runText(text: string, what?: string): Promise<number>;
  runBuiltin(name: string, args: readonly string[]): Promise<number>;
  program(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<number>;
  assignArray(name: string, words: readonly ArrayWord[], isAppending: boolean): Promise<void>;
  glob(pattern: string): string[];
  /** Lets the page have its turn where it has waited long. */
  yieldIfDue(): Promise<void>;
  /** Whether `ulimit -n` leaves this process so many more descriptors. */
  hasDescriptors(count: number): boolean;
}
