/**
 * The shell of the machine: runs typed lines in a user's name with the shell library, carries
 * variables, functions and the working directory from line to line, and holds the limits.
 */

import { failed, jobPidVariable, type CommandResult } from '../commands/command.ts';
import type { User } from '../linux/users.ts';
import { fill } from '../words.ts';
import { Breath } from './breath.ts';
import { bundledStdin, repairMessages } from './bundled.ts';
import { bundledNames } from './bundled-commands.ts';
import type { CommandHome, ScriptOptions, ShellOptions } from './command-home.ts';
import { Jobs } from './jobs.ts';
import {
  aliasEnvironment,
  epilogue,
  freshEnvironment,
  nextLevel,
  prologue,
} from './level-state.ts';
import { hasHugeRange, longestRange, maximumPrinted } from './limits.ts';
import { LineReader, syntaxMessage } from './line-reader.ts';
import { collected, onTerminal } from './line-transform.ts';
import { Runner } from './runner.ts';
import { freshLevel, prompt, type ShellLevel } from './shell-level.ts';
import { TcpFiles } from './tcp-files.ts';

export interface ShellSnapshot {
  readonly levels: readonly ShellLevel[];
  readonly history: readonly string[];
}

export type LineOutcome =
  { readonly kind: 'done'; readonly exitCode: number } | { readonly kind: 'incomplete' };

export class Shell implements CommandHome {
  levels: ShellLevel[] = [];
  readonly history: string[] = [];
  readonly options: ShellOptions;
  readonly jobs: Jobs;
  readonly tcpFiles: TcpFiles;
  readonly breath = new Breath();
  private readonly reader = new LineReader();
  private readonly runner = new Runner(this);
  private readonly ownNames: ReadonlySet<string>;
  private printed = 0;
  private current: AbortController | null = null;
  /** Why the output limit has stopped the line. */
  private stopReason: string | null = null;

  constructor(options: ShellOptions) {
    this.options = options;
    this.jobs = new Jobs(options.machine, (text) => {
      this.write(text, 'out');
    });
    this.tcpFiles = new TcpFiles(options.machine, options.pace);
    this.ownNames = new Set([
      ...options.commands.flatMap((one) => [one.name, ...(one.aliases ?? [])]),
      ...bundledStdin.keys(),
    ]);
    this.logIn();
  }

  logIn(): void {
    const { machine } = this.options;
    const user = machine.user(machine.distribution.loginUser) ?? rootUser;
    this.levels = [freshLevel(user, machine.distribution, user.home, machine.hostName())];
  }

  get level(): ShellLevel {
    return (
      this.levels[this.levels.length - 1] ??
      freshLevel(rootUser, this.options.machine.distribution, '/', '')
    );
  }

  get prompt(): string {
    const { machine } = this.options;
    return prompt(this.level, machine.distribution, machine.hostName().split('.')[0] ?? '');
  }

  get signal(): AbortSignal {
    return this.current?.signal ?? new AbortController().signal;
  }

  snapshot(): ShellSnapshot {
    return { levels: [...this.levels], history: [...this.history] };
  }

  /** To be called when the machine has been put back: jobs of processes that are there go on. */
  restore(snapshot: ShellSnapshot): void {
    const { processes } = this.options.machine;
    this.interrupt();
    this.jobs.keep((pid) => processes.get(pid) !== undefined);
    this.levels = [...snapshot.levels];
    this.history.splice(0, this.history.length, ...snapshot.history);
  }

  interrupt(): void {
    this.current?.abort();
  }

  /** Whether the text is a whole command, or the shell would ask for more. */
  isIncomplete(text: string): boolean {
    return this.reader.isIncomplete(text);
  }

  /** Runs a line as typed at the prompt. Its output goes to the terminal. */
  async runLine(text: string): Promise<LineOutcome> {
    if (text.trim() === '') return { kind: 'done', exitCode: this.level.status };
    if (this.isIncomplete(text)) return { kind: 'incomplete' };
    this.printed = 0;
    this.stopReason = null;
    this.runner.hasMetLimit = false;
    const refusal = this.refusal(text);
    if (refusal !== null) {
      this.write(refusal.text, 'err');
      this.setStatus(refusal.exitCode);
      return { kind: 'done', exitCode: refusal.exitCode };
    }
    const abort = new AbortController();
    this.current = abort;
    let exitCode = await this.runStatements(text, abort.signal).finally(() => {
      this.current = null;
    });
    this.sayWhyStopped();
    if (abort.signal.aborted) exitCode = 130;
    this.setStatus(exitCode);
    this.jobs.report();
    return { kind: 'done', exitCode };
  }

