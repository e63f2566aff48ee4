/** The ports of services that were asked, and how well each is known: for the number line. */

import type { PracticeMemory } from '../../progress/practice-memory.ts';

/** Remembered for at least a week. */
export const KNOWN_DAYS = 7;

export interface PortMark {
  readonly port: number;
  /** `due`: to be asked again, known or not. `known`: all that was asked of it. Else `new`. */
  readonly state: 'known' | 'due' | 'new';
}

/** @returns by port, smallest first; a port that was not asked has no mark. */
export function portMarks(memory: PracticeMemory, nowMs: number): readonly PortMark[] {
  const states = new Map<number, PortMark['state']>();
  for (const [id, { due, stability }] of Object.entries(memory.items)) {
    const port = /^(?:port-of-service|service-of-port)\/(\d+)-/.exec(id)?.[1];
    if (port === undefined) continue;
    const state = due <= nowMs ? 'due' : stability >= KNOWN_DAYS ? 'known' : 'new';
    const other = states.get(Number(port)) ?? state;
    states.set(Number(port), weaker(state, other));
  }
  return [...states]
    .map(([port, state]) => ({ port, state }))
    .sort((one, other) => one.port - other.port);
}

function weaker(one: PortMark['state'], other: PortMark['state']): PortMark['state'] {
  return (
    (['due', 'new', 'known'] as const).find((state) => state === one || state === other) ?? one
  );
}
