/**
 * The shell of the machine: reads typed lines once, runs them in a user's name, keeps what the shell
 * remembers from line to line, and holds the limits.
 */

import type { Command } from '../commands/command.ts';
import type { User } from '../linux/users.ts';
import { fill } from '../words.ts';
import { PageYield } from './page-yield.ts';
import { builtinNames } from './builtins/names.ts';
import { absentWord, Interpreter } from './execution/interpreter.ts';
import { Jobs } from './jobs.ts';
import { LineReader, type ReadLine } from './just-bash/reader.ts';
import { LibraryTools } from './just-bash/tools.ts';
import {
  Exiting,
  ExpansionProblem,
  LimitReached,
  LoopJump,
  Returning,
} from './language/problems.ts';
import { Budget, maximumPrinted } from './limits.ts';
import { expandHistory } from './history-expansion.ts';
import { runCollected } from './programs/child-shells.ts';
import { builtinPrograms, runProgram } from './programs/run-program.ts';
import { SharedPace } from './shared-pace.ts';
import type { ProgramCall, ShellSession, ShellOptions, ProcessContext } from './shell-process.ts';
import { freshLevel, prompt, restoreLevel, saveLevel, type SavedLevel } from './shell-level.ts';
import type { ShellState } from './shell-state.ts';
import { Descriptors } from './streams/descriptors.ts';
import { TerminalInput, TerminalOutput } from './streams/machine-files.ts';
import { BrokenPipe } from './streams/open-file.ts';

export interface ShellSnapshot {
  readonly levels: readonly SavedLevel[];
  readonly history: readonly string[];
}

export type LineOutcome =
  | { readonly kind: 'done'; readonly exitCode: number }
  | { readonly kind: 'incomplete' };

interface Level {
  readonly state: ShellState;
  readonly fds: Descriptors;
}

export class Shell implements ShellSession {
  readonly history: string[] = [];
  readonly options: ShellOptions;
  readonly reader = new LineReader();
  readonly tools: LibraryTools;
  readonly jobs: Jobs;
  readonly pageYield = new PageYield();
  readonly pace: SharedPace;
  private stack: Level[] = [];
  private readonly commands: ReadonlyMap<string, Command>;
  private printed = 0;
  private current: AbortController | null = null;
  /** Why a limit has stopped the line. */
  private stopReason: string | null = null;
  private interpreter: Interpreter | null = null;

  constructor(options: ShellOptions) {
    this.options = options;
    const { machine } = options;
    this.jobs = new Jobs(machine, (text) => {
      this.write(text, 'out');
    });
    this.commands = new Map(
      options.commands.flatMap((one) =>
        [one.name, ...(one.aliases ?? [])].map((name) => [name, one] as const),
      ),
    );
    this.tools = new LibraryTools(
      machine.files,
      [...this.commands.keys()],
      (words, stdin, call) => {
        const shell = this.interpreter ?? this.interpreterOf(this.level, idle, new Budget());
        return runCollected(shell, words, stdin, call.env, call.cwd);
      },
      options.startToolThread,
    );
    this.pace = new SharedPace(machine, options.pace);
    machine.onProcessEnd((pid) => {
      if (pid !== machine.loginPid) return;
      // The login shell itself was killed: the session is over.
      this.stack = [];
      this.interrupt();
    });
    this.logIn();
  }

  logIn(): void {
    const { machine } = this.options;
    if (machine.processes.get(machine.loginPid) === undefined) machine.logIn();
    const user = machine.user(machine.distribution.loginUser) ?? rootUser;
    for (const { fds } of this.stack) fds.closeAll();
    this.stack = [this.newLevel(freshLevel(machine, user, user.home))];
  }

  private newLevel(state: ShellState): Level {
    const fds = new Descriptors();
    const show = (text: string, stream: 'out' | 'err') => {
      this.write(text, stream);
    };
    fds.set(0, new TerminalInput(this.options.terminal));
    const afterShowing = (bytes: number) => this.pageYield.afterShowing(bytes);
    fds.set(1, new TerminalOutput(show, 'out', afterShowing));
    fds.set(2, new TerminalOutput(show, 'err', afterShowing));
    return { state, fds };
  }

  private get top(): Level {
    const top = this.stack[this.stack.length - 1];
    return top ?? this.newLevel(freshLevel(this.options.machine, rootUser, '/'));
  }

  /** The uppermost shell. */
  get level(): ShellState {
    return this.top.state;
  }

  /** Whether anyone is logged in. */
  get isOpen(): boolean {
    return this.stack.length > 0;
  }

  get prompt(): string {
    const { machine } = this.options;
    return prompt(this.level, machine.distribution, machine.hostName().split('.')[0] ?? '');
  }

  snapshot(): ShellSnapshot {
    return { levels: this.stack.map(({ state }) => saveLevel(state)), history: [...this.history] };
  }

  /** To be called when the machine has been put back: jobs of processes that are there go on. */
  restore(snapshot: ShellSnapshot): void {
    const { processes } = this.options.machine;
    this.interrupt();
    this.jobs.keep((pid) => processes.get(pid) !== undefined);
    const levels = snapshot.levels.map((saved) => this.newLevel(restoreLevel(saved)));
    this.stack = levels;
    this.history.splice(0, this.history.length, ...snapshot.history);
  }

  interrupt(): void {
    this.current?.abort();
  }

  /** Reads a line: whether it is whole, and what is wrong with it. */
  read(text: string): Promise<ReadLine> {
    return this.reader.read(text, true);
  }

