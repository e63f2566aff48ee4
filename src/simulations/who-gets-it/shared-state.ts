/** How far the exercise is, as a word for the address: the packet, what was chosen for it, the tally. */

import { readCode, Unreadable, writeCode } from '../../simulation-kit/state-code.ts';
import type { Arrival } from './arrivals.ts';
import { mistakeOf } from './judge.ts';

export interface SortingState {
  /** Which packet is asked. */
  readonly index: number;
  /** How many of the packets before it were given to the right socket at the first try. */
  readonly rightBefore: number;
  /** What was chosen for this packet, in order: places in its list of sockets, its length for nobody. */
  readonly choices: readonly number[];
}

/** Only the first try and the last matter; a link need not hold a hundred. */
const MOST_CHOICES = 20;

export function writeState({ index, rightBefore, choices }: SortingState): string {
  return writeCode(index, rightBefore, choices.slice(-MOST_CHOICES));
}

/** @returns null for what `writeState` would not write, choices after the right one among it. */
export function readState(code: string, arrivals: readonly Arrival[]): SortingState | null {
  return readCode(code, (fields) => {
    const index = fields.number(0, arrivals.length - 1);
    const arrival = arrivals[index];
    const rightBefore = fields.number(0, index);
    const choices = fields.numbers(0, arrival?.sockets.length ?? 0);
    const isRight = (choice: number): boolean =>
      arrival !== undefined && mistakeOf(arrival, arrival.sockets[choice] ?? null) === null;
    if (choices.length > MOST_CHOICES || choices.slice(0, -1).some(isRight)) {
      throw new Unreadable('choices');
    }
    return { index, rightBefore, choices };
  });
}
