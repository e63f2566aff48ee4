/**
 * The simulated Linux behind the machine interface: a LinuxHost, a shell on it, and a clock that
 * ties virtual time to the reader's.
 */

import { commands } from './commands/index.ts';
import type { Pace, TerminalAccess } from './commands/command.ts';
import type { Distribution } from './linux/distribution.ts';
import { findDistribution } from './distributions/index.ts';
import { LinuxHost, type LinuxHostSnapshot } from './linux/linux-host.ts';
import type { Completion, EditRequest, Machine, MachineInput, MachineOutput } from './machine.ts';
import { completeLine } from './shell/completion.ts';
import { Shell, type ShellSnapshot } from './shell/shell.ts';
import { fill, type TerminalWords } from './words.ts';

export interface SimulatedMachineOptions {
  readonly distribution: Distribution;
  /** The only luck there is; the same seed gives the same ports. */
  readonly seed: number;
  readonly words: TerminalWords;
  /** A manual page in the reader's language. */
  manual(name: string): Promise<string | undefined>;
  /** `real`: seconds last as long as they do; `instant`: waiting takes no time (tests). */
  readonly pace: 'real' | 'instant';
  /** Lines run as root before the learner comes in, to set a stage. */
  readonly setup?: readonly string[];
  /** Programs that root has left running, each listening on a TCP port. */
  readonly servers?: readonly StagedServer[];
}

export interface StagedServer {
  readonly command: string;
  readonly args: string;
  readonly port: number;
}

export interface SimulatedSnapshot {
  readonly kind: 'simulated-linux';
  readonly version: 1;
  readonly distribution: string;
  readonly seed: number;
  readonly host: LinuxHostSnapshot;
  readonly shell: ShellSnapshot;
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams in the order in which they were printed. */
  readonly output: string;
  readonly exitCode: number;
}

/** How many command lines can be taken back. */
const undoDepth = 30;

/** Waiting longer than this is shortened to it, in real milliseconds. */
const longestWaitMs = 2000;

/** How often real time becomes virtual time. */
const heartbeatMs = 100;

export class SimulatedMachine implements Machine {
  readonly host: LinuxHost;
  readonly shell: Shell;
  private readonly options: SimulatedMachineOptions;
  private readonly listeners = new Set<(output: MachineOutput) => void>();
  private readonly undoStack: SimulatedSnapshot[] = [];
  private initial: SimulatedSnapshot | null = null;
  private columns = 80;
  private rows = 24;
  private pending = '';
  private isRunning = false;
  private reader: { resolve: (line: string | null) => void } | null = null;
  private readonly queue: string[] = [];
  private heartbeat: ReturnType<typeof setInterval> | null = null;
  private lastBeat = 0;
  private passing = 0;
  private wantsReboot = false;
  private toRestore: unknown;
  /** Where run() collects. */
  private capture: { stream: 'out' | 'err'; text: string }[] | null = null;

  constructor(options: SimulatedMachineOptions) {
    this.options = options;
    this.host = new LinuxHost({ distribution: options.distribution, seed: options.seed });
    this.shell = new Shell({
      machine: this.host,
      commands,
      terminal: this.terminal(),
      pace: options.pace === 'instant' ? this.instantPace() : this.realPace(),
      words: options.words,
      manual: (name) => options.manual(name),
      reboot: () => {
        this.wantsReboot = true;
        this.shell.interrupt();
      },
    });
  }

  async start(): Promise<void> {
    if (this.initial === null) {
      const root = this.host.user('root');
      for (const line of this.options.setup ?? []) {
        if (root === undefined) break;
        await this.shell.runScript(line, root, {
          cwd: '/root',
          isTty: false,
          stdin: '',
          signal: new AbortController().signal,
        });
      }
      for (const server of this.options.servers ?? []) this.stage(server);
      // A machine that has been up for a while, at no round moment.
      this.host.advance(62_700);
      this.initial = this.take();
    }
    if (this.toRestore !== undefined) this.restore(this.toRestore);
    this.toRestore = undefined;
    this.startClock();
    this.emitPrompt();
  }

  /** What to go on from, once the machine has been set up: start() takes it. */
  restoreLater(snapshot: unknown): void {
    this.toRestore = snapshot;
    if (isSnapshot(snapshot)) this.shell.history.push(...snapshot.shell.history);
  }

  private stage({ command, args, port }: StagedServer): void {
    const { host, processes } = this.host;
    const base = { uid: 0, user: 'root', command, args };
    const process = processes.start({ ...base, program: { kind: 'idle' } });
    const owner = this.host.owner(process);
    const opened = host.listen('tcp', '0.0.0.0', port, { owner, reuseAddress: true });
    if (!opened.ok) throw new Error(`${command} cannot listen on ${port}: ${opened.error}`);
    const sockets = [opened.value];
    processes.setProgram(process.pid, { kind: 'server', app: 'http-closing', sockets });
  }

