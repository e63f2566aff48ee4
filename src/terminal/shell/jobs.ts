/** Background jobs of the shell: started with `&`, listed by `jobs`, waited for by `fg` and `wait`. */

import type { Job, JobTable } from '../commands/command.ts';
import { signalName } from '../commands/signals.ts';
import type { Pace } from '../commands/waiting-time.ts';
import type { LinuxHost } from '../linux/linux-host.ts';

/** How long the prompt waits for a job that is busy from the start. */
const longestStartMs = 150;

function afterMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface Entry extends Job {
  readonly promise: Promise<number>;
  readonly abort: AbortController;
  /** Each ends one wait without anything following it. */
  readonly waits: Set<() => void>;
  readonly status: number | null;
  /** The signal that ended it; 0 for none. */
  readonly signal: number;
}

export interface StartedJob {
  readonly pid: number;
  readonly promise: Promise<number>;
}

export class Jobs implements JobTable {
  private readonly machine: LinuxHost;
  private readonly say: (text: string) => void;
  private readonly entries: Entry[] = [];
  /** Processes that run beside the shell without a number: those of scripts, and disowned ones. */
  private readonly others: Entry[] = [];
  /** Tells the starter of a job that the job has come to its first wait. */
  private isWaiting: (() => void) | null = null;

  constructor(machine: LinuxHost, say: (text: string) => void) {
    this.machine = machine;
    this.say = say;
    machine.onProcessEnd((pid, signal) => {
      const entry = [...this.entries, ...this.others].find((one) => one.pid === pid);
      if (entry === undefined || signal === 0) return;
      this.change(entry, { signal });
      entry.abort.abort();
    });
  }

