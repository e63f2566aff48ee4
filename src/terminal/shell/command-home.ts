/** What the commands of a shell find around them: the machine, the terminal, and the shell itself. */

import type {
  Command,
  CommandResult,
  Pace,
  RunOptions,
  TerminalAccess,
} from '../commands/command.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import type { User } from '../linux/users.ts';
import type { TerminalWords } from '../words.ts';
import type { Breath } from './breath.ts';
import type { Jobs } from './jobs.ts';
import type { TcpFiles } from './tcp-files.ts';

export interface ShellOptions {
  readonly machine: LinuxHost;
  readonly commands: readonly Command[];
  readonly terminal: TerminalAccess;
  readonly pace: Pace;
  readonly words: TerminalWords;
  manual(name: string): Promise<string | undefined>;
  reboot(): void;
}

export interface ScriptOptions extends RunOptions {
  readonly signal: AbortSignal;
  readonly isTty: boolean;
}

export interface CommandHome {
  readonly options: ShellOptions;
  readonly jobs: Jobs;
  readonly tcpFiles: TcpFiles;
  readonly breath: Breath;
  readonly history: readonly string[];
  /** Aborted by Ctrl+C while a typed line runs. */
  readonly signal: AbortSignal;
  commandNames(): readonly string[];
  openShell(user: User, options: { readonly isLogin: boolean }): void;
  runScript(script: string, user: User, options: ScriptOptions): Promise<CommandResult>;
  write(text: string, stream: 'out' | 'err'): void;
}
