/**
 * One learner on one lab: a machine in between, which passes everything on to the view and looks at
 * the machine's state after every command. It is itself a Machine, so that undo and reset from
 * anywhere take the steps back too.
 */

import type {
  Completion,
  Machine,
  MachineInput,
  MachineOutput,
  MachinePicture,
} from '../machine.ts';
import { neighbours, machineHost } from '../linux/neighbourhood.ts';
import type { SimulatedMachine } from '../simulated-machine.ts';
import { linesOf } from '../simulated-snapshot.ts';
import { holds, originalsAskedFor, type LabFacts } from './conditions.ts';
import { applyEdit, type Action, type Condition, type Lab, type Step } from './lab.ts';

export type StepState = 'open' | 'done' | 'shown' | 'skipped';

export interface GivenHint {
  /** `general` where no foreseen mistake fits. */
  readonly id: string;
  readonly words: string;
}

/** How far the learner is. Plain data. */
export interface LabPosition {
  /** The step to be taken, or looked at; the number of steps once all are done. */
  readonly index: number;
  readonly states: readonly StepState[];
  /** Which steps' faults have been seen; only in a lab without an order. */
  readonly found?: readonly boolean[];
  /** The step taken last; the one before `index` where absent. */
  readonly last?: number;
  /** Command lines since the step began. */
  readonly attempts: number;
  readonly socketsBefore: Readonly<Record<string, number>>;
  readonly shown: string;
  readonly printed: string;
  readonly typed: string;
}

export interface LabSnapshot {
  readonly kind: 'lab';
  readonly version: 1;
  readonly lab: string;
  /** The steps' ids: a lab that has been rewritten begins again. */
  readonly steps: readonly string[];
  readonly position: LabPosition;
  readonly originals: Readonly<Record<string, string>>;
  readonly machine: unknown;
}

/** Of what was on the screen, so much is kept; of it, so much is kept over a closed tab. */
const shownLength = 200_000;
const keptShownLength = 20_000;
const mostMarks = 100;

export class LabSession implements Machine {
  readonly lab: Lab;
  private readonly machine: SimulatedMachine;
  private readonly kept: LabSnapshot | undefined;
  private readonly outputListeners = new Set<(output: MachineOutput) => void>();
  private readonly changeListeners = new Set<() => void>();
  private readonly waiting: (() => void)[] = [];
  private readonly stopListening: () => void;
  private at: LabPosition;
  private beginning: LabPosition;
  private originals: Record<string, string> = {};
  /** The position before each command line, for undo. */
  private marks: LabPosition[] = [];
  private isReady = false;
  /** The machine is being put back: its prompt is no command's end. */
  private isPuttingBack = false;
  private isRunning = false;
  /** Leaves the pager or the editor that is open. */
  private leave: (() => void) | null = null;
  private edit: Exclude<Action, string> | null = null;
  private playedAs: StepState | null = null;

  /** @param kept what snapshot() gave before; anything else counts as nothing. */
  constructor(lab: Lab, machine: SimulatedMachine, kept?: unknown) {
    this.lab = lab;
    this.machine = machine;
    this.kept = isSnapshotOf(lab, kept) ? kept : undefined;
    this.at = {
      index: 0,
      states: lab.steps.map(() => 'open'),
      attempts: 0,
      socketsBefore: {},
      shown: '',
      printed: '',
      typed: '',
    };
    if (lab.order === 'any') this.at = { ...this.at, found: lab.steps.map(() => false) };
    this.beginning = this.at;
    this.stopListening = machine.onOutput((output) => {
      this.take(output);
    });
  }

  get position(): LabPosition {
    return this.at;
  }

  get step(): Step | undefined {
    return this.lab.steps[this.at.index];
  }

  /** Whether it goes on from what was kept. */
  get goesOn(): boolean {
    return this.kept !== undefined;
  }

  get isComplete(): boolean {
    return this.at.index >= this.lab.steps.length;
  }

  /** A command is running. */
  get isBusy(): boolean {
    return this.isRunning;
  }

  get isPlaying(): boolean {
    return this.playedAs !== null;
  }

  get earlierLines(): readonly string[] {
    return this.isReady ? this.machine.earlierLines : linesOf(this.kept?.machine);
  }

  picture(): MachinePicture {
    return this.machine.picture();
  }

  /** Calls back after every command and every change of position. */
  onChange(listener: () => void): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  async start(): Promise<void> {
    await this.machine.start();
    if (this.isReady) return;
    for (const path of this.pathsAskedFor()) {
      const text = this.machine.host.readText(path);
      if (text !== undefined) this.originals[path] = text;
    }
    this.at = { ...this.at, socketsBefore: this.highestSockets() };
    this.beginning = this.at;
    if (this.kept !== undefined && this.machine.restore(this.kept.machine)) {
      this.at = this.kept.position;
      this.originals = { ...this.kept.originals };
    }
    this.isReady = true;
    this.emit({ event: 'prompt', prompt: this.machine.shell.prompt, isCommandLine: true });
    this.tell();
  }

