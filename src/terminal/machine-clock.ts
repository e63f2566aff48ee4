/** Ties a simulated machine's time to the reader's, or lets it pass at once. */

import type { Pace } from './commands/command.ts';

/** Waiting longer than this is shortened to it, in real milliseconds. */
const longestWaitMs = 2000;

/** How often real time becomes virtual time. */
const heartbeatMs = 100;

export interface MachineClock {
  /** How a command in the foreground waits. */
  readonly pace: Pace;
  /** From now on the machine's time goes on by itself. */
  start(): void;
  stop(): void;
}

/** Seconds last as long as they do; a long wait is hurried. */
export class RealClock implements MachineClock {
  private readonly advance: (ms: number) => void;
  private readonly hurried: (seconds: number) => void;
  private heartbeat: ReturnType<typeof setInterval> | null = null;
  private lastBeat = 0;
  private passing = 0;

  /** @param hurried is told how many seconds are about to be shortened */
  constructor(advance: (ms: number) => void, hurried: (seconds: number) => void) {
    this.advance = advance;
    this.hurried = hurried;
  }

  readonly pace: Pace = {
    isDriving: true,
    idle: (signal) => wait(heartbeatMs, signal),
    pass: (ms, signal) => this.pass(ms, signal),
  };

  start(): void {
    if (this.heartbeat !== null) return;
    this.lastBeat = performance.now();
    this.heartbeat = setInterval(() => {
      const now = performance.now();
      // A page that was asleep goes on where it was; the machine does not race to catch up.
      const elapsed = Math.min(now - this.lastBeat, 1000);
      this.lastBeat = now;
      if (this.passing === 0) this.advance(elapsed);
    }, heartbeatMs);
  }

  stop(): void {
    if (this.heartbeat !== null) clearInterval(this.heartbeat);
    this.heartbeat = null;
  }

  private async pass(ms: number, signal: AbortSignal): Promise<void> {
    const rate = Math.max(1, ms / longestWaitMs);
    if (rate > 1.5) this.hurried(Math.round(ms / 1000));
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
        this.advance(step);
      }
    } finally {
      this.passing -= 1;
      this.lastBeat = performance.now();
    }
  }
}

/** Waiting takes no time: for tests. */
export class InstantClock implements MachineClock {
  readonly pace: Pace;

  constructor(advance: (ms: number) => void) {
    this.pace = {
      isDriving: true,
      idle: () => new Promise((resolve) => setTimeout(resolve, 1)),
      pass: async (ms) => {
        advance(ms);
        await new Promise((resolve) => setTimeout(resolve, 0));
      },
    };
  }

  start(): void {
    // Time passes only while a command waits.
  }

  stop(): void {
    // It does not run by itself.
  }
}

function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
