/**
 * The simulated Linux behind the machine interface: a LinuxHost, a shell on it, and a clock that
 * ties virtual time to the reader's.
 */

import { commands } from './commands/index.ts';
import type { Distribution } from './linux/distribution.ts';
import { firewalldService } from './distributions/firewalld-files.ts';
import { Ufw } from './firewall/ufw.ts';
import { LinuxHost } from './linux/linux-host.ts';
import { InstantClock, RealClock, type MachineClock } from './machine-clock.ts';
import { MachineTerminal } from './machine-terminal.ts';
import type {
  Completion,
  Machine,
  MachineInput,
  MachineOutput,
  MachinePicture,
} from './machine.ts';
import { pictureOf } from './machine-picture.ts';
import { completeLine } from './shell/completion.ts';
import { endsHere, type ReadLine } from './shell/just-bash/reader.ts';
import type { StartThread } from './shell/just-bash/tool-thread.ts';
import { Shell } from './shell/shell.ts';
import { runAsRoot, startServer, type StagedServer } from './machine-setup.ts';
import { isSnapshot, type SimulatedSnapshot } from './simulated-snapshot.ts';
import { fill, type TerminalWords } from './words.ts';

export interface SimulatedMachineOptions {
  readonly distribution: Distribution;
  /** The only source of chance; the same seed gives the same ports. */
  readonly seed: number;
  readonly words: TerminalWords;
  /** A manual page in the reader's language. */
  manual(name: string): Promise<string | undefined>;
  /** `real`: seconds last as long as they do; `instant`: waiting takes no time (tests). */
  readonly pace: 'real' | 'instant';
  /** Makes a thread for the shell's tools; without it they run on this one. */
  readonly startToolThread?: StartThread;
  /** Lines run as root before the learner comes in, to set a stage. */
  readonly setup?: readonly string[];
  /** Programs that root has left running, each listening on a TCP port. */
  readonly servers?: readonly StagedServer[];
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

export class SimulatedMachine implements Machine {
  readonly host: LinuxHost;
  readonly shell: Shell;
  private readonly options: SimulatedMachineOptions;
  private readonly terminal = new MachineTerminal();
  private readonly clock: MachineClock;
  private readonly undoStack: SimulatedSnapshot[] = [];
  private initial: SimulatedSnapshot | null = null;
  private pending = '';
  /** The last lines of the here-documents in `pending`. */
  private awaited: readonly string[] = [];
  private isRunning = false;
  /** How often Ctrl+C has been pressed. */
  private interrupts = 0;
  private wantsReboot = false;
  private toRestore: unknown;
  private hasGoneOn = false;

  constructor(options: SimulatedMachineOptions) {
    this.options = options;
    this.host = new LinuxHost({ distribution: options.distribution, seed: options.seed });
    this.host.services.whenTurned = (name, isBeginning) => {
      if (name !== firewalldService.name) return;
      const before = this.host.turning;
      this.host.turning = Promise.all([import('./commands/firewalld-on-demand.ts'), before]).then(
        ([{ Firewalld }]) => {
          const wall = new Firewalld(this.host);
          if (isBeginning) wall.start();
          else wall.stop();
        },
      );
    };
    const advance = (ms: number) => {
      this.host.advance(ms);
    };
    this.clock =
      options.pace === 'instant'
        ? new InstantClock(advance)
        : new RealClock(advance, (seconds) => {
            this.terminal.notice(fill(options.words.fastForward, { seconds }));
          });
    this.shell = new Shell({
      machine: this.host,
      commands,
      terminal: this.terminal,
      pace: this.clock.pace,
      words: options.words,
      ...(options.startToolThread !== undefined && { startToolThread: options.startToolThread }),
      manual: (name) => options.manual(name),
      reboot: () => {
        this.wantsReboot = true;
        this.shell.interrupt();
      },
    });
  }

  async start(): Promise<void> {
    if (this.initial === null) {
      await this.setStage();
      // A machine that has been up for a while, at no round moment.
      this.host.advance(62_700);
      this.initial = this.take();
    }
    if (this.toRestore !== undefined) this.hasGoneOn = this.restore(this.toRestore);
    this.toRestore = undefined;
    this.clock.start();
    this.emitPrompt();
  }

  /** Whether the machine went on from what restoreLater() was given. */
  get goesOn(): boolean {
    return this.hasGoneOn;
  }

  /** What to go on from, once the machine has been set up: start() takes it. */
  restoreLater(snapshot: unknown): void {
    this.toRestore = snapshot;
    if (isSnapshot(snapshot)) this.shell.history.push(...snapshot.shell.history);
  }

  private async setStage(): Promise<void> {
    this.terminal.isMuted = true;
    await runAsRoot(this.host, this.shell, this.options.setup ?? []);
    this.terminal.isMuted = false;
    for (const server of this.options.servers ?? []) startServer(this.host, server);
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
        if (this.terminal.isReading) this.terminal.answer(input.text);
        else if (this.isRunning) this.terminal.typeAhead(input.text);
        else void this.runTyped(input.text);
    }
  }