  send(input: MachineInput): void {
    this.machine.send(input);
  }

  onOutput(listener: (output: MachineOutput) => void): () => void {
    this.outputListeners.add(listener);
    return () => this.outputListeners.delete(listener);
  }

  resize(columns: number, rows: number): void {
    this.machine.resize(columns, rows);
  }

  stop(): void {
    this.machine.stop();
    this.stopListening();
  }

  complete(line: string, cursor: number): Promise<Completion> {
    return this.machine.complete(line, cursor);
  }

  snapshot(): LabSnapshot {
    return {
      kind: 'lab',
      version: 1,
      lab: this.lab.id,
      steps: this.lab.steps.map(({ id }) => id),
      position: { ...this.at, shown: this.at.shown.slice(-keptShownLength) },
      originals: this.originals,
      machine: this.machine.snapshot(),
    };
  }

  restore(snapshot: unknown): boolean {
    if (!isSnapshotOf(this.lab, snapshot) || !this.machine.restore(snapshot.machine)) return false;
    this.at = snapshot.position;
    this.originals = { ...snapshot.originals };
    this.marks = [];
    this.tell();
    return true;
  }

  /** Ends what is running, as Ctrl+C would, an editor or a pager too, and waits for the prompt. */
  async endRunning(): Promise<void> {
    if (!this.isRunning) return;
    const done = new Promise<void>((resolve) => this.waiting.push(resolve));
    this.leave?.();
    this.machine.send({ kind: 'interrupt' });
    await done;
  }

  /** Turns to another open step; in a lab whose steps have an order, nothing happens. */
  choose(index: number): void {
    if (this.lab.order !== 'any' || this.isRunning || this.at.states[index] !== 'open') return;
    this.at = { ...this.at, index };
    this.tell();
  }

  /** Takes back the last command, and the steps that it took. */
  undo(): boolean {
    this.isPuttingBack = true;
    const isDone = this.machine.undo();
    this.isPuttingBack = false;
    const before = this.marks.pop();
    if (isDone && before !== undefined) this.at = before;
    if (isDone) this.tell();
    return isDone;
  }

  /** The lab from its beginning. */
  reset(): void {
    this.isPuttingBack = true;
    this.machine.reset();
    this.isPuttingBack = false;
    this.at = this.beginning;
    this.marks = [];
    this.tell();
  }

  /** The hint for the state the machine is in: the first foreseen mistake that fits, else the general one. */
  hint(): GivenHint | undefined {
    const { step } = this;
    if (step === undefined) return undefined;
    return this.foreseen() ?? { id: 'general', words: step.hint };
  }

  /** The foreseen mistake that the last command left, if there is one. */
  foreseen(): GivenHint | undefined {
    if (this.at.attempts === 0) return undefined;
    const facts = this.facts();
    const hint = this.step?.hints.find(({ when }) => when.every((one) => holds(one, facts)));
    return hint === undefined ? undefined : { id: hint.id, words: hint.words };
  }

  /**
   * Plays the step's solution on the machine.
   * @param as what the step counts as afterwards
   * @param type gives a command line to the machine; the view's way shows it as typed
   */
  async play(
    as: 'done' | 'shown' | 'skipped',
    type = (line: string): void => {
      this.send({ kind: 'line', text: line });
    },
  ): Promise<void> {
    const { step } = this;
    if (step === undefined || this.playedAs !== null) return;
    this.playedAs = as;
    try {
      for (const action of step.solution) await this.act(action, type);
    } finally {
      this.playedAs = null;
      this.edit = null;
      this.tell();
    }
  }

  /** Does one action and waits for the prompt. */
  async act(
    action: Action,
    type = (line: string): void => {
      this.send({ kind: 'line', text: line });
    },
  ): Promise<void> {
    this.edit = typeof action === 'string' ? null : action;
    const done = new Promise<void>((resolve) => this.waiting.push(resolve));
    type(typeof action === 'string' ? action : action.edit);
    await done;
    this.edit = null;
  }

  private take(output: MachineOutput): void {
    switch (output.event) {
      case 'busy':
        this.isRunning = true;
        this.marks.push(this.at);
        if (this.marks.length > mostMarks) this.marks.shift();
        this.at = {
          ...this.at,
          typed: output.command,
          printed: '',
          attempts: this.at.attempts + 1,
        };
        break;
      case 'text':
        this.see(output.text);
        break;
      case 'page':
        this.leave = output.close;
        this.see(output.text);
        break;
      case 'screen':
        if (output.text !== null) this.see(output.text);
        break;
      case 'edit':
        if (this.edit !== null) {
          const { request } = output;
          const text = applyEdit(request.text, this.edit);
          if (text !== undefined) request.save(text);
          request.close();
          return;
        }
        this.leave = () => {
          output.request.close();
        };
        break;
      default:
    }
    if (output.event === 'prompt' && output.isCommandLine) {
      this.isRunning = false;
      this.leave = null;
    }
    if (!this.isReady) return;
    if (output.event === 'prompt' && output.isCommandLine && !this.isPuttingBack) {
      this.judge();
      this.emit(output);
      this.tell();
      for (const resolve of this.waiting.splice(0)) resolve();
      return;
    }
    this.emit(output);
    if (output.event === 'busy') this.tell();
  }