  /** Runs a script in a user's name and collects what it prints, or sends it to the terminal. */
  async runScript(script: string, user: User, options: ScriptOptions): Promise<CommandResult> {
    const streams = options.isTty
      ? { ...onTerminal, inTerminal: options.stdin === undefined }
      : collected;
    let text: string;
    try {
      text = this.reader.script(script, this.transformOptions(streams));
    } catch (error) {
      return failed(syntaxMessage(error), 2);
    }
    const { machine } = this.options;
    const { stdout, stderr, exitCode } = await this.runner.run(user, text, {
      cwd: options.cwd ?? user.home,
      env: {
        ...freshEnvironment(user, machine.distribution, machine.hostName()),
        ...options.env,
      },
      ...(options.stdin !== undefined && { stdin: options.stdin }),
      signal: options.signal,
    });
    return { stdout, stderr, exitCode };
  }

  openShell(user: User, options: { readonly isLogin: boolean }): void {
    const { machine } = this.options;
    const cwd = options.isLogin ? user.home : this.level.cwd;
    this.levels.push(freshLevel(user, machine.distribution, cwd, machine.hostName()));
  }

  /** Leaves the uppermost shell; false when it was the login shell. */
  leave(): boolean {
    this.levels.pop();
    return this.levels.length > 0;
  }

  commandNames(): readonly string[] {
    return [...new Set([...this.ownNames, ...bundledNames()])].sort();
  }

  /** Prints, up to the limit of one line. */
  write(text: string, stream: 'out' | 'err'): void {
    if (this.stopReason !== null) return;
    this.printed += text.length;
    if (this.printed > maximumPrinted) {
      this.stopReason = this.options.words.outputCut;
      this.current?.abort();
      return;
    }
    this.options.terminal.write(text, stream);
  }

  /** What is said of a line that is not even begun; null where it may run. */
  private refusal(text: string): { readonly text: string; readonly exitCode: number } | null {
    if (hasHugeRange(text)) {
      const limit = `brace expansion: more than ${longestRange} words`;
      const said = fill(this.options.words.limitReached, { limit });
      return { text: `bash: ${said}\n`, exitCode: 126 };
    }
    try {
      this.reader.backgrounds(text);
      return null;
    } catch (error) {
      return { text: syntaxMessage(error), exitCode: 2 };
    }
  }

  private async runStatements(text: string, signal: AbortSignal): Promise<number> {
    let exitCode = 0;
    for (const [index, isBackground] of this.reader.backgrounds(text).entries()) {
      if (signal.aborted) break;
      const depth = this.levels.length;
      if (isBackground) await this.startJob(text, index);
      else exitCode = await this.runStatement(text, index, signal);
      this.setStatus(exitCode);
      if (this.levels.length < depth || this.runner.hasMetLimit) break;
    }
    return exitCode;
  }

  private sayWhyStopped(): void {
    if (this.stopReason !== null) this.options.terminal.notice(this.stopReason);
  }

  private transformOptions(streams = onTerminal) {
    return {
      streams,
      ownCommands: this.ownNames,
      aliases: new Map(Object.entries(this.level.aliases)),
    };
  }

  private async runStatement(text: string, index: number, signal: AbortSignal): Promise<number> {
    const level = this.level;
    const options = this.transformOptions();
    const script = this.reader.statement(text, index, options);
    const functions = this.reader.functions(text, index, options);
    const { state } = this.runner.filesOf(level.user);
    state.clear();
    const result = await this.runner.run(level.user, `${prologue(level)}\n${script}\n${epilogue}`, {
      cwd: level.cwd,
      env: aliasEnvironment(level.aliases),
      signal,
    });
    this.writeResult(result, level);
    if (!state.has('variables')) {
      if (
        result.exitCode !== 126 &&
        !signal.aborted &&
        /(?:^|[;&|{(\s])(?:exit|logout)\b/.test(text)
      )
        this.leave();
      return result.exitCode;
    }
    const at = this.levels.indexOf(level);
    if (at !== -1) this.levels[at] = nextLevel(level, state, result.env, functions);
    return result.exitCode;
  }

  private startJob(text: string, index: number): Promise<void> {
    const level = this.level;
    const line = this.reader.foreground(text, index);
    return this.jobs.start(line.trim(), async (pid, signal) => {
      const result = await this.runScript(line, level.user, {
        cwd: level.cwd,
        env: { [jobPidVariable]: String(pid), ...aliasEnvironment(level.aliases) },
        signal,
        isTty: true,
        stdin: '',
      });
      this.writeResult(result, level);
      return result.exitCode;
    });
  }

  private writeResult(result: CommandResult, { user, cwd }: ShellLevel): void {
    if (result.stdout !== '') this.write(result.stdout, 'out');
    if (result.stderr === '') return;
    this.write(repairMessages(result.stderr, this.runner.filesOf(user).refused, cwd), 'err');
  }

  private setStatus(status: number): void {
    const at = this.levels.length - 1;
    const level = this.levels[at];
    if (level !== undefined) this.levels[at] = { ...level, status };
  }
}

const rootUser: User = { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash' };
