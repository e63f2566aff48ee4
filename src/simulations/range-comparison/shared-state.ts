/**
 * The number asked about and the learner's own range, as a word for the address. Of a paste only the
 * range is carried; what could not be read stays at home.
 */

import { highestPort } from '../../network/port-ranges.ts';
import { readCode, Unreadable, writeCode } from '../../simulation-kit/state-code.ts';

export interface ComparisonState {
  readonly port: number | null;
  /** Inclusive. */
  readonly own: readonly [low: number, high: number] | null;
}

const list = (range: ComparisonState['own']): readonly number[] => range ?? [];

export function writeState({ port, own }: ComparisonState): string {
  return writeCode(port === null ? [] : [port], list(own));
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): ComparisonState | null {
  return readCode(code, (fields) => {
    const [port = null, ...ports] = fields.numbers(0, highestPort);
    const [low, high, ...more] = fields.numbers(0, highestPort);
    if (ports.length > 0 || more.length > 0) throw new Unreadable('numbers');
    if (low === undefined) return { port, own: null };
    if (high === undefined || low > high) throw new Unreadable('range');
    return { port, own: [low, high] };
  });
}
