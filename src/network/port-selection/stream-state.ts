/** A stream's state as parameters of a reason, and back: what drawn candidates are drawn again from. */

import type { RandomState } from '../../time-and-chance/random.ts';

export function stateParameters([a, b, c, counter]: RandomState): Record<string, number> {
  return { a, b, c, counter };
}

/** @throws TypeError where the reason keeps no state. */
export function stateOf({ a, b, c, counter }: Readonly<Record<string, number>>): RandomState {
  if (a === undefined || b === undefined || c === undefined || counter === undefined)
    throw new TypeError('the reason keeps no state of a stream');
  return [a, b, c, counter];
}
