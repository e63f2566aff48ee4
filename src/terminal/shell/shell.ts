/**
 * The glue between the shell library and the machine: runs typed lines in a user's name, carries
 * variables, functions and the working directory from line to line, gives our commands the machine
 * and the terminal, keeps background jobs, and holds the limits.
 */

import {
  Bash,
  defineCommand,
  getCommandNames,
  type CustomCommand,
  type ResolvedCommandContext,
} from 'just-bash/browser';
import type {
  Command,
  CommandContext,
  CommandResult,
  Job,
  JobTable,
  Pace,
  RunOptions,
  TerminalAccess,
} from '../commands/command.ts';
import { failed, jobPidVariable } from '../commands/command.ts';
import { strerror } from '../linux/error-texts.ts';
import { FileError, fromBytes, resolvePath } from '../linux/file-system.ts';
import type { LinuxHost } from '../linux/linux-host.ts';
import { refusalText, type UserFiles } from '../linux/user-files.ts';
import type { User } from '../linux/users.ts';
import { fill, type TerminalWords } from '../words.ts';
import {
  closeCommand,
  collected,
  definedFunctions,
  onTerminal,
  openCommand,
  settleCommand,
  tickCommand,
  transformStatements,
  ttyFlag,
  type Statement,
} from './line-transform.ts';
import { freshLevel, keptVariables, prompt, quote, type ShellLevel } from './shell-level.ts';
import { bundledStdin, repairMessages, spreadArguments } from './bundled.ts';
import { ShellFiles } from './shell-files.ts';

export interface ShellOptions {
  readonly machine: LinuxHost;
  readonly commands: readonly Command[];
  readonly terminal: TerminalAccess;
  readonly pace: Pace;
  readonly words: TerminalWords;
  manual(name: string): Promise<string | undefined>;
  reboot(): void;
}

export interface ShellSnapshot {
  readonly levels: readonly ShellLevel[];
  readonly history: readonly string[];
}

/** Enough for any exercise; a runaway line meets one of them within a second or two. */
const limits = {
  maxCommandCount: 400_000,
  maxLoopIterations: 100_000,
  maxCallDepth: 64,
  maxExecDepth: 24,
  maxSubstitutionDepth: 24,
  maxStringLength: 4 * 1024 * 1024,
  maxOutputSize: 16 * 1024 * 1024,
  maxBraceExpansionResults: 70_000,
  maxArrayElements: 100_000,
  maxHeredocSize: 1024 * 1024,
  maxSourceBytes: 2 * 1024 * 1024,
  maxLiveBytes: 64 * 1024 * 1024,
  maxAwkIterations: 1_000_000,
  maxSedIterations: 1_000_000,
};

/** Bytes that one line may print before it is stopped. */
const maximumPrinted = 6 * 1024 * 1024;

export type LineOutcome =
  { readonly kind: 'done'; readonly exitCode: number } | { readonly kind: 'incomplete' };

export class Shell {
  levels: ShellLevel[] = [];
  readonly history: string[] = [];
  private readonly options: ShellOptions;
  private readonly parser = new Bash({ commands: [] });
  private picked: ((statements: readonly Statement[]) => Statement[]) | null = null;
  private readonly shells = new Map<number, { bash: Bash; files: ShellFiles }>();
  private readonly ownNames: ReadonlySet<string>;
  private readonly jobList: (Job & {
    readonly promise: Promise<number>;
    readonly abort: AbortController;
  })[] = [];
  /** Connections that `exec N<>/dev/tcp/…` holds. */
  private readonly tcpDescriptors = new Map<number, number>();
  private printed = 0;
  /** Tells the starter of a job that the job has come to its first wait. */
  private jobIsWaiting: (() => void) | null = null;
  private current: AbortController | null = null;
  private lastYield = 0;
  /** Why the output limit has stopped a line; whether a limit of the library has. */
  private stop: { reason: string | null; hitLimit: boolean } = { reason: null, hitLimit: false };

  constructor(options: ShellOptions) {
    this.options = options;
    this.ownNames = new Set([
      ...options.commands.flatMap((one) => [one.name, ...(one.aliases ?? [])]),
      ...bundledStdin.keys(),
    ]);
    this.parser.registerTransformPlugin({
      name: 'pick',
      transform: ({ ast }) => ({
        ast: this.picked === null ? ast : { ...ast, statements: this.picked(ast.statements) },
      }),
    });
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
    return prompt(
      this.level,
      this.options.machine.distribution,
      this.options.machine.hostName().split('.')[0] ?? '',
    );
  }

