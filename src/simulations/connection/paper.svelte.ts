/** On paper a simulator that nobody has touched tells how it ends. */

import { flushSync } from 'svelte';
import type { LateReading } from './late-reading.svelte.ts';
import type { Simulator } from './simulator.svelte.ts';

export class Paper {
  isPrinting = $state(false);
  readonly #sim: Simulator;
  readonly #late: LateReading;
  #comeBack: (() => void) | null = null;

  constructor(sim: Simulator, late: LateReading) {
    this.#sim = sim;
    this.#late = late;
  }

  /** The page is about to be printed. */
  begin(): void {
    this.#sim.finish();
    this.#comeBack = this.#sim.isAtRest ? this.#sim.showEnd() : null;
    this.isPrinting = true;
    this.#late.hurry();
    flushSync();
  }

  end(): void {
    this.isPrinting = false;
    this.#comeBack?.();
    this.#comeBack = null;
  }
}
