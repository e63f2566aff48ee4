/** The range and the reserved runs, as a word for the address. */

import { readCode, Unreadable, writeCode } from '../../simulation-kit/state-code.ts';
import type { ReservedRun, Tuning } from './tuning.ts';

export function writeState({ low, high, reserved }: Tuning): string {
  return writeCode(low, high, reserved.flat());
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): Tuning | null {
  return readCode(code, (fields) => {
    const low = fields.number(1024, 65_535);
    const high = fields.number(low, 65_535);
    const numbers = fields.numbers(0, 65_535);
    const reserved: ReservedRun[] = [];
    for (let at = 0; at < numbers.length; at += 2) {
      const [first = 0, last = -1] = numbers.slice(at, at + 2);
      // Runs as the kernel merges them: ascending, and never touching.
      if (last < first || first <= (reserved.at(-1)?.[1] ?? -2) + 1) {
        throw new Unreadable('no such list');
      }
      reserved.push([first, last]);
    }
    return { low, high, reserved };
  });
}