  send(input: MachineInput): void {
    switch (input.kind) {
      case 'interrupt':
        this.interrupt();
        return;
      case 'end-of-input':
        this.endOfInput();
        return;
      case 'line':
        if (this.reader !== null) this.answer(input.text);
        else if (this.isRunning) this.queue.push(input.text);
        else void this.runTyped(input.text);
    }
  }

  onOutput(listener: (output: MachineOutput) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  resize(columns: number, rows: number): void {
    this.columns = Math.max(20, Math.floor(columns));
    this.rows = Math.max(4, Math.floor(rows));
  }

  stop(): void {
    if (this.heartbeat !== null) clearInterval(this.heartbeat);
    this.heartbeat = null;
    this.shell.interrupt();
  }

  snapshot(): SimulatedSnapshot {
    return this.take();
  }

  restore(snapshot: unknown): boolean {
    if (
      !isSnapshot(snapshot) ||
      snapshot.distribution !== this.options.distribution.id ||
      snapshot.seed !== this.options.seed
    )
      return false;
    try {
      this.put(snapshot);
    } catch {
      return false;
    }
    return true;
  }

  undo(): boolean {
    const last = this.undoStack.pop();
    if (last === undefined) return false;
    this.put(last);
    this.emit({ event: 'notice', text: this.options.words.undone });
    this.emitPrompt();
    return true;
  }

  get canUndo(): boolean {
    return this.undoStack.length > 0;
  }

  reset(): void {
    if (this.initial === null) return;
    this.undoStack.length = 0;
    this.put(this.initial);
    this.emit({ event: 'clear' });
    this.emitPrompt();
  }

  complete(line: string, cursor: number): Promise<Completion> {
    return Promise.resolve(completeLine(this.host, this.shell, line, cursor));
  }

  /**
   * Runs a line and waits for it: for labs that play a solution, and for tests. Output also goes to
   * the listeners.
   */
  async run(line: string): Promise<RunResult> {
    this.initial ??= this.take();
    const pieces: { stream: 'out' | 'err'; text: string }[] = [];
    this.capture = pieces;
    const exitCode = await this.runLine(line);
    this.capture = null;
    const of = (stream: 'out' | 'err') =>
      pieces.flatMap((piece) => (piece.stream === stream ? [piece.text] : [])).join('');
    return {
      stdout: of('out'),
      stderr: of('err'),
      output: pieces.map((piece) => piece.text).join(''),
      exitCode,
    };
  }

  private async runTyped(text: string): Promise<void> {
    const line = this.pending === '' ? text : `${this.pending}\n${text}`;
    if (line.trim() !== '' && this.shell.isIncomplete(line)) {
      this.pending = line;
      this.emit({ event: 'prompt', prompt: '> ', isCommandLine: true });
      return;
    }
    this.pending = '';
    await this.runLine(line);
    this.emitPrompt();
    const next = this.queue.shift();
    if (next !== undefined) void this.runTyped(next);
  }

  private async runLine(line: string): Promise<number> {
    this.isRunning = true;
    if (line.trim() !== '') {
      this.undoStack.push(this.take());
      if (this.undoStack.length > undoDepth) this.undoStack.shift();
      if (this.shell.history.at(-1) !== line) this.shell.history.push(line);
      this.emit({ event: 'busy', command: line });
    }
    let exitCode: number;
    try {
      const outcome = await this.shell.runLine(line);
      exitCode = outcome.kind === 'done' ? outcome.exitCode : 2;
    } finally {
      this.isRunning = false;
      this.reader = null;
    }
    if (this.wantsReboot) this.bootAgain();
    else if (this.shell.levels.length === 0) this.logOut();
    return exitCode;
  }

  private bootAgain(): void {
    this.wantsReboot = false;
    this.host.boot();
    this.host.advance(20_000);
    this.shell.logIn();
    this.emit({ event: 'notice', text: this.options.words.rebooted });
  }

  private logOut(): void {
    this.emit({ event: 'text', text: 'logout\n', stream: 'out' });
    this.shell.logIn();
    this.emit({ event: 'ended' });
  }

  private interrupt(): void {
    this.pending = '';
    this.queue.length = 0;
    if (this.reader !== null) this.answer(null);
    if (this.isRunning) {
      this.emit({ event: 'text', text: '^C\n', stream: 'out' });
      this.shell.interrupt();
    } else {
      this.emitPrompt();
    }
  }

  private endOfInput(): void {
    if (this.reader !== null) this.answer(null);
    else if (!this.isRunning) void this.runTyped('exit');
  }

  private answer(line: string | null): void {
    const reader = this.reader;
    this.reader = null;
    reader?.resolve(line);
  }

  private emit(output: MachineOutput): void {
    for (const listener of [...this.listeners]) listener(output);
  }

  private emitPrompt(): void {
    this.emit({ event: 'prompt', prompt: this.shell.prompt, isCommandLine: true });
  }

  private take(): SimulatedSnapshot {
    const { distribution, seed } = this.options;
    return {
      kind: 'simulated-linux',
      version: 1,
      distribution: distribution.id,
      seed,
      host: this.host.snapshot(),
      shell: this.shell.snapshot(),
    };
  }

  private put(snapshot: SimulatedSnapshot): void {
    this.shell.restore(snapshot.shell);
    this.host.restore(snapshot.host);
    this.pending = '';
  }

  private terminal(): TerminalAccess {
    return {
      columns: () => this.columns,
      rows: () => this.rows,
      write: (text, stream = 'out') => {
        if (text === '') return;
        this.capture?.push({ stream, text });
        this.emit({ event: 'text', text, stream });
      },
      readLine: (prompt, signal) => this.readLine(prompt, signal),
      page: (title, text, signal) =>
        this.untilClosed(signal, (close) => {
          this.emit({ event: 'page', title, text, close });
        }),
      screen: (text) => {
        this.emit({ event: 'screen', text });
      },
      edit: (request) =>
        this.untilClosed(undefined, (close) => {
          const full: EditRequest = { ...request, close };
          this.emit({ event: 'edit', request: full });
        }),
      clear: () => {
        this.emit({ event: 'clear' });
      },
      notice: (text) => {
        this.emit({ event: 'notice', text });
      },
    };
  }

  private readLine(prompt: string, signal: AbortSignal): Promise<string | null> {
    if (signal.aborted) return Promise.resolve(null);
    const queued = this.queue.shift();
    if (queued !== undefined) return Promise.resolve(queued);
    if (this.listeners.size === 0) return Promise.resolve(null);
    return new Promise((resolve) => {
      const done = (line: string | null) => {
        signal.removeEventListener('abort', stop);
        resolve(line);
      };
      const stop = () => {
        this.reader = null;
        done(null);
      };
      signal.addEventListener('abort', stop);
      this.reader = { resolve: done };
      this.emit({ event: 'prompt', prompt, isCommandLine: false });
    });
  }

  /** Hands something to the view and waits until it is closed; with no view nothing waits. */
  private untilClosed(
    signal: AbortSignal | undefined,
    open: (close: () => void) => void,
  ): Promise<void> {
    if (this.listeners.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const close = () => {
        signal?.removeEventListener('abort', close);
        resolve();
      };
      signal?.addEventListener('abort', close);
      open(close);
    });
  }