  snapshot(): ShellSnapshot {
    return { levels: [...this.levels], history: [...this.history] };
  }

  restore(snapshot: ShellSnapshot): void {
    this.interrupt();
    for (const job of this.jobList) job.abort.abort();
    this.jobList.length = 0;
    this.levels = [...snapshot.levels];
    this.history.splice(0, this.history.length, ...snapshot.history);
  }

  interrupt(): void {
    this.current?.abort();
  }

  /** Whether the text is a whole command, or the shell would ask for more. */
  isIncomplete(text: string): boolean {
    try {
      this.transform(text, (statements) => [...statements]);
      return /(?:^|[^\\])(?:\\\\)*\\$/.test(text.trimEnd()) || hasOpenHeredoc(text);
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      return (
        /unexpected EOF|got EOF|unterminated|unexpected end/i.test(message) &&
        !message.includes('unexpected token')
      );
    }
  }

  /** Runs a line as typed at the prompt. Its output goes to the terminal. */
  async runLine(text: string): Promise<LineOutcome> {
    if (text.trim() === '') return { kind: 'done', exitCode: this.level.status };
    if (this.isIncomplete(text)) return { kind: 'incomplete' };
    if (hasHugeRange(text)) {
      const limit = `brace expansion: more than ${longestRange} words`;
      this.write(`bash: ${fill(this.options.words.limitReached, { limit })}\n`, 'err');
      this.setStatus(126);
      return { kind: 'done', exitCode: 126 };
    }
    const statements = this.statements(text);
    if (statements === null) return { kind: 'done', exitCode: 2 };
    this.printed = 0;
    this.stop = { reason: null, hitLimit: false };
    const abort = new AbortController();
    this.current = abort;
    let exitCode = 0;
    try {
      for (const [index, isBackground] of statements.entries()) {
        if (abort.signal.aborted) break;
        const depth = this.levels.length;
        if (isBackground) await this.startJob(text, index);
        else exitCode = await this.runStatement(text, index, abort.signal);
        this.setStatus(exitCode);
        if (this.levels.length < depth || this.stop.hitLimit) break;
      }
    } finally {
      this.current = null;
    }
    this.sayWhyStopped();
    if (abort.signal.aborted) exitCode = 130;
    this.setStatus(exitCode);
    this.reportJobs();
    return { kind: 'done', exitCode };
  }

  /** Runs a script in a user's name and collects what it prints, or sends it to the terminal. */
  async runScript(
    script: string,
    user: User,
    options: RunOptions & { readonly signal: AbortSignal; readonly isTty: boolean },
  ): Promise<CommandResult> {
    const streams = options.isTty
      ? { ...onTerminal, inTerminal: options.stdin === undefined }
      : collected;
    let text: string;
    try {
      text = this.transform(script, (statements) =>
        transformStatements(statements, this.transformOptions(streams)),
      );
    } catch (error) {
      return failed(syntaxMessage(error), 2);
    }
    const { bash } = this.shellOf(user);
    const result = await this.execute(bash, text, {
      cwd: options.cwd ?? user.home,
      env: { ...this.environmentOf(user), ...options.env },
      ...(options.stdin !== undefined && { stdin: options.stdin }),
      signal: options.signal,
    });
    return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
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
    return [...new Set([...this.ownNames, ...getCommandNames()])]
      .filter((name) => !hidden.has(name))
      .sort();
  }

  private statements(text: string): readonly boolean[] | null {
    let flags: readonly boolean[] = [];
    try {
      this.transform(text, (statements) => {
        flags = statements.map((one) => one.background);
        return [...statements];
      });
      return flags;
    } catch (error) {
      this.write(syntaxMessage(error), 'err');
      this.setStatus(2);
      return null;
    }
  }

