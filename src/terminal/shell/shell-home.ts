/** What a running shell finds around it: the machine, the terminal, programs and jobs. */

import type { Command, Pace, TerminalAccess } from '../commands/command.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import type { User } from '../linux/users.ts';
import type { TerminalWords } from '../words.ts';
import type { Breath } from './breath.ts';
import type { LineReader } from './just-bash/reader.ts';
import type { LibraryTools } from './just-bash/tools.ts';
import type { Interpreter } from './interpreter.ts';
import type { Jobs } from './jobs.ts';
import type { LimitReached } from './language/problems.ts';

export interface ShellOptions {
  readonly machine: LinuxHost;
  readonly commands: readonly Command[];
  readonly terminal: TerminalAccess;
  readonly pace: Pace;
  readonly words: TerminalWords;
  manual(name: string): Promise<string | undefined>;
  reboot(): void;
}

export interface ShellHome {
  readonly options: ShellOptions;
  readonly reader: LineReader;
  readonly tools: LibraryTools;
  readonly jobs: Jobs;
  readonly breath: Breath;
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
  /** What the page says of a program that this machine was made without. */
  notOnThisMachine(name: string): string;
  /** Runs a program that has been found, with the descriptors of the shell that calls it. */
  runProgram(shell: Interpreter, call: ProgramCall): Promise<number>;
}

export interface ProgramCall {
  readonly name: string;
  readonly args: readonly string[];
  /** The variables that it inherits. */
  readonly env: Readonly<Record<string, string>>;
}
