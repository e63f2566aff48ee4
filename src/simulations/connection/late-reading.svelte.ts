/**
 * What is read of a moment (sockets, counts, the number line) and what is said about it follow the picture
 * part by part, each after a picture of its own: a press is seen at once, and no frame has to draw
 * everything.
 */

import { afterPicture, InTurn } from '../../simulation-kit/in-turn.ts';
import type { Reading, Said, ShownMoment } from './shown-moment.svelte.ts';
import type { Story } from './story.ts';

export class LateReading {
  /** What has just been done, in words: where they need another line, all of the page moves. */
  said: Said = $state.raw(null as never);
  /** What the hosts and the number line show. */
  line: Reading = $state.raw(null as never);
  /** The story that the tables keep room for: where they need more, all of the page moves. */
  room: Story = $state.raw(null as never);
  /** What the clients' tables show, and the name of the reasons' tab. */
  clients: Reading = $state.raw(null as never);
  /** Which buttons there is something to do for, and the number that flies over all of it. */
  rest: Reading = $state.raw(null as never);
  /** What the servers' tables show. */
  servers: Reading = $state.raw(null as never);
  readonly #works: readonly (() => void)[];
  readonly #turns: InTurn;
  #hasBegun = $state(false);

  /** Follows the simulator, once it has begun, as long as the component that makes it is there. */
  constructor(sim: ShownMoment) {
    this.#works = [
      () => (this.said = sim.said),
      () => (this.line = sim.reading),
      () => (this.room = sim.story),
      () => (this.clients = sim.reading),
      // Of this hardly anything changes in a crowd: between two tables there is a frame with little to draw.
      () => (this.rest = sim.reading),
      () => (this.servers = sim.reading),
    ];
    this.#turns = new InTurn(this.#works, afterPicture);
    let known: { reading: Reading; said: Said } | null = null;
    $effect(() => {
      if (!this.#hasBegun) return;
      const { reading, said } = sim;
      if (known !== null && (reading !== known.reading || said !== known.said)) this.#turns.ask();
      known = { reading, said };
    });
  }

  /** Reads the first moment: a part that is not awake shows it already. */
  begin(): void {
    if (this.#hasBegun) return;
    for (const work of this.#works) work();
    this.#hasBegun = true;
  }

  /** All show what the picture shows. */
  hurry(): void {
    this.begin();
    this.#turns.ask();
    this.#turns.hurry();
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }
}