  private see(text: string): void {
    this.at = {
      ...this.at,
      shown: (this.at.shown + text).slice(-shownLength),
      printed: (this.at.printed + text).slice(-shownLength),
    };
  }

  /** Steps whose goal holds are done; one command may do several. */
  private judge(): void {
    if (this.at.typed === '' && this.at.attempts === 0) return;
    if (this.lab.order === 'any') {
      this.judgeAll();
      return;
    }
    let { step } = this;
    while (step !== undefined) {
      const facts = this.facts();
      if (!step.goal.every((condition) => holds(condition, facts))) return;
      const { index, states } = this.at;
      this.at = {
        ...this.at,
        index: index + 1,
        states: states.with(index, this.playedAs ?? 'done'),
        attempts: 0,
        socketsBefore: this.highestSockets(),
        shown: '',
      };
      step = this.step;
    }
  }

  /** Every open step on its own: mended, seen, or neither. */
  private judgeAll(): void {
    const facts = this.facts();
    const { steps } = this.lab;
    const isTrue = (conditions: readonly Condition[]) =>
      conditions.every((condition) => holds(condition, facts));
    const { index, found: before = [] } = this.at;
    let { last } = this.at;
    const states = this.at.states.map((state, place) => {
      if (state !== 'open' || !isTrue(steps[place]?.goal ?? [])) return state;
      last = place;
      return place === index ? (this.playedAs ?? 'done') : 'done';
    });
    const found = steps.map((step, place) => before[place] === true || isTrue(step.found ?? []));
    this.at = { ...this.at, states, found, ...(last !== undefined && { last }) };
    if (states[index] === 'open') return;
    const after = states.indexOf('open', index);
    const next = after === -1 ? states.indexOf('open') : after;
    this.at = { ...this.at, index: next === -1 ? steps.length : next, attempts: 0 };
  }

  private facts(): LabFacts {
    const { socketsBefore, shown, printed, typed } = this.at;
    return {
      machine: this.machine.host,
      user: this.machine.shell.level.user.name,
      originals: this.originals,
      socketsBefore,
      shown,
      printed,
      typed,
    };
  }

  private pathsAskedFor(): ReadonlySet<string> {
    const conditions = this.lab.steps.flatMap((step) => [
      ...step.goal,
      ...(step.found ?? []),
      ...step.hints.flatMap(({ when }) => when),
    ]);
    return new Set(conditions.flatMap(originalsAskedFor));
  }

  private highestSockets(): Record<string, number> {
    const { world } = this.machine.host;
    return Object.fromEntries(
      [machineHost, ...neighbours.map(({ host }) => host)]
        .filter((host) => world.hasHost(host))
        .map((host) => [
          host,
          Math.max(
            0,
            ...world
              .host(host)
              .sockets()
              .map(({ id }) => id),
          ),
        ]),
    );
  }

  private emit(output: MachineOutput): void {
    for (const listener of [...this.outputListeners]) listener(output);
  }

  private tell(): void {
    for (const listener of [...this.changeListeners]) listener();
  }
}

function isSnapshotOf(lab: Lab, value: unknown): value is LabSnapshot {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, version, lab: id, steps, position, originals } = value as Record<string, unknown>;
  return (
    kind === 'lab' &&
    version === 1 &&
    id === lab.id &&
    Array.isArray(steps) &&
    steps.length === lab.steps.length &&
    lab.steps.every((step, index) => steps[index] === step.id) &&
    isPosition(position, lab.steps.length) &&
    typeof originals === 'object' &&
    originals !== null
  );
}

function isPosition(value: unknown, steps: number): value is LabPosition {
  if (typeof value !== 'object' || value === null) return false;
  const { index, states, found, attempts, socketsBefore, shown, printed, typed } = value as Record<
    string,
    unknown
  >;
  return (
    (found === undefined || (Array.isArray(found) && found.length === steps)) &&
    Number.isInteger(index) &&
    Number(index) >= 0 &&
    Number(index) <= steps &&
    Array.isArray(states) &&
    states.length === steps &&
    typeof attempts === 'number' &&
    typeof socketsBefore === 'object' &&
    socketsBefore !== null &&
    [shown, printed, typed].every((text) => typeof text === 'string')
  );
}
