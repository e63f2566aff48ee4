/** What the explorer shows, as a word for an address: the port, the system, the search. */

import { readCode, writeCode, writeText } from '../../simulation-kit/state-code.ts';

export const mostSearched = 200;

export interface ExplorerState {
  readonly port: number;
  /** A system's id; empty for none. */
  readonly system: string;
  readonly search: string;
}

export function writeState({ port, system, search }: ExplorerState): string {
  return writeCode(port, system, writeText(search));
}

/**
 * @param systems the ids of the systems that can be chosen
 * @returns null for what `writeState` would not write
 */
export function readState(code: string, systems: readonly string[]): ExplorerState | null {
  return readCode(code, (fields) => ({
    port: fields.number(0, 65535),
    system: fields.oneOf(['', ...systems]),
    search: fields.text(mostSearched),
  }));
}
