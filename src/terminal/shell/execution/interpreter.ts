/**
 * One shell process: runs what has been read, the library's syntax tree. Every command has descriptors
 * that point to pipes, files and the terminal, so the parts of a pipeline run together and a job goes on
 * beside the prompt; the library's own interpreter, which collects a command's whole output before the
 * next begins, cannot do that. What each kind of command does is a file beside this one.
 */

import { toBytes } from '../../linux/file-system.ts';
import { ArithmeticError } from '../language/arithmetic.ts';
import type { ConditionContext } from '../language/conditions.ts';
import { Expansion } from '../language/expansion.ts';
import type { ExpansionContext } from '../language/expansion-context.ts';
import { matchingPaths } from '../language/file-names.ts';
import {
  Exiting,
  ExpansionProblem,
  LimitReached,
  LoopJump,
  Returning,
} from '../language/problems.ts';
import { VariableProblem } from '../language/variables.ts';
import type { ArrayWord } from '../just-bash/declarations.ts';
import type {
  CommandNode,
  Pipeline,
  ProcessPart,
  Script,
  Statement,
  Word,
} from '../just-bash/syntax.ts';
import { maximumHeld } from '../limits.ts';
import type { Child, ShellSession, ProcessContext } from '../shell-process.ts';
import type { ShellState } from '../shell-state.ts';
import { specialVariable } from '../special-variables.ts';
import { BrokenPipe, FileRefusal, type OpenFile } from '../streams/open-file.ts';
import type { Descriptors } from '../streams/descriptors.ts';
import { TerminalInput, TerminalOutput } from '../streams/machine-files.ts';
import { assignArray } from './assignments.ts';
import { startJob } from './background-jobs.ts';
import { noticeAbsence, callProgram, runBuiltin } from './calling.ts';
import { runCompound } from './compound-commands.ts';
import { runPipeline } from './pipelines.ts';
import { RedirectionProblem, withRedirections } from './redirecting.ts';
import type { ScriptRunner } from './script-runner.ts';
import { runSimple } from './simple-commands.ts';
import { substitute, substituteProcess } from './substitution.ts';

export class Interpreter implements ExpansionContext, ScriptRunner {
  readonly state: ShellState;
  readonly fds: Descriptors;
  readonly context: ProcessContext;
  readonly expansion: Expansion;
  readonly children: Child[] = [];
  readonly processPipes: number[] = [];
  readonly runningAliases = new Set<string>();
  /** Lists of `declare a=(…)`, by name, until the builtin asks for them. */
  readonly pendingArrays = new Map<string, readonly ArrayWord[]>();
  substitutionStatus: number | null = null;
  conditionDepth = 0;
  loopDepth = 0;
  /** How many files are being read by `.`; `return` ends one. */
  sourceDepth = 0;

  constructor(state: ShellState, fds: Descriptors, context: ProcessContext) {
    this.state = state;
    this.fds = fds;
    this.context = context;
    this.expansion = new Expansion(this);
  }

  get session(): ShellSession {
    return this.context.session;
  }

  get signal(): AbortSignal {
    return this.context.signal;
  }

  /** Whether `return` has something to return from. */
  get isReturnable(): boolean {
    return this.state.callStack.length > 0 || this.sourceDepth > 0;
  }

  get isInteractive(): boolean {
    return this.context.isInteractive;
  }

  get terminalInput(): OpenFile {
    return new TerminalInput(this.session.options.terminal);
  }

  get terminalOutput(): OpenFile {
    return new TerminalOutput(
      (text, stream) => {
        this.session.write(text, stream);
      },
      'out',
      (bytes) => this.session.pageYield.afterShowing(bytes),
    );
  }

  // --- Output of the shell itself ---

  async print(text: string): Promise<void> {
    await this.writeTo(1, text);
  }

  /** A message on standard error, with bash's name in front. */
  async complain(text: string): Promise<void> {
    const where = this.isInteractive || this.state.line < 1 ? '' : `line ${this.state.line}: `;
    await this.warn(`${this.state.name}: ${where}${text}\n`);
  }

  async warn(text: string): Promise<void> {
    try {
      await this.writeTo(2, text);
    } catch (error) {
      if (!(error instanceof FileRefusal)) throw error;
    }
  }

  /** All that a descriptor has to give. */
  async readAll(fd: number): Promise<string> {
    const file = this.fds.get(fd);
    let bytes = '';
    for (;;) {
      const piece = await file?.read(65_536, this.signal);
      if (piece === null || piece === undefined) return bytes;
      bytes += piece;
      if (bytes.length > maximumHeld)
        throw new LimitReached(`an input of more than ${maximumHeld} bytes`);
    }
  }

