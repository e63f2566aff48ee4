/** The number that is asked, the answer to it and the tally, as a word for the address. */

import { portRanges, rangeOf, type PortRange } from '../../network/port-ranges.ts';
import { readCode, writeCode } from '../../simulation-kit/state-code.ts';
import { portToSort } from './sorter-deck.ts';

export interface SorterState {
  readonly index: number;
  readonly answer: PortRange | null;
  /** Right answers so far, this one included. */
  readonly right: number;
}

const MOST = 9999;

/** How many were right before the number that is asked. */
function rightBefore({ index, answer, right }: SorterState, seed: number): number {
  return right - (answer === rangeOf(portToSort(seed, index)) ? 1 : 0);
}

export function writeState(state: SorterState, seed: number): string {
  return writeCode(state.index, rightBefore(state, seed), state.answer ?? 'open');
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string, seed: number): SorterState | null {
  return readCode(code, (fields) => {
    const index = fields.number(0, MOST);
    const before = fields.number(0, index);
    const choice = fields.oneOf(['open', ...portRanges.map(({ range }) => range)]);
    const answer = portRanges.find(({ range }) => range === choice)?.range ?? null;
    const isRight = answer === rangeOf(portToSort(seed, index));
    return { index, answer, right: before + (isRight ? 1 : 0) };
  });
}