  onOutput(listener: (output: MachineOutput) => void): () => void {
    return this.terminal.listen(listener);
  }

  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
  }

  stop(): void {
    this.clock.stop();
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
    const before = this.take();
    try {
      this.put(snapshot);
    } catch {
      this.put(before);
      return false;
    }
    return true;
  }

  undo(): boolean {
    const last = this.undoStack.pop();
    if (last === undefined) return false;
    this.put(last);
    this.terminal.emit({ event: 'notice', text: this.options.words.undone });
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
    this.terminal.emit({ event: 'clear' });
    this.emitPrompt();
  }

  get earlierLines(): readonly string[] {
    return this.shell.history;
  }

  picture(): MachinePicture {
    return pictureOf(this.host);
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
    const endCapture = this.terminal.capture();
    const exitCode = await this.runLine(line);
    const pieces = endCapture();
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
    let line = this.pending === '' ? text : `${this.pending}\n${text}`;
    if (this.pending !== '' && this.awaited.length > 0 && !endsHere(text, this.awaited)) {
      // To read the whole again for each line would take ever longer.
      await this.goOn(line);
      return;
    }
    const expanded = line.trim() === '' ? null : this.shell.expandHistory(line);
    if (expanded !== null && 'problem' in expanded) {
      this.pending = '';
      this.terminal.write(`bash: ${expanded.problem}\n`, 'err');
      this.emitPrompt();
      await this.takeNext();
      return;
    }
    if (expanded !== null) {
      line = expanded.line;
      this.terminal.write(`${line}\n`);
    }
    const { interrupts } = this;
    this.isRunning = true;
    const read = await this.shell.read(line);
    this.isRunning = false;
    if (interrupts !== this.interrupts) {
      this.emitPrompt();
      await this.takeNext();
      return;
    }
    if (read.isIncomplete) {
      this.awaited = read.awaited ?? [];
      await this.goOn(line);
      return;
    }
    this.pending = '';
    await this.runLine(line, read);
    this.emitPrompt();
    await this.takeNext();
  }

  /** Waits for the rest of a line that is not whole. */
  private async goOn(line: string): Promise<void> {
    this.pending = line;
    this.terminal.emit({ event: 'prompt', prompt: '> ', isCommandLine: true });
    await this.takeNext();
  }

  /** Runs the next of the lines that were pasted or typed ahead, when the page has had its turn. */
  private async takeNext(): Promise<void> {
    if (!this.terminal.hasTypedAhead) return;
    const { interrupts } = this;
    this.isRunning = true;
    await this.shell.pageYield.ifDue();
    this.isRunning = false;
    if (interrupts !== this.interrupts) this.emitPrompt();
    const next = this.terminal.takeTypedAhead();
    if (next !== undefined) void this.runTyped(next);
  }

  private async runLine(line: string, read?: ReadLine): Promise<number> {
    this.isRunning = true;
    if (line.trim() !== '') {
      this.undoStack.push(this.take());
      if (this.undoStack.length > undoDepth) this.undoStack.shift();
      if (this.shell.history.at(-1) !== line) this.shell.history.push(line);
      this.terminal.emit({ event: 'busy', command: line });
    }
    let exitCode: number;
    try {
      const outcome = await this.shell.runLine(line, read);
      exitCode = outcome.kind === 'done' ? outcome.exitCode : 2;
    } finally {
      this.isRunning = false;
      this.terminal.endReading();
    }
    if (this.wantsReboot) await this.bootAgain();
    else if (!this.shell.isOpen) this.logOut();
    return exitCode;
  }

  private async bootAgain(): Promise<void> {
    this.wantsReboot = false;
    this.host.boot();
    await this.host.turning;
    new Ufw(this.host).boot();
    this.host.advance(20_000);
    this.shell.logIn();
    this.terminal.emit({ event: 'notice', text: this.options.words.rebooted });
  }

  private logOut(): void {
    this.terminal.emit({ event: 'text', text: 'logout\n', stream: 'out' });
    this.shell.logIn();
    this.terminal.emit({ event: 'ended' });
  }

  private interrupt(): void {
    this.interrupts += 1;
    this.pending = '';
    this.terminal.forgetTypedAhead();
    if (this.terminal.isReading) this.terminal.answer(null);
    if (this.isRunning) {
      this.terminal.echoInterrupt();
      this.shell.interrupt();
    } else {
      this.emitPrompt();
    }
  }

  private endOfInput(): void {
    if (this.terminal.isReading) this.terminal.answer(null);
    else if (!this.isRunning) void this.runTyped('exit');
  }

  private emitPrompt(): void {
    this.terminal.emit({ event: 'prompt', prompt: this.shell.prompt, isCommandLine: true });
  }

  private take(): SimulatedSnapshot {
    const { distribution, seed } = this.options;
    return {
      kind: 'simulated-linux',
      version: 2,
      distribution: distribution.id,
      seed,
      host: this.host.snapshot(),
      shell: this.shell.snapshot(),
    };
  }

  private put(snapshot: SimulatedSnapshot): void {
    this.shell.interrupt();
    this.host.restore(snapshot.host);
    this.shell.restore(snapshot.shell);
    this.pending = '';
  }
}
