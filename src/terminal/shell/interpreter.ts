/**
 * Runs what has been read: one shell process, over the library's syntax tree. Every command has
 * descriptors that point to pipes, files and the terminal, so the parts of a pipeline run together, and
 * a job goes on beside the prompt. The library's own interpreter collects each command's output as a
 * text before the next one begins; hence this one.
 */

import { fromBytes, toBytes } from '../linux/file-system.ts';
import { builtins, specialBuiltins } from './builtins/index.ts';
import { ArithmeticError } from './language/arithmetic.ts';
import {
  compareFiles,
  compareNumbers,
  numberOperators,
  unary,
  type ConditionHome,
} from './language/conditions.ts';
import { Expansion, type ExpansionHome } from './language/expansion.ts';
import { matchingPaths } from './language/file-names.ts';
import { boundedExpression, type Match } from './language/bounded-expression.ts';
import { matchesPattern } from './language/patterns.ts';
import { statementText } from './language/printing.ts';
import {
  Exiting,
  ExpansionProblem,
  LimitReached,
  LoopJump,
  Returning,
  tooManyFiles,
} from './language/problems.ts';
import { quoteListed } from './language/quoting.ts';
import { VariableProblem } from './language/variables.ts';
import { arrayWords, declarationWords, type ArrayWord } from './just-bash/declarations.ts';
import type {
  Assignment,
  CommandNode,
  CompoundCommand,
  Condition,
  FunctionDef,
  Pipeline,
  ProcessPart,
  Redirection,
  Script,
  SimpleCommand,
  Statement,
  Word,
} from './just-bash/syntax.ts';
import { maximumHeld } from './limits.ts';
import { findProgram } from './program-search.ts';
import { redirect, RedirectionProblem } from './redirecting.ts';
import type { Child, ShellHome, ShellProcess, Surroundings } from './shell-home.ts';
import { type ShellState } from './shell-state.ts';
import { specialVariable } from './special-variables.ts';
import {
  BrokenPipe,
  Collector,
  FileRefusal,
  type OpenFile,
  SilentInput,
} from './streams/open-file.ts';
import type { Descriptors } from './streams/descriptors.ts';
import { TerminalInput, TerminalOutput } from './streams/machine-files.ts';
import { makePipe } from './streams/pipe.ts';

export class Interpreter implements ExpansionHome, ShellProcess {
  readonly state: ShellState;
  readonly fds: Descriptors;
  readonly surroundings: Surroundings;
  readonly expansion: Expansion;
  readonly children: Child[] = [];
  /** Status of the last `$(…)`, for a line that only assigns. */
  private substitutionStatus: number | null = null;
  /** Inside `if`, `while`, `&&`, `!`: failure is a question there, not an end. */
  private conditionDepth = 0;
  private readonly processPipes: number[] = [];
  /** How many loops run; `break` and `continue` mean something only there. */
  loopDepth = 0;
  /** How many files are being read by `.`; `return` ends one. */
  sourceDepth = 0;

  constructor(state: ShellState, fds: Descriptors, surroundings: Surroundings) {
    this.state = state;
    this.fds = fds;
    this.surroundings = surroundings;
    this.expansion = new Expansion(this);
  }

  get home(): ShellHome {
    return this.surroundings.home;
  }

  get signal(): AbortSignal {
    return this.surroundings.signal;
  }

  /** Whether `return` has something to return from. */
  get isReturnable(): boolean {
    return this.state.callStack.length > 0 || this.sourceDepth > 0;
  }

  get isInteractive(): boolean {
    return this.surroundings.isInteractive;
  }

  get terminalInput(): OpenFile {
    return new TerminalInput(this.home.options.terminal);
  }

