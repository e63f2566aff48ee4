/** The chosen port and the lens, as a word for the address. */

import { highestPort } from '../../network/port-ranges.ts';
import { readCode, writeCode } from '../../simulation-kit/state-code.ts';
import { LENS_WIDTHS } from './lens.ts';

export interface LensState {
  readonly port: number;
  /** A place in LENS_WIDTHS. */
  readonly zoom: number;
}

export function writeState({ port, zoom }: LensState): string {
  return writeCode(port, LENS_WIDTHS[zoom] ?? LENS_WIDTHS[0]);
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): LensState | null {
  return readCode(code, (fields) => {
    const port = fields.number(0, highestPort);
    const width = fields.oneOf(LENS_WIDTHS.map(String));
    return { port, zoom: LENS_WIDTHS.map(String).indexOf(width) };
  });
}
