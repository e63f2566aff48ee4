/** What is covered and which rows are uncovered again, as a word for the address. */

import { readCode, Unreadable, writeCode } from '../../simulation-kit/state-code.ts';

export const covers = ['nothing', 'ports', 'services'] as const;
export type Cover = (typeof covers)[number];

export interface CoverState {
  readonly cover: Cover;
  /** Places of the uncovered rows, in any order. */
  readonly open: readonly number[];
}

const ascending = (a: number, b: number): number => a - b;

export function writeState({ cover, open }: CoverState): string {
  return writeCode(cover, open.toSorted(ascending));
}

/** @returns null for what `writeState` would not write for a table of so many rows. */
export function readState(code: string, rows: number): CoverState | null {
  return readCode(code, (fields) => {
    const cover = fields.oneOf(covers);
    const open = fields.numbers(0, rows - 1);
    const isOrdered = open.every((row, place) => row > (open[place - 1] ?? -1));
    if (!isOrdered || (cover === 'nothing' && open.length > 0)) throw new Unreadable('rows');
    return { cover, open };
  });
}