  private async writeTo(fd: number, text: string): Promise<void> {
    if (text === '') return;
    const file = this.fds.get(fd);
    if (file === undefined) throw new FileRefusal('Bad file descriptor');
    await file.write(toBytes(text), this.signal);
  }

  // --- Scripts and statements ---

  /** Runs statements in order; their last status. */
  async run(statements: readonly Statement[]): Promise<number> {
    for (const statement of statements) await this.statement(statement);
    return this.state.status;
  }

  /**
   * Reads a text and runs it, as `eval` and `.` do. Like bash it runs the whole lines before the one that it
   * cannot read.
   * @param what comes before the line number in messages, such as `eval: `
   */
  async runText(text: string, what = ''): Promise<number> {
    if (text.length > longText) await this.session.pageYield.now();
    const read = await this.session.reader.read(text);
    const { problem } = read;
    if (problem === null) return this.run(read.statements);
    await this.run(read.statements);
    const lines = text.split('\n');
    const said = `${this.state.name}: ${what}line ${problem.line}: `;
    await this.warn(`${said}${problem.text}\n`);
    const [, absent] = absentWord.exec(problem.text) ?? [];
    if (absent !== undefined) await noticeAbsence(this, absent);
    if (problem.text.startsWith('syntax error near'))
      await this.warn(`${said}\`${lines[problem.line - 1] ?? ''}'\n`);
    this.state.status = 2;
    return 2;
  }

  /**
   * Runs a whole script to its end, with its EXIT trap; never throws but for limits and Ctrl+C.
   */
  async runToEnd(work: () => Promise<number>): Promise<number> {
    let status: number;
    try {
      status = await this.guarded(work);
    } catch (error) {
      if (error instanceof Exiting) status = error.status;
      else if (error instanceof Returning) status = error.status;
      else if (error instanceof LoopJump) status = 0;
      else if (error instanceof BrokenPipe) status = 141;
      else throw error;
    }
    return this.exitTrap(status);
  }

  /** Runs the EXIT trap, which may change the status. */
  async exitTrap(status: number): Promise<number> {
    const trap = this.state.traps.get('EXIT');
    if (trap === undefined || trap === '') return status;
    this.state.traps.delete('EXIT');
    this.state.status = status;
    try {
      await this.runText(trap);
    } catch (error) {
      if (error instanceof Exiting) return error.status;
      throw error;
    }
    return status;
  }

