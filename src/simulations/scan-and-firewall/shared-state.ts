/** The server as it is set up and what has been tried on it, as a word for the address. */

import { readCode, writeCode, type Field } from '../../simulation-kit/state-code.ts';
import { guards, startingSetup, type ServerSetup } from './server-setup.ts';

export interface ScanState {
  readonly setup: ServerSetup;
  readonly isScanned: boolean;
  readonly isFetched: boolean;
}

export function writeState({ setup, isScanned, isFetched }: ScanState): string {
  const ports = setup.ports.flatMap(({ isRunning, guard }): Field[] => [isRunning, guard]);
  return writeCode(...ports, setup.isStateful, setup.isClosed, isScanned, isFetched);
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): ScanState | null {
  return readCode(code, (fields) => {
    const ports = startingSetup.ports.map((one) => ({
      ...one,
      isRunning: fields.flag(),
      guard: fields.oneOf(guards),
    }));
    const setup = { ports, isStateful: fields.flag(), isClosed: fields.flag() };
    return { setup, isScanned: fields.flag(), isFetched: fields.flag() };
  });
}
