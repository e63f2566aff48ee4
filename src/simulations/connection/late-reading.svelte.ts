/**
 * What is read of a moment (sockets, counts, the number line) follows the picture part by part, each
 * after a picture of its own: a press is seen at once, and no frame has to draw everything.
 */

import { afterPicture, InTurn } from '../../simulation-kit/in-turn.ts';
import type { Reading, ShownMoment } from './shown-moment.svelte.ts';

export class LateReading {
  /** What the hosts and the number line show. */
  line: Reading = $state.raw(null as never);
  /** What the tables show. */
  tables: Reading = $state.raw(null as never);
  /** What stands in words, and which buttons there is something to do for. */
  rest: Reading = $state.raw(null as never);
  readonly #turns: InTurn;

  /** Follows the simulator as long as the component that makes it is there. */
  constructor(sim: ShownMoment) {
    this.line = sim.reading;
    this.tables = sim.reading;
    this.rest = sim.reading;
    this.#turns = new InTurn(
      [
        () => (this.line = sim.reading),
        () => (this.tables = sim.reading),
        () => (this.rest = sim.reading),
      ],
      afterPicture,
    );
    let known = sim.reading;
    $effect(() => {
      if (sim.reading === known) return;
      known = sim.reading;
      this.#turns.ask();
    });
  }

  /** All show what the picture shows. */
  hurry(): void {
    this.#turns.ask();
    this.#turns.hurry();
  }
}
