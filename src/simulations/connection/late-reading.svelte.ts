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
  /** What the servers' tables show. */
  servers: Reading = $state.raw(null as never);
  /** Which buttons there is something to do for, and the number that flies over all of it. */
  rest: Reading = $state.raw(null as never);
  readonly #turns: InTurn;

  /** Follows the simulator as long as the component that makes it is there. */
  constructor(sim: ShownMoment) {
    const works = [
      () => (this.said = sim.said),
      () => (this.line = sim.reading),
      () => (this.room = sim.story),
      () => (this.clients = sim.reading),
      () => (this.servers = sim.reading),
      () => (this.rest = sim.reading),
    ];
    for (const work of works) work();
    this.#turns = new InTurn(works, afterPicture);
    let { reading, said } = sim;
    $effect(() => {
      if (sim.reading === reading && sim.said === said) return;
      ({ reading, said } = sim);
      this.#turns.ask();
    });
  }

  /** All show what the picture shows. */
  hurry(): void {
    this.#turns.ask();
    this.#turns.hurry();
  }
}