  get terminalOutput(): OpenFile {
    return new TerminalOutput(
      (text, stream) => {
        this.home.write(text, stream);
      },
      'out',
      (bytes) => this.home.pageYield.afterShowing(bytes),
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
   * @param what stands before the line number in messages, such as `eval: `
   */
  async runText(text: string, what = ''): Promise<number> {
    const read = await this.home.reader.read(text);
    const { problem } = read;
    if (problem === null) return this.run(read.statements);
    await this.run(read.statements);
    const lines = text.split('\n');
    const said = `${this.state.name}: ${what}line ${problem.line}: `;
    await this.warn(`${said}${problem.text}\n`);
    const [, absent] = absentWord.exec(problem.text) ?? [];
    if (absent !== undefined) await this.notice(absent);
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
      await this.background(statement);
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
        await this.pipeline(pipeline);
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
  fork(changes: Partial<Surroundings> = {}): Interpreter {
    this.surroundings.budget.checkDepth(this.surroundings.depth);
    const state = this.state.fork(this.home.options.machine.processes.peekPid());
    state.traps = new Map([...this.state.traps].filter(([, action]) => action === ''));
    const child = new Interpreter(state, this.fds.copy(), {
      ...this.surroundings,
      isInteractive: false,
      depth: this.surroundings.depth + 1,
      ...changes,
    });
    child.conditionDepth = this.conditionDepth;
    child.loopDepth = this.loopDepth;
    child.sourceDepth = this.sourceDepth;
    return child;
  }

  /** Runs work in a child to its end and lets go of its descriptors. */
  private async inChild(child: Interpreter, work: () => Promise<number>): Promise<number> {
    this.surroundings.budget.startProcess();
    try {
      return await child.runToEnd(work);
    } finally {
      child.fds.closeAll();
      this.surroundings.budget.endProcess();
    }
  }

  private async background(statement: Statement): Promise<void> {
    const { jobs, options } = this.home;
    const line = jobText(statement);
    const only = statement.pipelines.length === 1 ? statement.pipelines[0] : undefined;
    const first = only?.commands.length === 1 ? only.commands[0] : undefined;
    const isProgram =
      first?.type === 'SimpleCommand' && first.name !== null && this.isProgramWord(first.name);
    const start = (pid: number, signal: AbortSignal): Promise<number> => {
      const child = this.fork({ signal, pace: jobs.paceOf(pid), jobPid: pid });
      child.state.pid = pid;
      if (child.fds.get(0)?.isTerminal === true) child.fds.set(0, new SilentInput());
      // A subshell is a process of its own; a lone program takes the number itself.
      if (!isProgram)
        options.machine.processes.start({
          pid,
          ppid: options.machine.loginPid,
          uid: this.state.user.uid,
          user: this.state.user.name,
          command: 'bash',
          args: '-bash',
          tty: 'pts/0',
          program: { kind: 'idle' },
        });
      return this.inChild(child, () => child.run([{ ...statement, background: false }])).finally(
        () => {
          if (!isProgram) options.machine.endProcess(pid);
        },
      );
    };
    const started = await jobs.start(line, start, this.isInteractive);
    this.state.lastJob = started.pid;
    this.state.status = 0;
    const child: Child = { pid: started.pid, promise: started.promise, status: null };
    void started.promise.then(
      (status) => {
        child.status = status;
      },
      (error: unknown) => {
        child.status = 1;
        if (error instanceof LimitReached) this.home.limitMet(error);
      },
    );
    this.children.push(child);
  }

  private isProgramWord(word: Word): boolean {
    const [part, ...more] = word.parts;
    if (part?.type !== 'Literal' || more.length > 0) return false;
    return !builtins.has(part.value) && !this.state.functions.has(part.value);
  }

  // --- Pipelines ---

  private async pipeline(pipeline: Pipeline): Promise<void> {
    const startedMs = this.home.options.machine.world.nowMs;
    if (pipeline.negated) this.conditionDepth += 1;
    try {
      const [only, ...more] = pipeline.commands;
      if (only !== undefined && more.length === 0) {
        await this.command(only);
        this.state.pipeStatus = [this.state.status];
      } else await this.together(pipeline);
    } finally {
      if (pipeline.negated) this.conditionDepth -= 1;
    }
    if (pipeline.timed === true) await this.printTime(startedMs, pipeline.timePosix === true);
    if (pipeline.negated) this.state.status = this.state.status === 0 ? 1 : 0;
  }

  private async printTime(startedMs: number, isPosix: boolean): Promise<void> {
    const seconds = (this.home.options.machine.world.nowMs - startedMs) / 1000;
    const minutes = Math.floor(seconds / 60);
    await this.warn(
      isPosix
        ? `real ${seconds.toFixed(2)}\nuser 0.00\nsys 0.00\n`
        : `\nreal\t${minutes}m${(seconds - minutes * 60).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`,
    );
  }

  /** The parts of a pipeline, each in a subshell, all at once. */
  private async together(pipeline: Pipeline): Promise<void> {
    const { commands } = pipeline;
    const parts: Promise<number>[] = [];
    const isLastHere = this.state.shopts.has('lastpipe') && !this.isInteractive;
    if (!this.hasDescriptors(2)) throw new ExpansionProblem(`pipe error: ${tooManyFiles}`);
    let input: OpenFile | null = null;
    for (const [index, command] of commands.entries()) {
      const isLast = index === commands.length - 1;
      const pipe = isLast ? null : makePipe();
      const isHere = isLast && isLastHere;
      const child = isHere ? this : this.fork();
      const before = isHere ? child.fds.get(0)?.retain() : undefined;
      if (input !== null) child.fds.set(0, input);
      if (pipe !== null) {
        child.fds.set(1, pipe.writer);
        if (pipeline.pipeStderr?.[index] === true) child.fds.set(2, pipe.writer);
      }
      const work = async () => {
        await child.command(command);
        return child.state.status;
      };
      if (isHere) {
        parts.push(
          work().finally(() => {
            if (before !== undefined) {
              child.fds.set(0, before);
              before.release();
            }
          }),
        );
      } else parts.push(this.inChild(child, work));
      input = pipe?.reader ?? null;
    }
    const settled = await Promise.allSettled(parts);
    const failure = settled.find((one) => one.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    const statuses = settled.map((one) => (one.status === 'fulfilled' ? one.value : 1));
    this.state.pipeStatus = statuses;
    const bad = this.state.options.has('pipefail')
      ? statuses.findLast((status) => status !== 0)
      : undefined;
    this.state.status = bad ?? statuses[statuses.length - 1] ?? 0;
  }

  // --- Commands ---

  /** Whether the line goes on; now and then the page gets its turn. */
  private async beforeCommand(): Promise<void> {
    this.surroundings.budget.spendCommand();
    if (this.home.pageYield.isDue) await this.home.pageYield.ifDue();
    if (this.signal.aborted) throw new Exiting(130);
  }

  async command(command: CommandNode): Promise<void> {
    await this.beforeCommand();
    if ('line' in command && command.line > 0) this.state.line = command.line;
    const pipes = this.processPipes.length;
    try {
      if (command.type === 'SimpleCommand') await this.simple(command);
      else if (command.type === 'FunctionDef') {
        this.state.functions.set(command.name, command);
        this.state.status = 0;
      } else await this.withRedirections(command.redirections, () => this.compound(command));
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

  /** Runs work with redirections that end with it. */
  async withRedirections(
    redirections: readonly Redirection[],
    work: () => Promise<void>,
  ): Promise<void> {
    if (redirections.length === 0) {
      await work();
      return;
    }
    const before = new Map<number, OpenFile | undefined>();
    try {
      await redirect(this, redirections, (fd) => {
        if (before.has(fd)) return;
        const file = this.fds.get(fd);
        before.set(fd, file?.retain());
        if (file !== undefined) this.fds.kept += 1;
      });
      await work();
    } finally {
      for (const [fd, file] of before) {
        if (file === undefined) this.fds.close(fd);
        else {
          this.fds.kept -= 1;
          this.fds.set(fd, file);
          file.release();
        }
      }
    }
  }

  private async compound(command: CompoundCommand): Promise<void> {
    switch (command.type) {
      case 'If':
        for (const clause of command.clauses) {
          if (!(await this.asks(clause.condition))) continue;
          await this.run(clause.body);
          return;
        }
        this.state.status = 0;
        if (command.elseBody !== null) await this.run(command.elseBody);
        return;
      case 'While':
      case 'Until': {
        let status = 0;
        while ((await this.asks(command.condition)) === (command.type === 'While')) {
          if (!(await this.iteration(command.body))) {
            status = this.state.status;
            break;
          }
          status = this.state.status;
        }
        this.state.status = status;
        return;
      }
      case 'For': {
        const words =
          command.words === null
            ? this.state.positional
            : await this.expansion.fields(command.words);
        this.state.status = 0;
        for (const word of words) {
          this.state.variables.set(command.variable, word);
          if (!(await this.iteration(command.body))) break;
        }
        return;
      }
      case 'CStyleFor': {
        const part = async (one: { readonly originalText?: string } | null, empty: bigint) =>
          one === null || (one.originalText ?? '').trim() === ''
            ? empty
            : this.expansion.arithmetic(one.originalText ?? '');
        await part(command.init, 0n);
        this.state.status = 0;
        while ((await part(command.condition, 1n)) !== 0n) {
          if (!(await this.iteration(command.body))) break;
          await part(command.update, 0n);
        }
        return;
      }
      case 'Case': {
        await this.matchCase(command);
        return;
      }
      case 'Subshell': {
        const child = this.fork();
        this.state.status = await this.inChild(child, () => child.run(command.body));
        return;
      }
      case 'Group':
        await this.run(command.body);
        return;
      case 'ArithmeticCommand': {
        const text = command.expression.originalText ?? '';
        try {
          this.state.status = (await this.expansion.arithmetic(text)) === 0n ? 1 : 0;
        } catch (error) {
          if (!(error instanceof ArithmeticError)) throw error;
          await this.complain(`((: ${error.message}`);
          this.state.status = 1;
        }
        return;
      }
      case 'ConditionalCommand':
        this.state.status = (await this.holds(command.expression)) ? 0 : 1;
    }
  }

  private async asks(condition: readonly Statement[]): Promise<boolean> {
    this.conditionDepth += 1;
    try {
      await this.beforeCommand();
      return (await this.run(condition)) === 0;
    } finally {
      this.conditionDepth -= 1;
    }
  }

  /** One round of a loop; false where it was the last. */
  private async iteration(body: readonly Statement[]): Promise<boolean> {
    this.loopDepth += 1;
    try {
      await this.beforeCommand();
      await this.run(body);
      return true;
    } catch (error) {
      if (!(error instanceof LoopJump)) throw error;
      this.state.status = 0;
      if (error.levels > 1) {
        error.levels -= 1;
        throw error;
      }
      return error.kind === 'continue';
    } finally {
      this.loopDepth -= 1;
    }
  }

  private async matchCase(command: Extract<CompoundCommand, { type: 'Case' }>): Promise<void> {
    const text = await this.expansion.text(command.word);
    const ignoresCase = this.state.shopts.has('nocasematch');
    this.state.status = 0;
    let falls = false;
    for (const item of command.items) {
      if (!falls) {
        let isMatch = false;
        for (const pattern of item.patterns)
          isMatch ||= matchesPattern(text, await this.expansion.pattern(pattern), ignoresCase);
        if (!isMatch) continue;
      }
      await this.run(item.body);
      if (item.terminator === ';;') return;
      falls = item.terminator === ';&';
    }
  }

  // --- [[ … ]] ---

  get conditionHome(): ConditionHome {
    return {
      files: this.home.options.machine.files,
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

  private async holds(condition: Condition): Promise<boolean> {
    const text = (word: Word) => this.expansion.text(word);
    switch (condition.type) {
      case 'CondAnd':
        return (await this.holds(condition.left)) && (await this.holds(condition.right));
      case 'CondOr':
        return (await this.holds(condition.left)) || (await this.holds(condition.right));
      case 'CondNot':
        return !(await this.holds(condition.operand));
      case 'CondGroup':
        return this.holds(condition.expression);
      case 'CondWord':
        return (await text(condition.word)) !== '';
      case 'CondUnary':
        return (
          unary(condition.operator, await text(condition.operand), this.conditionHome) ?? false
        );
      case 'CondBinary': {
        const { operator } = condition;
        const left = await text(condition.left);
        const ignoresCase = this.state.shopts.has('nocasematch');
        switch (operator) {
          case '=':
          case '==':
          case '!=': {
            const pattern = await this.expansion.pattern(condition.right);
            return matchesPattern(left, pattern, ignoresCase) !== (operator === '!=');
          }
          case '=~':
            return this.matchesRegularExpression(left, condition.right, ignoresCase);
          case '<':
            return left < (await text(condition.right));
          case '>':
            return left > (await text(condition.right));
          case '-nt':
          case '-ot':
          case '-ef':
            return compareFiles(operator, left, await text(condition.right), this.conditionHome);
          default:
            if (!numberOperators.includes(operator)) return false;
            return compareNumbers(
              operator,
              await this.expansion.arithmetic(left),
              await this.expansion.arithmetic(await text(condition.right)),
            );
        }
      }
    }
  }

  private async matchesRegularExpression(
    text: string,
    word: Word,
    ignoresCase: boolean,
  ): Promise<boolean> {
    const source = posixExpression(await this.expansion.regularExpression(word));
    let match: Match | null;
    try {
      match = boundedExpression(source, ignoresCase, false).exec(text);
    } catch (problem) {
      if (!(problem instanceof SyntaxError)) throw problem;
      this.state.status = 2;
      return false;
    }
    this.state.variables.setArray(
      'BASH_REMATCH',
      match === null ? [] : match.groups.map((one) => one ?? ''),
    );
    return match !== null;
  }

  // --- Simple commands ---

  private async simple(command: SimpleCommand): Promise<void> {
    this.substitutionStatus = null;
    const nameWord = command.name;
    const words = nameWord === null ? [] : await this.commandWords(nameWord, command.args);
    const [name, ...args] = words;
    if (name === undefined) {
      await this.withRedirections(command.redirections, async () => {
        for (const one of command.assignments) await this.assign(one);
      });
      this.state.status = this.lastSubstitution();
      return;
    }
    const alias = this.aliasOf(nameWord, name);
    if (alias !== undefined) {
      await this.runAlias(alias, command);
      return;
    }
    await this.trace(command.assignments, words);
    this.state.lastArgument = words[words.length - 1] ?? '';
    const definition = this.state.functions.get(name);
    if (definition !== undefined) {
      await this.withTemporary(command.assignments, () =>
        this.withRedirections(command.redirections, () => this.call(definition, args)),
      );
      return;
    }
    if (name === 'exec' || (name === 'command' && args[0] === 'exec')) {
      await this.exec(
        name === 'exec' ? args : args.slice(1),
        command.redirections,
        command.assignments,
      );
      return;
    }
    const builtin = builtins.get(name);
    if (builtin !== undefined) {
      await this.withTemporary(command.assignments, () =>
        this.withRedirections(command.redirections, async () => {
          this.state.status = await this.runBuiltin(name, args);
        }),
      );
      return;
    }
    const env = await this.environment(command.assignments);
    await this.withRedirections(command.redirections, async () => {
      this.state.status = await this.program(name, args, env);
    });
  }

  /** A command's words; after `declare` and its kind an assignment is one word, never split. */
  private async commandWords(name: Word, args: readonly Word[]): Promise<string[]> {
    const [first, ...rest] = await this.expansion.fields([name]);
    if (first === undefined) return this.expansion.fields(args);
    const declares = ['declare', 'typeset', 'local', 'export', 'readonly'];
    if (!declares.includes(first)) return [first, ...rest, ...(await this.expansion.fields(args))];
    const words = [first, ...rest];
    for (const arg of args) {
      const declared = declarationWords(arg);
      if (declared === null)
        for (const field of await this.expansion.fields([arg])) words.push(field);
      else if (declared.array === null)
        words.push(`${declared.head}${await this.expansion.text(declared.value)}`);
      else {
        // The builtin gets a mark in place of the list; the list waits for it here.
        this.pendingArrays.set(declared.name, declared.array);
        words.push(`${declared.head}\0`);
      }
    }
    return words;
  }

  /** Lists of `declare a=(…)`, by name, until the builtin asks for them. */
  readonly pendingArrays = new Map<string, readonly ArrayWord[]>();

  /** The status of a line that only assigns: that of its last `$(…)`. */
  private lastSubstitution(): number {
    return this.substitutionStatus ?? 0;
  }

  private aliasOf(word: Word | null, name: string): string | undefined {
    const isOn = this.isInteractive || this.state.shopts.has('expand_aliases');
    if (!isOn || word === null || this.runningAliases.has(name)) return undefined;
    const [part, ...more] = word.parts;
    if (part?.type !== 'Literal' || more.length > 0) return undefined;
    return this.state.aliases.get(name);
  }

  private readonly runningAliases = new Set<string>();

  private async runAlias(text: string, command: SimpleCommand): Promise<void> {
    const name = command.name?.parts[0];
    const key = name?.type === 'Literal' ? name.value : '';
    const { statements } = await this.home.reader.read(text);
    const last = statements.at(-1)?.pipelines.at(-1)?.commands.at(-1);
    if (last?.type !== 'SimpleCommand') {
      await this.run(statements);
      return;
    }
    const extended: SimpleCommand = {
      ...last,
      args: [...last.args, ...command.args],
      assignments: [...command.assignments, ...last.assignments],
      redirections: [...last.redirections, ...command.redirections],
    };
    const lastStatement = statements.at(-1);
    const lastPipeline = lastStatement?.pipelines.at(-1);
    if (lastStatement === undefined || lastPipeline === undefined) return;
    const rebuilt: Statement = {
      ...lastStatement,
      pipelines: [
        ...lastStatement.pipelines.slice(0, -1),
        { ...lastPipeline, commands: [...lastPipeline.commands.slice(0, -1), extended] },
      ],
    };
    this.runningAliases.add(key);
    try {
      await this.run([...statements.slice(0, -1), rebuilt]);
    } finally {
      this.runningAliases.delete(key);
    }
  }

  private async trace(assignments: readonly Assignment[], words: readonly string[]): Promise<void> {
    if (!this.state.options.has('xtrace')) return;
    const prefix = this.state.variables.get('PS4') ?? '+ ';
    const before: string[] = [];
    for (const one of assignments)
      before.push(`${one.name}=${quoteListed(await this.assignedText(one))}`);
    const shown = words.map((word) => (word === '' ? "''" : quoteListed(word)));
    await this.warn(
      `${before.map((one) => `${prefix}${one}\n`).join('')}${prefix}${shown.join(' ')}\n`,
    );
  }

  /** `NAME=value` before a builtin or a function: for that one only. */
  private async withTemporary(
    assignments: readonly Assignment[],
    work: () => Promise<void>,
  ): Promise<void> {
    if (assignments.length === 0) {
      await work();
      return;
    }
    const values = new Map<string, string>();
    for (const one of assignments) values.set(one.name, await this.assignedText(one));
    this.state.variables.enterTemporary(values);
    try {
      await work();
    } finally {
      this.state.variables.leaveTemporary();
    }
  }

  private async assignedText(one: Assignment): Promise<string> {
    const value = one.value === null ? '' : await this.expansion.text(one.value);
    return one.append ? (this.state.variables.get(one.name) ?? '') + value : value;
  }

  /** What a program inherits, with the assignments before its name. */
  private async environment(
    assignments: readonly Assignment[],
  ): Promise<Readonly<Record<string, string>>> {
    const env = this.state.variables.exported();
    for (const one of assignments) env[one.name] = await this.assignedText(one);
    return env;
  }

  // --- Assignments ---

  async assign(one: Assignment): Promise<void> {
    const { variables } = this.state;
    const element = /^([A-Za-z_]\w*)\[([\s\S]*)\]$/.exec(one.name);
    const name = element?.[1] ?? one.name;
    if (one.array !== null) {
      await this.assignArray(name, await this.arrayWordsOf(one.array), one.append);
      return;
    }
    let value = one.value === null ? '' : await this.expansion.text(one.value);
    const found = variables.find(name);
    const subscript =
      element === null ? undefined : await this.expansion.subscript(name, element[2] ?? '');
    if (found?.isInteger === true) {
      const before =
        subscript === undefined ? variables.get(name) : variables.element(name, subscript);
      const text = one.append ? `${before ?? '0'}+(${value})` : value;
      value = String(this.expansion.evaluate(text));
    } else if (one.append) {
      const before =
        subscript === undefined ? variables.get(name) : variables.element(name, subscript);
      value = (before ?? '') + value;
    }
    this.surroundings.budget.checkLength(value.length);
    variables.set(name, value, subscript);
    if (this.state.options.has('allexport')) variables.declare(name, false).isExported = true;
    if (this.state.options.has('xtrace'))
      await this.warn(`${variables.get('PS4') ?? '+ '}${one.name}=${quoteListed(value)}\n`);
  }

  private arrayWordsOf(words: readonly Word[]): Promise<readonly ArrayWord[]> {
    return Promise.resolve(arrayWords(words));
  }

  /** `name=(…)`: words in order, `[subscript]=value` where it says so. */
  async assignArray(
    name: string,
    words: readonly ArrayWord[],
    isAppending: boolean,
  ): Promise<void> {
    const { variables } = this.state;
    const found = variables.find(name);
    const isAssociative = found?.kind === 'associative';
    const values: (readonly [string | null, string])[] = [];
    for (const word of words) {
      if (word.subscript === null) {
        for (const field of await this.expansion.fields([word.value])) values.push([null, field]);
        continue;
      }
      const key = isAssociative
        ? await this.expansion.text(word.subscript)
        : String(await this.expansion.arithmetic(await this.expansion.text(word.subscript)));
      const value = await this.expansion.text(word.value);
      values.push([key, word.isAppending ? (variables.element(name, key) ?? '') + value : value]);
    }
    if (!isAppending) variables.setArray(name, []);
    else if (found === undefined || found.kind === 'scalar')
      variables.makeArray(variables.declare(variables.target(name), false), 'indexed');
    if (isAssociative && values.every(([key]) => key === null)) {
      for (let at = 0; at < values.length; at += 2)
        variables.set(name, values[at + 1]?.[1] ?? '', values[at]?.[1] ?? '');
      return;
    }
    let next = isAppending ? Math.max(-1, ...variables.subscripts(name).map(Number)) + 1 : 0;
    for (const [key, value] of values) {
      const at = key ?? String(next);
      const kept = found?.isInteger === true ? String(this.expansion.evaluate(value)) : value;
      variables.set(name, kept, at);
      if (!isAssociative) next = Number(at) + 1;
    }
  }

  // --- Functions, builtins, programs ---

  private async call(definition: FunctionDef, args: readonly string[]): Promise<void> {
    this.surroundings.budget.checkDepth(this.state.callStack.length);
    // The stack begins again here: only the shell's own limit holds, never the engine's.
    await Promise.resolve();
    const { state } = this;
    const { positional, callStack } = state;
    const { loopDepth } = this;
    this.loopDepth = 0;
    state.positional = args;
    state.callStack = [...callStack, definition.name];
    state.variables.enterFunction();
    try {
      await this.withRedirections(definition.redirections, () =>
        this.withRedirections(definition.body.redirections, () => this.compound(definition.body)),
      );
    } catch (error) {
      if (!(error instanceof Returning)) throw error;
      state.status = error.status;
    } finally {
      this.loopDepth = loopDepth;
      state.variables.leaveFunction();
      state.positional = positional;
      state.callStack = callStack;
    }
  }

  async runBuiltin(name: string, args: readonly string[]): Promise<number> {
    const builtin = builtins.get(name);
    if (builtin === undefined) return 127;
    try {
      return await builtin(this, args);
    } catch (error) {
      if (error instanceof FileRefusal) {
        await this.complain(`${name}: write error: ${error.message}`);
        return 1;
      }
      if (error instanceof VariableProblem) {
        await this.complain(`${name}: ${error.message}`);
        if (specialBuiltins.has(name) && !this.isInteractive && this.state.options.has('posix'))
          throw new Exiting(1);
        return 1;
      }
      if (error instanceof ArithmeticError) {
        await this.complain(`${name}: ${error.message}`);
        return 1;
      }
      throw error;
    }
  }

  /** `exec`: redirections that stay; with a command, the shell ends in it. */
  private async exec(
    args: readonly string[],
    redirections: readonly Redirection[],
    assignments: readonly Assignment[],
  ): Promise<void> {
    try {
      await redirect(this, redirections, () => undefined);
    } catch (error) {
      if (!(error instanceof RedirectionProblem)) throw error;
      await this.complain(error.message);
      this.state.status = 1;
      if (!this.isInteractive && this.state.options.has('posix')) throw new Exiting(1);
      return;
    }
    const words =
      args[0] === '-a' ? args.slice(2) : args.filter((arg, at) => at > 0 || !/^-[cl]+$/.test(arg));
    const [name, ...rest] = words;
    if (name === undefined) {
      this.state.status = 0;
      return;
    }
    const found = findProgram(this, name);
    if (found.kind !== 'program' && found.kind !== 'script') {
      await this.complain(
        `exec: ${name}: ${found.kind === 'refused' ? found.reason : 'not found'}`,
      );
      this.state.status = found.kind === 'refused' ? 126 : 127;
      if (!this.isInteractive) throw new Exiting(this.state.status);
      return;
    }
    throw new Exiting(await this.program(name, rest, await this.environment(assignments)));
  }

  /** Finds a program and runs it; bash's words where there is none. */
  async program(
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<number> {
    const found = findProgram(this, name);
    switch (found.kind) {
      case 'program':
        return this.home.runProgram(this, { name: found.name, args, env });
      case 'script':
        return this.runScriptFile(found.path, name, args, env);
      case 'refused':
        await this.complain(`${name}: ${found.reason}`);
        return 126;
      case 'absent': {
        const handler = this.state.functions.get('command_not_found_handle');
        if (handler !== undefined) {
          await this.call(handler, [name, ...args]);
          return this.state.status;
        }
        await this.complain(`${name}: ${found.reason}`);
        if (found.isKnownElsewhere) await this.notice(name);
        return 127;
      }
    }
  }

  /** Beside bash's own words: this machine was made without that program. */
  private notice(name: string): Promise<void> {
    if (this.fds.get(2)?.isTerminal === true)
      this.home.options.terminal.notice(this.home.notOnThisMachine(name));
    return Promise.resolve();
  }

  /** A file of commands, in a shell of its own. */
  private async runScriptFile(
    path: string,
    name: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<number> {
    const { machine } = this.home.options;
    const text = fromBytes(machine.files.read(path, this.state.user));
    const shebang = /^#!\s*(\S+)(?:[ \t]+(\S.*?))?[ \t]*\n/.exec(text);
    const interpreter = shebang?.[1] ?? '/bin/bash';
    const words =
      interpreter === '/usr/bin/env' ? (shebang?.[2]?.split(/\s+/) ?? ['bash']) : [interpreter];
    const program = words[0]?.replace(/^.*\//, '') ?? 'bash';
    const option =
      interpreter === '/usr/bin/env'
        ? words.slice(1)
        : shebang?.[2] === undefined
          ? []
          : [shebang[2]];
    if (findProgram(this, words[0] ?? '').kind !== 'program') {
      await this.complain(`${name}: cannot execute: required file not found`);
      return 126;
    }
    return this.home.runProgram(this, {
      name: program,
      args: [...option, name.includes('/') ? name : path, ...args],
      env,
    });
  }

  // --- What expansion asks for ---

  async substitute(script: Script): Promise<string> {
    const { statements } = script;
    const fileOnly = onlyFile(statements);
    if (fileOnly !== undefined) return this.substituteFile(fileOnly);
    if (!this.hasDescriptors(2)) {
      await this.complain(`cannot make pipe for command substitution: ${tooManyFiles}`);
      this.substitutionStatus = 0;
      return '';
    }
    const child = this.fork();
    const output = new Collector(
      maximumHeld,
      () => new LimitReached(`$(…): more than ${maximumHeld} bytes`),
    );
    child.fds.set(1, output);
    if (!this.state.options.has('posix')) child.state.options.delete('errexit');
    this.substitutionStatus = await this.inChild(child, () => child.run(statements));
    this.state.status = this.substitutionStatus;
    return fromBytes(output.bytes.replaceAll('\0', '')).replace(/\n+$/, '');
  }

  /** `$(< file)` */
  private async substituteFile(redirection: Redirection): Promise<string> {
    let bytes = '';
    try {
      await this.withRedirections([redirection], async () => {
        bytes = await this.readAll(0);
      });
      this.substitutionStatus = 0;
    } catch (error) {
      if (!(error instanceof RedirectionProblem)) throw error;
      await this.complain(error.message);
      this.substitutionStatus = 1;
    }
    return fromBytes(bytes).replace(/\n+$/, '');
  }

  substituteProcess(part: ProcessPart): string {
    const { reader, writer } = makePipe();
    const child = this.fork();
    const isInput = part.direction === 'input';
    child.fds.set(isInput ? 1 : 0, isInput ? writer : reader);
    let fd = 63;
    while (this.fds.get(fd) !== undefined) fd -= 1;
    this.fds.set(fd, isInput ? reader : writer);
    this.processPipes.push(fd);
    const promise = this.inChild(child, () => child.run(part.body.statements)).catch(
      (error: unknown) => {
        if (error instanceof LimitReached) return 1;
        throw error;
      },
    );
    this.children.push({ pid: child.state.pid, promise, status: null });
    return `/dev/fd/${fd}`;
  }

  quotedWord(text: string): Promise<Word> {
    return this.home.reader.quotedWord(text);
  }

  glob(pattern: string): string[] {
    const { shopts } = this.state;
    return matchingPaths(
      this.home.options.machine.files,
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
    return this.home.options.machine.user(user)?.home;
  }

  countExpansion(length: number): void {
    this.surroundings.budget.checkLength(length);
  }

  async yieldIfDue(): Promise<void> {
    const { pageYield } = this.home;
    if (pageYield.isDue) await pageYield.ifDue();
  }

  /** Whether `ulimit -n` leaves this process so many more descriptors. */
  hasDescriptors(count: number): boolean {
    return this.fds.hasRoom(count, this.state.descriptorLimit);
  }
}

/** Of a message: a word of bash's grammar that this shell does without. */
export const absentWord = /^syntax error near unexpected token `(select|coproc)'$/;

/** As `jobs` shows a job. */
function jobText(statement: Statement): string {
  const source = statement.sourceText?.trim().replace(/\s*&$/, '');
  return source === undefined || source.includes('\n') ? statementText(statement) : source;
}

function onlyFile(statements: readonly Statement[]): Redirection | undefined {
  const [statement, ...more] = statements;
  const command = statement?.pipelines[0]?.commands[0];
  if (more.length > 0 || statement?.pipelines.length !== 1) return undefined;
  if (command?.type !== 'SimpleCommand' || command.name !== null) return undefined;
  const [redirection, ...others] = command.redirections;
  return redirection?.operator === '<' && others.length === 0 && command.assignments.length === 0
    ? redirection
    : undefined;
}

/** A POSIX extended expression in JavaScript's words: its classes have other names. */
function posixExpression(source: string): string {
  const names: Readonly<Record<string, string>> = {
    alnum: 'A-Za-z0-9',
    alpha: 'A-Za-z',
    blank: ' \\t',
    digit: '0-9',
    lower: 'a-z',
    punct: '!-\\/:-@\\[-`{-~',
    space: '\\s',
    upper: 'A-Z',
    xdigit: '0-9A-Fa-f',
    word: '\\w',
  };
  return source.replaceAll(/\[:(\w+):\]/g, (whole, name: string) => names[name] ?? whole);
}
