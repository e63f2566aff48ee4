/** Background jobs of the shell: started with `&`, listed by `jobs`, waited for by `fg` and `wait`. */

import type { Job, JobTable, Pace } from '../commands/command.ts';
import type { LinuxHost } from '../linux/linux-host.ts';

interface Entry extends Job {
  readonly promise: Promise<number>;
  readonly abort: AbortController;
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

  /** How a job waits: for the machine to go on by itself. */
  readonly pace: Pace = {
    isDriving: false,
    pass: (_ms, signal) => this.pace.idle(signal),
    idle: (signal) =>
      new Promise((resolve) => {
        this.isWaiting?.();
        const done = () => {
          stopListening();
          signal.removeEventListener('abort', done);
          resolve();
        };
        const stopListening = this.machine.onChange(done);
        signal.addEventListener('abort', done);
      }),
  };

  /** Starts a job and comes back when it is done or waits for something. */
  async start(
    line: string,
    run: (pid: number, signal: AbortSignal) => Promise<number>,
  ): Promise<void> {
    const abort = new AbortController();
    const number = this.entries.reduce((highest, job) => Math.max(highest, job.number), 0) + 1;
    const pid = this.machine.processes.takePid();
    const promise = run(pid, abort.signal).then((exitCode) => {
      this.finish(number);
      return exitCode;
    });
    this.entries.push({ number, pid, line, isDone: false, promise, abort });
    this.say(`[${number}] ${pid}\n`);
    const isWaiting = new Promise<void>((resolve) => {
      this.isWaiting = resolve;
    });
    await Promise.race([promise, isWaiting]);
  }

  /** Tells of the jobs that are done, and forgets them. */
  report(): void {
    for (const job of this.entries.filter((one) => one.isDone)) {
      this.say(`[${job.number}]+  Done                    ${job.line}\n`);
      this.remove(job.number);
    }
  }

  /** Stops them all and forgets them: their machine is another one now. */
  abandon(): void {
    for (const job of this.entries) job.abort.abort();
    this.entries.length = 0;
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
