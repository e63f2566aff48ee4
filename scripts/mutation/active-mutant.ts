/**
 * Which mutation is tried, for the code as the runner loads it: one number that every mutated
 * place compares with its own.
 */

const none = -1;

export let active = none;
export let hits = 0;
let mostHits = Infinity;

/** From now on that place is as its mutation has it, so many times at most. */
export function activate(mutant: number, most: number): void {
  active = mutant;
  hits = 0;
  mostHits = most;
}

export function deactivate(): void {
  active = none;
}

/** Said at the active place each time. Throws where a test comes past it so often that it is lost. */
export function isHit(): boolean {
  hits++;
  if (hits > mostHits) throw new Error(`Stryker: Hit count limit reached (${hits})`);
  return true;
}
