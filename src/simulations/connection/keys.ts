/** The keys of the picture and of plain buttons; a field keeps its own. */

import type { Simulator } from './simulator.svelte.ts';

const owned = 'input, select, textarea, [contenteditable], .window, .scroll-box, .question';

/**
 * Does what a key asks for.
 * @returns false: it is no key of the simulator, here
 */
export function pressKey(event: KeyboardEvent, sim: Simulator): boolean {
  const { target } = event;
  if (!(target instanceof Element) || target.closest(owned) !== null) return false;
  if (event.altKey || event.ctrlKey || event.metaKey) return false;
  const isButton = target.closest('button, summary, a') !== null;
  if (event.key === ' ' && !isButton) sim.move(sim.motion === 'paused' ? 'playing' : 'paused');
  else if (event.key === 'ArrowRight') sim.step(1);
  else if (event.key === 'ArrowLeft') sim.step(-1);
  else if (event.key === 'Home') sim.jump('start');
  else if (event.key === 'End') sim.jump('end');
  else return false;
  return true;
}
