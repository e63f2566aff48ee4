/** The chosen port, the lens and the guess, as a word for the address. */

import { highestPort } from '../../network/port-ranges.ts';
import { readCode, writeCode } from '../../simulation-kit/state-code.ts';
import { LENS_WIDTHS } from './lens.ts';

export interface LensState {
  readonly port: number;
  /** A place in LENS_WIDTHS. */
  readonly zoom: number;
  /** The line is still to be guessed. */
  readonly isAsking: boolean;
  /** Where the learner thinks that the well-known ports end; null before the mark was moved. */
  readonly guess: number | null;
}

export function writeState({ port, zoom, isAsking, guess }: LensState): string {
  const asked = isAsking || guess !== null ? [isAsking] : [];
  const given = guess === null ? [] : [guess];
  return writeCode(port, LENS_WIDTHS[zoom] ?? LENS_WIDTHS[0], ...asked, ...given);
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): LensState | null {
  const state = readCode(code, (fields): LensState => {
    const port = fields.number(0, highestPort);
    const width = fields.oneOf(LENS_WIDTHS.map(String));
    const isAsking = fields.hasMore && fields.flag();
    const guess = fields.hasMore ? fields.number(0, highestPort) : null;
    return { port, zoom: LENS_WIDTHS.map(String).indexOf(width), isAsking, guess };
  });
  return state !== null && writeState(state) === code ? state : null;
}