  /** What `!!` and its kind make of a typed line; null where there is nothing to put in. */
  expandHistory(text: string): { readonly line: string } | { readonly problem: string } | null {
    return this.level.options.has('histexpand') ? expandHistory(text, this.history) : null;
  }

  /** Runs a line as typed at the prompt. Its output goes to the terminal. */
  async runLine(text: string, read?: ReadLine): Promise<LineOutcome> {
    if (text.trim() === '') return { kind: 'done', exitCode: this.level.status };
    const line = read ?? (await this.read(text));
    if (line.isIncomplete) return { kind: 'incomplete' };
    this.printed = 0;
    this.stopReason = null;
    if (line.problem !== null) {
      this.write(`bash: ${line.problem.text}\n`, 'err');
      const [, absent] = absentWord.exec(line.problem.text) ?? [];
      if (absent !== undefined) this.options.terminal.notice(this.notOnThisMachine(absent));
      this.level.status = 2;
      return { kind: 'done', exitCode: 2 };
    }
    const abort = new AbortController();
    this.current = abort;
    let exitCode = await this.runStatements(line, abort.signal);
    this.current = null;
    this.sayWhyStopped();
    if (abort.signal.aborted && this.isOpen) {
      exitCode = 130;
      await this.runInterruptTrap();
    }
    if (this.isOpen) this.level.status = exitCode;
    this.jobs.report();
    return { kind: 'done', exitCode };
  }

  private async runInterruptTrap(): Promise<void> {
    const action = this.level.traps.get('INT');
    if (action === undefined || action === '') return;
    const shell = this.interpreterOf(this.level, new AbortController().signal, new Budget());
    await shell.runText(action).catch((error: unknown) => {
      if (!(error instanceof Exiting)) throw error;
    });
  }

  openShell(user: User, options: { readonly isLogin: boolean }): void {
    const { machine } = this.options;
    const { level } = this;
    const cwd = options.isLogin ? user.home : level.cwd;
    const fresh = freshLevel(machine, user, cwd);
    fresh.descriptorLimit = level.descriptorLimit;
    fresh.hardDescriptorLimit = level.hardDescriptorLimit;
    this.stack.push(this.newLevel(fresh));
  }

  /** Leaves the uppermost shell; false when it was the login shell. */
  leave(): boolean {
    this.stack.pop()?.fds.closeAll();
    return this.stack.length > 0;
  }

  commandOf(name: string): Command | undefined {
    return this.commands.get(name);
  }

  hasProgram(name: string): boolean {
    return this.commands.has(name) || this.tools.has(name) || builtinPrograms.has(name);
  }

  commandNames(): readonly string[] {
    return [...new Set([...this.commands.keys(), ...this.tools.names(), ...builtinNames])].sort();
  }

  noSuchProgram(name: string): string {
    return fill(this.options.words.noSuchProgram, { tool: name });
  }

  notOnThisMachine(name: string): string {
    return fill(this.options.words.notOnThisMachine, { tool: name });
  }

  runProgram(shell: Interpreter, call: ProgramCall): Promise<number> {
    return runProgram(shell, call);
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

  private interpreterOf(state: ShellState, signal: AbortSignal, budget: Budget): Interpreter {
    const context: ProcessContext = {
      session: this,
      budget,
      signal,
      pace: this.pace,
      isInteractive: true,
      depth: 0,
    };
    return new Interpreter(state, this.top.fds, context);
  }

  private async runStatements(line: ReadLine, signal: AbortSignal): Promise<number> {
    const budget = new Budget();
    const depth = this.stack.length;
    const shell = this.interpreterOf(this.level, signal, budget);
    shell.children.push(...this.children(this.level));
    this.interpreter = shell;
    try {
      // A statement may open a shell or leave one: what follows on the line is not run there.
      for (const statement of line.statements) {
        await shell.run([statement]);
        if (this.stack.length !== depth) break;
      }
      // What jobs had to say to this line, they say before the prompt.
      await this.pageYield.now();
      return shell.state.status;
    } catch (error) {
      return await this.ended(error, shell);
    } finally {
      this.known.set(shell.state, shell.children);
      this.interpreter = null;
    }
  }

  /** The background processes of each shell, from line to line. */
  private readonly known = new WeakMap<ShellState, Interpreter['children']>();

  private children(state: ShellState): Interpreter['children'] {
    return this.known.get(state) ?? [];
  }

  private async ended(error: unknown, shell: Interpreter): Promise<number> {
    if (error instanceof Exiting) {
      if (shell.signal.aborted) return 130;
      const status = await shell.exitTrap(error.status);
      if (this.isOpen) this.leave();
      return status;
    }
    if (error instanceof LimitReached) {
      this.limitMet(error);
      return 126;
    }
    if (error instanceof ExpansionProblem) {
      await shell.complain(error.message);
      return 1;
    }
    if (error instanceof BrokenPipe) return 141;
    if (error instanceof LoopJump || error instanceof Returning) return 0;
    throw error;
  }

  /** A limit has ended the line, or a job of it: said in the reader's language, and all of it stops. */
  limitMet(error: LimitReached): void {
    if (this.stopReason !== null) return;
    const said = fill(this.options.words.limitReached, { limit: error.message });
    this.write(`bash: ${said}\n`, 'err');
    this.current?.abort();
  }

  private sayWhyStopped(): void {
    if (this.stopReason !== null) this.options.terminal.notice(this.stopReason);
  }
}

const idle = new AbortController().signal;

const rootUser: User = { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash' };
