/** What was checked and shown, as a word for the address. */

import { highestPort } from '../../network/port-ranges.ts';
import { readCode, Unreadable, writeCode } from '../../simulation-kit/state-code.ts';

const shows = ['nothing', 'collision', 'reserved'] as const;

export interface PlanState {
  readonly systemId: string;
  /** The port that was checked; null before the first. */
  readonly port: number | null;
  readonly shown: (typeof shows)[number];
}

/** The kernel takes no range that begins lower, so no collision is shown there. */
export const LOWEST_COLLISION = 1024;

export function writeState({ systemId, port, shown }: PlanState): string {
  return writeCode(systemId, port ?? 0, shown);
}

/** @returns null for what `writeState` would not write for these systems. */
export function readState(code: string, systems: readonly string[]): PlanState | null {
  return readCode(code, (fields) => {
    const systemId = fields.oneOf(systems);
    const port = fields.number(0, highestPort);
    const shown = fields.oneOf(shows);
    if (shown !== 'nothing' && port < LOWEST_COLLISION) throw new Unreadable('collision');
    return { systemId, port: port === 0 ? null : port, shown };
  });
}
