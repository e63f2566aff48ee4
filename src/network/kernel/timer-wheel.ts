/**
 * The timer wheel of Linux (since 4.8, kernel/time/timer.c: calc_wheel_index): a timer goes into a
 * level by its length, each level is eight times as coarse as the one below, and a timer never ends
 * early. So of a clock that ticks 250 times a second, 1 s ends up to 32 ms late, and 60 s up to 2.05 s,
 * together with all others of the same lump.
 */

import type { Random } from '../../time-and-chance/random.ts';

/** Buckets of a level that are in use: a timer of so many ticks goes to the next one. */
const LEVEL_TICKS = 63;
const COARSER = 8;
/** The kernel has run for a while when the world begins: up to an hour at 1,000 ticks a second. */
const MOST_TICKS_BEFORE = 3_600_000;

export class TimerWheel {
  readonly #tickMs: number;
  readonly #ticksBefore: number;

  /** @param hz the kernel's CONFIG_HZ. */
  constructor(hz: number, random: Random) {
    this.#tickMs = 1000 / hz;
    this.#ticksBefore = random.below(MOST_TICKS_BEFORE);
  }

  /** How long after now a timer goes off that is set now for `delayMs`; never less. */
  lasts(nowMs: number, delayMs: number): number {
    const now = this.#ticksBefore + nowMs / this.#tickMs;
    const ticks = Math.ceil(delayMs / this.#tickMs);
    let grain = 1;
    while (ticks >= LEVEL_TICKS * grain) grain *= COARSER;
    const end = (Math.floor((Math.floor(now) + ticks) / grain) + 1) * grain;
    return (end - now) * this.#tickMs;
  }
}
