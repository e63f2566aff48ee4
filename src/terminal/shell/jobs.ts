/** Background jobs of the shell: started with `&`, listed by `jobs`, waited for by `fg` and `wait`. */

import type { Job, JobTable, Pace } from '../commands/command.ts';
import type { LinuxHost } from '../linux/linux-host.ts';

/** How long the prompt waits for a job that is busy from the start. */
const longestStartMs = 250;

function afterMs(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

interface Entry extends Job {
  readonly promise: Promise<number>;
  readonly abort: AbortController;
  /** Each ends one wait without anything following it. */
  readonly waits: Set<() => void>;
}

export class Jobs implements JobTable {
  private readonly machine: LinuxHost;
  private readonly say: (text: string) => void;
  private readonly entries: Entry[] = [];
  /** Tells the starter of a job that the job has come to its first wait. */
  private isWaiting: (() => void) | null = null;

  constructor(machine: LinuxHost, say: (text: string) => void) {
    this.machine = machine;
    this.say = say;
  }

  /** How the job of this process waits: for the machine to go on by itself. */
  paceOf(pid: number): Pace {
    const idle = (signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        const waits = this.entries.find((job) => job.pid === pid)?.waits;
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
    return { isDriving: false, idle, pass: (_ms, signal) => idle(signal) };
  }

  /** Starts a job and comes back when it is done or waits for something. */
  async start(
    line: string,
    run: (pid: number, signal: AbortSignal) => Promise<number>,
  ): Promise<void> {
    const abort = new AbortController();
    const number = this.entries.reduce((highest, job) => Math.max(highest, job.number), 0) + 1;
    const pid = this.machine.processes.takePid();
    const isWaiting = new Promise<void>((resolve) => {
      this.isWaiting = resolve;
    });
    const { promise, resolve } = Promise.withResolvers<number>();
    this.entries.push({
      number,
      pid,
      line,
      isDone: false,
      promise,
      abort,
      waits: new Set(),
    });
    this.say(`[${number}] ${pid}\n`);
    void run(pid, abort.signal).then((exitCode) => {
      this.finish(number);
      resolve(exitCode);
    });
    // One that neither ends nor waits is busy: it goes on beside the prompt.
    await Promise.race([promise, isWaiting, afterMs(longestStartMs)]);
  }

  /** Tells of the jobs that are done, and forgets them. */
  report(): void {
    for (const job of this.entries.filter((one) => one.isDone)) {
      this.say(`[${job.number}]+  Done                    ${job.line}\n`);
      this.remove(job.number);
    }
  }

  /**
   * Forgets every job but those of living processes, for the machine has become another one. What the
   * forgotten ones still had to do is never done: they may not touch this machine.
   */
  keep(isAlive: (pid: number) => boolean): void {
    for (const job of [...this.entries]) {
      if (!job.isDone && isAlive(job.pid)) continue;
      for (const forget of [...job.waits]) forget();
      job.abort.abort();
      this.remove(job.number);
    }
  }

  list(): readonly Job[] {
    return this.entries;
  }

  find(word: string): Job | undefined {
    const plain = word.replace(/^%/, '');
    if (plain === '' || plain === '+' || plain === '%') return this.entries.at(-1);
    return this.entries.find((job) => String(job.number) === plain || job.line.startsWith(plain));
  }

  forgetDone(): void {
    for (const job of this.entries.filter((one) => one.isDone)) this.remove(job.number);
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
    this.remove(job.number);
    return exitCode;
  }

  stop(job: Job): void {
    this.entries.find((one) => one.number === job.number)?.abort.abort();
  }

  private finish(number: number): void {
    const at = this.entries.findIndex((job) => job.number === number);
    const job = this.entries[at];
    if (job !== undefined) this.entries[at] = { ...job, isDone: true };
  }

  private remove(number: number): void {
    const at = this.entries.findIndex((job) => job.number === number);
    if (at !== -1) this.entries.splice(at, 1);
  }
}
