/** Systems on which a setting says which algorithm chooses. */

import type { PortAlgorithm } from './algorithm.ts';

/** The algorithm that `current` names at each choice; all must have one rotation. */
export function switchable(
  algorithms: Readonly<Record<string, PortAlgorithm>>,
  current: () => string,
): PortAlgorithm {
  const all = Object.values(algorithms);
  const [first] = all;
  if (first === undefined) throw new Error('no algorithm to choose from');
  return {
    id: all.map(({ id }) => id).join('|'),
    rotation: first.rotation,
    choose: (request, obstacles) => (algorithms[current()] ?? first).choose(request, obstacles),
  };
}