  private transform(text: string, pick: (statements: readonly Statement[]) => Statement[]): string {
    this.picked = pick;
    try {
      return this.parser.transform(text).script;
    } finally {
      this.picked = null;
    }
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
    const functions: Record<string, string> = {};
    const script = this.transform(text, (statements) => {
      const one = statements[index];
      return one === undefined ? [] : transformStatements([one], this.transformOptions());
    });
    for (const node of this.functionsIn(text, index)) functions[node.name] = node.source;
    const { bash, files } = this.shellOf(level.user);
    files.state.clear();
    const result = await this.execute(bash, `${this.prologue(level)}\n${script}\n${epilogue}`, {
      cwd: level.cwd,
      env: aliasEnvironment(level.aliases),
      signal,
    });
    if (result.stdout !== '') this.write(result.stdout, 'out');
    if (result.stderr !== '') this.write(this.repair(level.user, result.stderr, level.cwd), 'err');
    const declared = files.state.get('variables');
    if (declared === undefined) {
      if (
        result.exitCode !== 126 &&
        !signal.aborted &&
        /(?:^|[;&|{(\s])(?:exit|logout)\b/.test(text)
      )
        this.leave();
      return result.exitCode;
    }
    const at = this.levels.indexOf(level);
    if (at !== -1) this.levels[at] = this.nextLevel(level, files.state, result.env, functions);
    return result.exitCode;
  }

  private sayWhyStopped(): void {
    if (this.stop.reason !== null) this.options.terminal.notice(this.stop.reason);
  }

  private functionsIn(
    text: string,
    index: number,
  ): readonly { readonly name: string; readonly source: string }[] {
    const names: string[] = [];
    this.transform(text, (statements) => {
      const one = statements[index];
      if (one !== undefined) names.push(...definedFunctions([one]).map((node) => node.name));
      return [];
    });
    return names.map((name) => ({
      name,
      source: this.transform(text, (statements) => {
        const one = statements[index];
        const node =
          one === undefined
            ? undefined
            : definedFunctions([one]).find((candidate) => candidate.name === name);
        if (one === undefined || node === undefined) return [];
        const pipeline = { type: 'Pipeline' as const, commands: [node], negated: false };
        return transformStatements(
          [{ ...one, pipelines: [pipeline], operators: [] }],
          this.transformOptions(),
        );
      }),
    }));
  }

  private prologue(level: ShellLevel): string {
    return [
      'shopt -s expand_aliases',
      level.variables,
      /(?:^|\n)declare -x OLDPWD=/.test(level.variables)
        ? `cd "$OLDPWD" 2>/dev/null; cd ${quote(level.cwd)}`
        : '',
      ...Object.values(level.functions),
      level.options,
      level.status === 0 ? 'true' : `(exit ${level.status})`,
    ]
      .filter(Boolean)
      .join('\n');
  }

  private nextLevel(
    level: ShellLevel,
    state: ReadonlyMap<string, string>,
    env: Readonly<Record<string, string>>,
    functions: Readonly<Record<string, string>>,
  ): ShellLevel {
    const alive = new Set(
      (state.get('functions') ?? '')
        .split('\n')
        .map((line) => line.replace(/^declare -f\S* /, '').trim()),
    );
    const all = { ...level.functions, ...functions };
    return {
      user: level.user,
      cwd: env['PWD'] ?? level.cwd,
      variables: keptVariables(state.get('variables') ?? ''),
      functions: Object.fromEntries(Object.entries(all).filter(([name]) => alive.has(name))),
      aliases: Object.fromEntries(
        Object.entries(env).flatMap(([name, value]) =>
          name.startsWith('BASH_ALIAS_') ? [[name.slice(11), value]] : [],
        ),
      ),
      options: keptOptions(state.get('options') ?? ''),
      status: level.status,
    };
  }

  private setStatus(status: number): void {
    const at = this.levels.length - 1;
    const level = this.levels[at];
    if (level !== undefined) this.levels[at] = { ...level, status };
  }

  private environmentOf(user: User): Record<string, string> {
    const { machine } = this.options;
    const level = freshLevel(user, machine.distribution, user.home, machine.hostName());
    const env: Record<string, string> = {};
    for (const line of level.variables.split('\n')) {
      const match = /^declare -x (\w+)='?(.*?)'?$/.exec(line);
      if (match?.[1] !== undefined) env[match[1]] = match[2] ?? '';
    }
    return env;
  }

  private async execute(
    bash: Bash,
    script: string,
    options: {
      readonly cwd: string;
      readonly env: Record<string, string>;
      readonly stdin?: string;
      readonly signal: AbortSignal;
    },
  ) {
    try {
      const result = await bash.exec(script, { ...options, replaceEnv: true, rawScript: true });
      if (result.exitCode === 126 && /exceeded|too many/.test(result.stderr)) {
        this.stop.hitLimit = true;
        const limit = result.stderr
          .trim()
          .replace(/, increase .*$/, '')
          .replace(/^bash: /, '');
        return { ...result, stderr: `bash: ${fill(this.options.words.limitReached, { limit })}\n` };
      }
      return options.signal.aborted ? { ...result, stderr: '' } : result;
    } catch (error) {
      const text =
        error instanceof FileError
          ? `bash: ${error.path}: ${refusalText(error.code)}`
          : `bash: ${error instanceof Error ? error.message : String(error)}`;
      return {
        stdout: '',
        stderr: options.signal.aborted ? '' : `${text}\n`,
        exitCode: options.signal.aborted ? 130 : 1,
        env: {},
      };
    }
  }

  /** Starts a job and comes back when it is done or waits for something. */
  private async startJob(text: string, index: number): Promise<void> {
    const { machine, terminal } = this.options;
    const level = this.level;
    const abort = new AbortController();
    const number = this.jobList.reduce((highest, job) => Math.max(highest, job.number), 0) + 1;
    const line = this.transform(text, (statements) => {
      const one = statements[index];
      return one === undefined ? [] : [{ ...one, background: false }];
    });
    const pid = machine.processes.takePid();
    const env = { [jobPidVariable]: String(pid), ...aliasEnvironment(level.aliases) };
    const promise = this.runScript(line, level.user, {
      cwd: level.cwd,
      env,
      signal: abort.signal,
      isTty: true,
      stdin: '',
    }).then((result) => {
      if (result.stdout) this.write(result.stdout, 'out');
      if (result.stderr) this.write(this.repair(level.user, result.stderr, level.cwd), 'err');
      this.finishJob(number);
      return result.exitCode;
    });
    this.jobList.push({ number, pid, line: line.trim(), isDone: false, promise, abort });
    terminal.write(`[${number}] ${pid}\n`);
    const isWaiting = new Promise<void>((resolve) => {
      this.jobIsWaiting = resolve;
    });
    await Promise.race([promise, isWaiting]);
  }

  private finishJob(number: number): void {
    const at = this.jobList.findIndex((job) => job.number === number);
    const job = this.jobList[at];
    if (job !== undefined) this.jobList[at] = { ...job, isDone: true };
  }

  private reportJobs(): void {
    for (const job of this.jobList.filter((one) => one.isDone)) {
      this.write(`[${job.number}]+  Done                    ${job.line}\n`, 'out');
      this.jobList.splice(this.jobList.indexOf(job), 1);
    }
  }

  /** How a background job waits: for the machine to go on by itself. */
  private readonly waiting: Pace = {
    isDriving: false,
    pass: (_ms, signal) => this.waiting.idle(signal),
    idle: (signal) =>
      new Promise((resolve) => {
        this.jobIsWaiting?.();
        const done = () => {
          stopListening();
          signal.removeEventListener('abort', done);
          resolve();
        };
        const stopListening = this.options.machine.onChange(done);
        signal.addEventListener('abort', done);
      }),
  };

  private readonly jobs: JobTable = {
    list: () => this.jobList,
    find: (word) => {
      const plain = word.replace(/^%/, '');
      if (plain === '' || plain === '+' || plain === '%')
        return this.jobList[this.jobList.length - 1];
      return this.jobList.find((job) => String(job.number) === plain || job.line.startsWith(plain));
    },
    forgetDone: () => {
      for (const job of this.jobList.filter((one) => one.isDone))
        this.jobList.splice(this.jobList.indexOf(job), 1);
    },
    foreground: async (job, signal) => {
      const entry = this.jobList.find((one) => one.number === job.number);
      if (entry === undefined) return 1;
      const stop = () => {
        entry.abort.abort();
      };
      signal.addEventListener('abort', stop);
      const exitCode = await entry.promise;
      signal.removeEventListener('abort', stop);
      this.jobList.splice(
        this.jobList.findIndex((one) => one.number === job.number),
        1,
      );
      return exitCode;
    },
    stop: (job) => this.jobList.find((one) => one.number === job.number)?.abort.abort(),
  };

  private shellOf(user: User): { bash: Bash; files: ShellFiles } {
    const known = this.shells.get(user.uid);
    if (known !== undefined) return known;
    const files = new ShellFiles(
      this.options.machine.files,
      { uid: user.uid, gid: user.gid },
      (text, stream) => {
        this.write(stream === 'err' ? repairMessages(text, files.refused, '/') : text, stream);
      },
    );
    const bash = new Bash({
      fs: files,
      cwd: '/',
      env: {},
      executionLimits: limits,
      defenseInDepth: false,
      customCommands: this.customCommands(user, files),
      processInfo: { pid: this.options.machine.loginPid, ppid: 1, uid: user.uid, gid: user.gid },
    });
    const made = { bash, files };
    this.shells.set(user.uid, made);
    return made;
  }

  private customCommands(user: User, files: ShellFiles): CustomCommand[] {
    const own = this.options.commands.flatMap((command) =>
      [command.name, ...(command.aliases ?? [])].map((name) =>
        defineCommand(name, async (args, context) => this.runOwn(command, args, context, user)),
      ),
    );
    const named = new Set(own.map((command) => command.name));
    const bundled = getCommandNames()
      .filter((name) => !named.has(name) && !hidden.has(name))
      .map((name) =>
        defineCommand(name, (args, context) => this.runBundled(name, args, context, files)),
      );
    const absent = [...hidden].map((name) =>
      defineCommand(name, () => Promise.resolve(failed(`bash: ${name}: command not found`, 127))),
    );
    return [...own, ...bundled, ...absent, ...this.plumbing(user, files)];
  }

  private async runOwn(
    command: Command,
    args: readonly string[],
    context: ResolvedCommandContext,
    user: User,
  ) {
    const flag = Number(context.env.get(ttyFlag) ?? '0');
    const isTty = (flag & 1) !== 0;
    const jobPid = context.env.get(jobPidVariable);
    const { machine, terminal, pace, words } = this.options;
    const signal = context.signal ?? this.current?.signal ?? new AbortController().signal;
    const commandContext: CommandContext = {
      machine,
      args,
      user,
      identity: { uid: user.uid, gid: user.gid },
      cwd: context.cwd,
      env: new Map([...context.env].filter(([name]) => name !== ttyFlag)),
      exported: context.exportedEnv ?? {},
      host: machine.host,
      hostName: machine.hostName(),
      socketRows: () => machine.socketRows(),
      socketCounters: () => machine.socketCounters(),
      stdin: (flag & 4) !== 0 ? null : fromBytes(context.stdin as unknown as string),
      isTty,
      terminal,
      pace: jobPid === undefined ? pace : this.waiting,
      words,
      signal,
      manual: (name) => this.options.manual(name),
      reboot: () => {
        this.options.reboot();
      },
      jobs: this.jobs,
      history: this.history,
      commandNames: this.commandNames(),
      openShell: (who, how) => {
        this.openShell(who, how);
      },
      run: (script, options = {}) =>
        this.runScript(script, options.user ?? user, {
          cwd: context.cwd,
          ...options,
          env: { ...options.env, ...(jobPid !== undefined && { [jobPidVariable]: jobPid }) },
          signal,
          isTty: isTty && (options.toTerminal ?? true),
        }),
    };
    try {
      const result =
        args.length === 1 && args[0] === '--help'
          ? await this.help(command.name, commandContext)
          : await command.run(commandContext);
      if (result.inOrder === undefined || (flag & 3) !== 3) return { ...result };
      for (const piece of result.inOrder) this.write(piece.text, piece.stream);
      return { stdout: '', stderr: '', exitCode: result.exitCode };
    } catch (error) {
      if (error instanceof FileError)
        return failed(`${command.name}: ${error.path}: ${refusalText(error.code)}`);
      throw error;
    }
  }

  private async help(name: string, context: CommandContext): Promise<CommandResult> {
    const page = await context.manual(name);
    return page === undefined
      ? failed(fill(context.words.noManual, { tool: name }))
      : { stdout: page, stderr: '', exitCode: 0 };
  }

  private async runBundled(
    name: string,
    args: string[],
    context: ResolvedCommandContext,
    files: UserFiles,
  ) {
    await this.breathe();
    const readsKeyboard = bundledStdin.get(name)?.(args) ?? false;
    if (
      readsKeyboard &&
      (Number(context.env.get(ttyFlag) ?? '0') & 4) !== 0 &&
      context.exec !== undefined
    ) {
      const stdin = await this.readAll(context.signal);
      return context.exec([name, ...args].map(quote).join(' '), {
        cwd: context.cwd,
        env: { [ttyFlag]: '0' },
        stdin,
        ...(context.signal !== undefined && { signal: context.signal }),
      });
    }
    files.refused.clear();
    const result =
      (await context.origCommand?.(spreadArguments(name, args))) ??
      failed(`bash: ${name}: command not found`, 127);
    return { ...result, stderr: repairMessages(result.stderr, files.refused, context.cwd) };
  }

  private async readAll(signal: AbortSignal | undefined): Promise<string> {
    const stop = signal ?? new AbortController().signal;
    let text = '';
    for (;;) {
      const line = await this.options.terminal.readLine('', stop);
      if (line === null) return text;
      text += `${line}\n`;
    }
  }

  private plumbing(user: User, files: ShellFiles): CustomCommand[] {
    return [
      defineCommand(tickCommand, async (args) => {
        await this.breathe();
        return { stdout: '', stderr: '', exitCode: Number(args[0] ?? 0) };
      }),
      defineCommand(openCommand, async (args, context) => {
        for (let index = 0; index + 1 < args.length; index += 2) {
          const [mode, path] = [args[index], args[index + 1] ?? ''];
          if (path.startsWith('/dev/tcp/')) {
            const problem = await this.openTcp(path, user, context.signal, mode);
            if (problem !== null)
              return failed(`bash: connect: ${problem}\nbash: ${path}: ${problem}`);
            continue;
          }
          if (mode === 'x') {
            const problem = files.tryEnter(resolvePath(context.cwd, path));
            if (problem !== null) return failed(`bash: cd: ${path}: ${problem}`);
            continue;
          }
          const problem =
            path === ''
              ? 'No such file or directory'
              : files.tryOpen(resolvePath(context.cwd, path), mode === 'r');
          if (problem !== null) return failed(`bash: ${path}: ${problem}`);
        }
        return { stdout: '', stderr: '', exitCode: 0 };
      }),
      defineCommand(closeCommand, (args) => {
        for (const arg of args) {
          const id = this.tcpDescriptors.get(Number(arg));
          if (id !== undefined) this.options.machine.host.close(id);
          this.tcpDescriptors.delete(Number(arg));
        }
        this.options.machine.advance(6);
        return Promise.resolve({ stdout: '', stderr: '', exitCode: 0 });
      }),
      defineCommand(settleCommand, ([status, name, ...paths], context) => {
        for (const path of paths) {
          const code = files.takeLateRefusal(resolvePath(context.cwd, path));
          if (code !== null)
            return Promise.resolve(
              failed(`bash: ${name ?? 'bash'}: write error: ${refusalText(code)}`),
            );
        }
        return Promise.resolve({ stdout: '', stderr: '', exitCode: Number(status ?? 0) });
      }),
    ];
  }

  /**
   * Bash's /dev/tcp/host/port. With a descriptor (`exec 3<>…`) the shell keeps the connection; else
   * it is closed when the command is done.
   */
  private async openTcp(
    path: string,
    user: User,
    signal: AbortSignal | undefined,
    mode: string | undefined,
  ): Promise<string | null> {
    const { machine, pace } = this.options;
    const [name = '', portText = ''] = path.slice('/dev/tcp/'.length).split('/');
    const address = machine.resolve(name);
    const port = /^\d+$/.test(portText)
      ? Number(portText)
      : machine.serviceNames().byName(portText, 'tcp')?.port;
    if (address === undefined) return 'Name or service not known';
    if (port === undefined || port > 65_535) return 'Invalid argument';
    const owner = {
      pid: machine.loginPid,
      command: 'bash',
      user: user.name,
      uid: user.uid,
      fd: Number(/^\d+$/.exec(mode ?? '')?.[0] ?? 3),
    };
    const result = machine.host.connect('tcp', address, port, { owner, request: 0 });
    if (!result.ok) return strerror(result.error);
    const id = result.value;
    const stop = signal ?? new AbortController().signal;
    while (machine.host.socket(id)?.state === 'SYN-SENT' && !stop.aborted) {
      const next = machine.nextMs;
      const gap = next === null ? 100 : next - machine.world.nowMs;
      if (gap < 300) machine.advance(Math.max(gap, 0.001));
      else await pace.pass(Math.min(gap, 1000), stop);
    }
    const failure = machine.host.failure(id);
    if (failure !== undefined) return strerror(failure);
    if (/^\d+$/.test(mode ?? '')) this.tcpDescriptors.set(Number(mode), id);
    else machine.host.close(id);
    return null;
  }

  private repair(user: User, text: string, cwd: string): string {
    return repairMessages(text, this.shellOf(user).files.refused, cwd);
  }

  private write(text: string, stream: 'out' | 'err'): void {
    if (this.stop.reason !== null) return;
    this.printed += text.length;
    if (this.printed > maximumPrinted) {
      this.stop.reason = this.options.words.outputCut;
      this.current?.abort();
      return;
    }
    this.options.terminal.write(text, stream);
  }

  /** Lets the page draw and listen, now and then. */
  private async breathe(): Promise<void> {
    const now = performance.now();
    if (now - this.lastYield < busyMs) return;
    await nextTask();
    this.lastYield = performance.now();
  }
}

/** How long a script may keep the page to itself, in milliseconds: under two frames. */
const busyMs = 24;

/** The next turn of the event loop; a message is not held up as timers are. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

const rootUser: User = { name: 'root', uid: 0, gid: 0, home: '/root', shell: '/bin/bash' };

/** Commands of the library that a Linux machine does not have by these names. */
const hidden = new Set([
  'html-to-markdown',
  'js-exec',
  'sqlite3',
  'xan',
  'rg',
  'node',
  'python',
  'jq',
  'yq',
  'gzip',
  'gunzip',
  'zcat',
  'tar',
  'help',
]);

/** Leaves the shell's state where the next line finds it, and the line's status as it was. */
const epilogue = [
  '__status=$?',
  'declare -p >/dev/.state-variables 2>/dev/null',
  'declare -F >/dev/.state-functions 2>/dev/null',
  '{ set +o; shopt -p; } >/dev/.state-options 2>/dev/null',
  '(exit $__status)',
].join('\n');

/** `set +o` and `shopt -p` lines that differ from a fresh shell's. */
function keptOptions(text: string): string {
  return text
    .split('\n')
    .filter((line) => {
      const match = /^(set|shopt) (\S+) (\S+)$/.exec(line);
      if (match === null) return false;
      const [, builtin, sign, name = ''] = match;
      if (builtin === 'set') return (sign === '-o') !== defaultOn.has(name);
      return (sign === '-s') !== defaultOn.has(name) && name !== 'expand_aliases';
    })
    .join('\n');
}

const defaultOn = new Set(['braceexpand', 'hashall', 'interactive-comments', 'globskipdots']);

function aliasEnvironment(aliases: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(aliases).map(([name, value]) => [`BASH_ALIAS_${name}`, value]),
  );
}

function syntaxMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const token = /unexpected token [`']?([^'`]+)[`']?/.exec(message)?.[1];
  if (token !== undefined) return `bash: syntax error near unexpected token \`${token}'\n`;
  return `bash: syntax error: ${message.replace(/^.*?Parse error at \d+:\d+: /, '')}\n`;
}

/** The library cuts longer ranges without a word. */
const longestRange = 10_000;

function hasHugeRange(text: string): boolean {
  return [...text.matchAll(/\{(-?\d+)\.\.(-?\d+)(?:\.\.-?(\d+))?\}/g)].some(
    ([, from, to, step]) =>
      Math.abs(Number(to) - Number(from)) / Math.max(1, Number(step ?? 1)) >= longestRange,
  );
}

/** A here-document whose last line has not been typed yet. */
function hasOpenHeredoc(text: string): boolean {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    for (const match of line.matchAll(/(?<!<)<<(-?)\s*(['"]?)(\w+)\2/g)) {
      const [, dash, , delimiter] = match;
      const isClosed = lines
        .slice(index + 1)
        .some((later) => (dash === '-' ? later.replace(/^\t+/, '') : later) === delimiter);
      if (!isClosed) return true;
    }
  }
  return false;
}
