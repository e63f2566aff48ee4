/** The server as it is set up and what has been tried on it, as a word for the address. */

import { readCode, writeCode, type Field } from '../../simulation-kit/state-code.ts';
import { guards, startingSetup, type ServerSetup } from './server-setup.ts';

export interface ScanState {
  readonly setup: ServerSetup;
  readonly isScanned: boolean;
  readonly isFetched: boolean;
}

export function writeState({ setup, isScanned, isFetched }: ScanState): string {
  const doors = setup.doors.flatMap(({ isRunning, guard }): Field[] => [isRunning, guard]);
  return writeCode(...doors, setup.isStateful, setup.isClosed, isScanned, isFetched);
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): ScanState | null {
  return readCode(code, (fields) => {
    const doors = startingSetup.doors.map((door) => ({
      ...door,
      isRunning: fields.flag(),
      guard: fields.oneOf(guards),
    }));
    const setup = { doors, isStateful: fields.flag(), isClosed: fields.flag() };
    return { setup, isScanned: fields.flag(), isFetched: fields.flag() };
  });
}
