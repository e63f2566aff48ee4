/** How a program waits: for a condition, while the machine's time passes. */

import type { LinuxHost } from '../linux/linux-host.ts';

/** Time as a waiting command spends it. */
export interface Pace {
  /** False for what runs in the background: it waits for time that others let pass. */
  readonly isDriving: boolean;
  /** Lets virtual milliseconds pass; real time may be shorter. */
  pass(ms: number, signal: AbortSignal): Promise<void>;
  /** Waits for anything at all to happen. */
  idle(signal: AbortSignal): Promise<void>;
}

/** What waiting needs of a command's context. */
export interface Waiting {
  readonly machine: LinuxHost;
  readonly pace: Pace;
  readonly signal: AbortSignal;
}

/** The longest jump in virtual time that needs no waiting, in milliseconds. */
const unnoticedMs = 300;

/**
 * Lets time pass until the condition holds.
 * @param limitMs virtual milliseconds to wait at most; Infinity waits for ever
 * @returns whether the condition came to hold
 */
export async function waitUntil(
  { machine, pace, signal }: Waiting,
  holds: () => boolean,
  limitMs: number,
): Promise<boolean> {
  const end = machine.world.nowMs + limitMs;
  while (!holds()) {
    if (signal.aborted) return false;
    const now = machine.world.nowMs;
    if (now >= end) return false;
    if (!pace.isDriving) {
      await pace.idle(signal);
      continue;
    }
    const next = machine.nextMs;
    const gap = next === null ? end - now : Math.min(next, end) - now;
    if (gap === Number.POSITIVE_INFINITY) await pace.idle(signal);
    else if (gap <= unnoticedMs) {
      machine.advance(Math.max(gap, 0.001));
      // Whoever waits beside this one gets its turn.
      await Promise.resolve();
    } else await pace.pass(Math.min(gap, 1000), signal);
  }
  return true;
}