  /** How the job of this process waits: for the machine to go on by itself. */
  paceOf(pid: number): Pace {
    const idle = (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const waits = [...this.entries, ...this.others].find((job) => job.pid === pid)?.waits;
        const forget = () => {
          stopListening();
          signal.removeEventListener('abort', done);
          waits?.delete(forget);
        };
        const done = () => {
          forget();
          resolve();
        };
        const stopListening = this.machine.onChange(done);
        signal.addEventListener('abort', done);
        waits?.add(forget);
        this.isWaiting?.();
      });
    return {
      isDriving: false,
      idle,
      pass: async (ms, signal) => {
        const endMs = this.machine.world.nowMs + ms;
        while (this.machine.world.nowMs < endMs && !signal.aborted) await idle(signal);
      },
    };
  }

  /**
   * Starts a job and comes back when it is done or waits for something.
   * @param isListed whether it is a job of the prompt, with a number
   */
  async start(
    line: string,
    run: (pid: number, signal: AbortSignal) => Promise<number>,
    isListed: boolean,
  ): Promise<StartedJob> {
    const abort = new AbortController();
    const number = this.entries.reduce((highest, job) => Math.max(highest, job.number), 0) + 1;
    const pid = this.machine.processes.takePid();
    const isWaiting = new Promise<void>((resolve) => {
      this.isWaiting = resolve;
    });
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const list = isListed ? this.entries : this.others;
    list.push({
      number: isListed ? number : 0,
      pid,
      line,
      isDone: false,
      promise,
      abort,
      waits: new Set(),
      status: null,
      signal: 0,
    });
    if (isListed) this.say(`[${number}] ${pid}\n`);
    void run(pid, abort.signal).then(
      (status) => {
        const entry = [...this.entries, ...this.others].find((one) => one.pid === pid);
        const ended = entry !== undefined && entry.signal !== 0 ? 128 + entry.signal : status;
        this.finish(pid, ended);
        resolve(ended);
      },
      (error: unknown) => {
        this.finish(pid, 1);
        reject(error);
      },
    );
    // Nobody may ever wait for it; whoever does is told.
    promise.catch(() => undefined);
    // One that neither ends nor waits is busy: it goes on beside the prompt.
    await Promise.race([promise.catch(() => 1), isWaiting, afterMs(longestStartMs)]);
    return { pid, promise };
  }

  /** Reports the jobs that are done, and forgets them. */
  report(): void {
    for (const job of this.entries.filter((one) => one.isDone)) {
      this.say(`${this.rowOf(job, false)}\n`);
      this.remove(job.pid);
    }
  }

  /** A job's line as `jobs` prints it; `-l` adds the process. */
  rowOf(job: Job, isLong: boolean): string {
    const at = this.entries.findIndex((one) => one.pid === job.pid);
    const last = this.entries.length - 1;
    const mark = at === last ? '+' : at === last - 1 ? '-' : ' ';
    const entry = this.entries[at];
    const state = entry === undefined ? 'Running' : stateText(entry);
    const pid = isLong ? `${job.pid} ` : '';
    return `[${job.number}]${mark}  ${pid}${state.padEnd(23)} ${job.line}${job.isDone ? '' : ' &'}`;
  }

  /**
   * Forgets every job but those of living processes, for the machine has become another one. What the
   * forgotten ones still had to do is never done: they may not touch this machine.
   */
  keep(isAlive: (pid: number) => boolean): void {
    for (const job of [...this.entries, ...this.others]) {
      if (!job.isDone && isAlive(job.pid)) continue;
      for (const forget of [...job.waits]) forget();
      job.abort.abort();
      this.remove(job.pid);
    }
  }

  list(): readonly Job[] {
    return this.entries;
  }

  find(word: string): Job | undefined {
    const plain = word.replace(/^%/, '');
    if (plain === '' || plain === '+' || plain === '%') return this.entries.at(-1);
    if (plain === '-') return this.entries.at(-2) ?? this.entries.at(-1);
    if (plain.startsWith('?')) return this.entries.find((job) => job.line.includes(plain.slice(1)));
    return /^\d+$/.test(plain)
      ? this.entries.find((job) => String(job.number) === plain)
      : this.entries.find((job) => job.line.startsWith(plain));
  }

  forgetDone(): void {
    for (const job of this.entries.filter((one) => one.isDone)) this.remove(job.pid);
  }

  /** The job goes on, and the shell forgets it. */
  disown(job: Job): void {
    const at = this.entries.findIndex((one) => one.pid === job.pid);
    const [entry] = at === -1 ? [] : this.entries.splice(at, 1);
    if (entry !== undefined) this.others.push(entry);
  }

  async foreground(job: Job, signal: AbortSignal): Promise<number> {
    const entry = this.entries.find((one) => one.number === job.number);
    if (entry === undefined) return 1;
    const stop = () => {
      entry.abort.abort();
    };
    signal.addEventListener('abort', stop);
    const exitCode = await entry.promise;
    signal.removeEventListener('abort', stop);
    this.remove(job.pid);
    return exitCode;
  }

  stop(job: Job, signal: number): void {
    const entry = this.entries.find((one) => one.number === job.number);
    if (entry === undefined) return;
    if (!entry.isDone) this.change(entry, { signal });
    entry.abort.abort();
  }

  private change(entry: Entry, change: Partial<Entry>): void {
    for (const list of [this.entries, this.others]) {
      const at = list.findIndex((one) => one.pid === entry.pid);
      const known = list[at];
      if (known !== undefined) list[at] = { ...known, ...change };
    }
  }

  private finish(pid: number, status: number): void {
    const job = this.entries.find((one) => one.pid === pid);
    if (job !== undefined) this.change(job, { isDone: true, status });
    const at = this.others.findIndex((one) => one.pid === pid);
    if (at !== -1) this.others.splice(at, 1);
  }

  private remove(pid: number): void {
    for (const list of [this.entries, this.others]) {
      const at = list.findIndex((job) => job.pid === pid);
      if (at !== -1) list.splice(at, 1);
    }
  }
}

/** What bash says of a job: `Done`, `Exit 1`, `Terminated`. */
function stateText(entry: Entry): string {
  if (!entry.isDone) return 'Running';
  if (entry.signal !== 0)
    return signalTexts[signalName(entry.signal) ?? ''] ?? `Unknown signal ${entry.signal}`;
  if (entry.status === null || entry.status === 0) return 'Done';
  return `Exit ${entry.status}`;
}

/** strsignal(3). */
const signalTexts: Readonly<Record<string, string>> = {
  HUP: 'Hangup',
  INT: 'Interrupt',
  QUIT: 'Quit',
  ILL: 'Illegal instruction',
  TRAP: 'Trace/breakpoint trap',
  ABRT: 'Aborted',
  BUS: 'Bus error',
  FPE: 'Floating point exception',
  KILL: 'Killed',
  USR1: 'User defined signal 1',
  SEGV: 'Segmentation fault',
  USR2: 'User defined signal 2',
  PIPE: 'Broken pipe',
  ALRM: 'Alarm clock',
  TERM: 'Terminated',
};