  private startClock(): void {
    if (this.options.pace === 'instant' || this.heartbeat !== null) return;
    this.lastBeat = performance.now();
    this.heartbeat = setInterval(() => {
      const now = performance.now();
      // A page that was asleep goes on where it stood; the machine does not race to catch up.
      const elapsed = Math.min(now - this.lastBeat, 1000);
      this.lastBeat = now;
      if (this.passing === 0) this.host.advance(elapsed);
    }, heartbeatMs);
  }

  private realPace(): Pace {
    const wait = (ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener('abort', done);
      });
    return {
      isDriving: true,
      idle: (signal) => wait(heartbeatMs, signal),
      pass: async (ms, signal) => {
        const rate = Math.max(1, ms / longestWaitMs);
        if (rate > 1.5)
          this.emit({
            event: 'notice',
            text: fill(this.options.words.fastForward, { seconds: Math.round(ms / 1000) }),
          });
        this.passing += 1;
        try {
          let last = performance.now();
          let left = ms;
          while (left > 0 && !signal.aborted) {
            await wait(Math.min(40, left / rate), signal);
            const now = performance.now();
            const step = Math.min(left, (now - last) * rate);
            last = now;
            left -= step;
            this.host.advance(step);
          }
        } finally {
          this.passing -= 1;
          this.lastBeat = performance.now();
        }
      },
    };
  }

  private instantPace(): Pace {
    return {
      isDriving: true,
      idle: () => new Promise((resolve) => setTimeout(resolve, 1)),
      pass: async (ms) => {
        this.host.advance(ms);
        await new Promise((resolve) => setTimeout(resolve, 0));
      },
    };
  }
}

/** Makes the machine that a snapshot was taken of; undefined where the data is none. */
export function distributionOfSnapshot(snapshot: unknown): Distribution | undefined {
  return isSnapshot(snapshot) ? findDistribution(snapshot.distribution) : undefined;
}

function isSnapshot(value: unknown): value is SimulatedSnapshot {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, version, distribution, seed, host, shell } = value as Record<string, unknown>;
  return (
    kind === 'simulated-linux' &&
    version === 1 &&
    typeof distribution === 'string' &&
    typeof seed === 'number' &&
    typeof host === 'object' &&
    host !== null &&
    typeof shell === 'object' &&
    shell !== null
  );
}
