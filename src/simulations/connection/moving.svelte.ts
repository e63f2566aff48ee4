/** What moves: time while it plays, frame by frame; and the number that has just been chosen. */

import { untrack } from 'svelte';
import type { LateReading } from './late-reading.svelte.ts';
import type { Reading } from './shown-moment.svelte.ts';
import type { Simulator } from './simulator.svelte.ts';

/** Time passes while it plays and `isInSight`, as long as the component that asks is there. */
export function passTime(sim: Simulator, isInSight: () => boolean): void {
  $effect(() => {
    if (sim.motion === 'paused' || !isInSight()) return undefined;
    let last = performance.now();
    let frame = requestAnimationFrame(function draw(now) {
      sim.tick(now - last);
      last = now;
      frame = requestAnimationFrame(draw);
    });
    return () => {
      cancelAnimationFrame(frame);
    };
  });
}

/** A number that was just chosen moves from its host over the line to its row. */
export function showChosen(sim: Simulator, late: LateReading, root: () => HTMLElement): void {
  let before: Reading['picked'] | undefined;
  // Once the line and the tables have it too: it flies over them.
  $effect(() => {
    if (!late.hasBegun) return;
    const { picked } = late.rest;
    const { isAtRest, isStill, selected } = sim;
    const isLater = (picked?.event.atMs ?? -1) >= (before?.event.atMs ?? 0);
    const isNew = before !== undefined && picked !== before && isLater;
    before = picked;
    if (!isNew || isAtRest || isStill || selected !== null) return;
    if (picked?.event.event !== 'port-chosen') return;
    // In a crowd nobody could follow it.
    if (untrack(() => sim.wire.density) === 'crowd') return;
    const { host, port } = picked.event;
    const client = sim.story.cast.clients.findIndex(({ name }) => name === host);
    import('./flight.ts').then(
      ({ showFlight }) => showFlight(root(), client, port),
      // The network has gone: the number is there all the same.
      () => undefined,
    );
  });
}