  /** An expansion that fails ends a script, and at the prompt the line. */
  private async guarded(work: () => Promise<number>): Promise<number> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ExpansionProblem)) throw error;
      await this.complain(error.message);
      this.state.status = this.isInteractive ? 1 : error.status;
      return this.state.status;
    }
  }

  private async statement(statement: Statement): Promise<void> {
    if (this.state.options.has('noexec')) return;
    if (statement.background) {
      await startJob(this, statement);
      return;
    }
    const { pipelines, operators } = statement;
    for (const [index, pipeline] of pipelines.entries()) {
      const operator = index === 0 ? ';' : (operators[index - 1] ?? ';');
      if (operator === '&&' && this.state.status !== 0) continue;
      if (operator === '||' && this.state.status === 0) continue;
      const isAsked = index < pipelines.length - 1;
      if (isAsked) this.conditionDepth += 1;
      try {
        await runPipeline(this, pipeline);
      } finally {
        if (isAsked) this.conditionDepth -= 1;
      }
      if (!isAsked) await this.checkError(pipeline);
    }
  }

  /** `set -e`, and the ERR trap. */
  private async checkError(pipeline: Pipeline): Promise<void> {
    if (this.state.status === 0 || pipeline.negated || this.conditionDepth > 0) return;
    const trap = this.state.traps.get('ERR');
    if (trap !== undefined && trap !== '') {
      const { status } = this.state;
      this.state.traps.delete('ERR');
      await this.runText(trap);
      this.state.traps.set('ERR', trap);
      this.state.status = status;
    }
    if (this.state.options.has('errexit')) throw new Exiting(this.state.status);
  }

  // --- Processes ---

  /** A subshell's interpreter: it shares nothing but what the descriptors point to. */
  fork(changes: Partial<ProcessContext> = {}): Interpreter {
    this.context.budget.checkDepth(this.context.depth);
    const state = this.state.fork(this.session.options.machine.processes.peekPid());
    state.traps = new Map([...this.state.traps].filter(([, action]) => action === ''));
    const child = new Interpreter(state, this.fds.copy(), {
      ...this.context,
      isInteractive: false,
      depth: this.context.depth + 1,
      ...changes,
    });
    child.conditionDepth = this.conditionDepth;
    child.loopDepth = this.loopDepth;
    child.sourceDepth = this.sourceDepth;
    return child;
  }

  /** Runs work in a child to its end and lets go of its descriptors. */
  async inChild(child: Interpreter, work: () => Promise<number>): Promise<number> {
    this.context.budget.startProcess();
    try {
      return await child.runToEnd(work);
    } finally {
      child.fds.closeAll();
      this.context.budget.endProcess();
    }
  }

  // --- Commands ---

  /** Whether the line goes on; now and then the page gets its turn. */
  async beforeCommand(): Promise<void> {
    this.context.budget.spendCommand();
    if (this.session.pageYield.isDue) await this.session.pageYield.ifDue();
    if (this.signal.aborted) throw new Exiting(130);
  }

  async command(command: CommandNode): Promise<void> {
    await this.beforeCommand();
    if ('line' in command && command.line > 0) this.state.line = command.line;
    const pipes = this.processPipes.length;
    try {
      if (command.type === 'SimpleCommand') await runSimple(this, command);
      else if (command.type === 'FunctionDef') {
        this.state.functions.set(command.name, command);
        this.state.status = 0;
      } else await withRedirections(this, command.redirections, () => runCompound(this, command));
    } catch (error) {
      if (error instanceof RedirectionProblem) {
        await this.complain(error.message);
        this.state.status = 1;
      } else if (error instanceof ArithmeticError || error instanceof VariableProblem) {
        await this.complain(error.message);
        this.state.status = 1;
        if (error instanceof VariableProblem && !this.isInteractive) throw new Exiting(1);
      } else if (error instanceof ExpansionProblem) {
        if (this.isInteractive) throw error;
        await this.complain(error.message);
        this.state.status = error.status;
        throw new Exiting(error.status);
      } else if (error instanceof FileRefusal) {
        await this.complain(`write error: ${error.message}`);
        this.state.status = 1;
      } else throw error;
    } finally {
      while (this.processPipes.length > pipes) {
        const fd = this.processPipes.pop();
        if (fd !== undefined) this.fds.close(fd);
      }
    }
  }

  // --- What builtins ask for ---

  get conditionContext(): ConditionContext {
    return {
      files: this.session.options.machine.files,
      who: this.state.user,
      cwd: this.state.cwd,
      isTerminal: (fd) => this.fds.get(fd)?.isTerminal === true,
      isSet: (name) => {
        const element = /^(\w+)\[(.*)\]$/.exec(name);
        return element === null
          ? this.special(name) !== undefined || this.state.variables.get(name) !== undefined
          : this.state.variables.element(element[1] ?? '', element[2] ?? '') !== undefined;
      },
      isOption: (name) => this.state.options.has(name),
    };
  }

  async runBuiltin(name: string, args: readonly string[]): Promise<number> {
    return runBuiltin(this, name, args);
  }

  async program(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<number> {
    return callProgram(this, name, args, env);
  }

  async assignArray(
    name: string,
    words: readonly ArrayWord[],
    isAppending: boolean,
  ): Promise<void> {
    await assignArray(this, name, words, isAppending);
  }

  // --- What expansion asks for ---

  substitute(script: Script): Promise<string> {
    return substitute(this, script);
  }

  substituteProcess(part: ProcessPart): string {
    return substituteProcess(this, part);
  }

  quotedWord(text: string): Promise<Word> {
    return this.session.reader.quotedWord(text);
  }

  glob(pattern: string): string[] {
    const { shopts } = this.state;
    return matchingPaths(
      this.session.options.machine.files,
      this.state.user,
      this.state.cwd,
      pattern,
      {
        dotglob: shopts.has('dotglob'),
        nocaseglob: shopts.has('nocaseglob'),
        globstar: shopts.has('globstar'),
        extglob: shopts.has('extglob'),
      },
    );
  }

  special(name: string): string | undefined {
    return specialVariable(this, name);
  }

  homeOf(user: string | null): string | undefined {
    if (user === null) return this.state.variables.get('HOME') ?? this.state.user.home;
    if (user === '+') return this.state.cwd;
    if (user === '-') return this.state.variables.get('OLDPWD');
    return this.session.options.machine.user(user)?.home;
  }

  countExpansion(length: number): void {
    this.context.budget.checkLength(length);
  }

  async yieldIfDue(): Promise<void> {
    const { pageYield } = this.session;
    if (pageYield.isDue) await pageYield.ifDue();
  }

  /** Whether `ulimit -n` leaves this process so many more descriptors. */
  hasDescriptors(count: number): boolean {
    return this.fds.hasRoom(count, this.state.descriptorLimit);
  }
}

/** A text that takes as long to read as the page may be kept. */
const longText = 100_000;

/** Of a message: a word of bash's grammar that this shell does without. */
export const absentWord = /^syntax error near unexpected token `(select|coproc)'$/;
