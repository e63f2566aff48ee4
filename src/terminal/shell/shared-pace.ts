/**
 * One clock for all that waits in the foreground at once (the parts of a pipeline, `timeout` and what it
 * runs): one of them lets time pass, up to the nearest end, and the others look on.
 */

import type { Pace } from '../commands/waiting-time.ts';
import type { LinuxHost } from '../linux/linux-host.ts';

export class SharedPace implements Pace {
  readonly isDriving = true;
  private readonly machine: LinuxHost;
  private readonly clock: Pace;
  private readonly ends = new Set<{ readonly endMs: number }>();
  private isPassing = false;

  constructor(machine: LinuxHost, clock: Pace) {
    this.machine = machine;
    this.clock = clock;
  }

  idle(signal: AbortSignal): Promise<void> {
    return this.clock.idle(signal);
  }

  async pass(ms: number, signal: AbortSignal): Promise<void> {
    const { machine } = this;
    const end = { endMs: machine.world.nowMs + ms };
    this.ends.add(end);
    try {
      while (machine.world.nowMs < end.endMs && !signal.aborted) {
        if (this.isPassing) {
          await this.change(signal);
          continue;
        }
        const nearest = Math.min(...[...this.ends].map(({ endMs }) => endMs));
        this.isPassing = true;
        try {
          await this.clock.pass(Math.max(0.001, nearest - machine.world.nowMs), signal);
        } finally {
          this.isPassing = false;
          // Whoever looked on and is not done may have to drive now.
          machine.advance(0);
        }
      }
    } finally {
      this.ends.delete(end);
    }
  }

  private change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        stop();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const stop = this.machine.onChange(done);
      signal.addEventListener('abort', done);
    });
  }
}
