/** The load and its remedies as a word for the address; the run itself is done again. */

import { readCode, Unreadable, writeCode } from '../../simulation-kit/state-code.ts';
import { rates, remedies, type LoadSetup } from './setup.ts';

export interface PoolState extends LoadSetup {
  readonly isRun: boolean;
}

export function writeState({ rate, remedies: on, isRun }: PoolState): string {
  const places = on.map((remedy) => remedies.indexOf(remedy));
  return writeCode(
    rates.findIndex((one) => one === rate),
    places,
    isRun,
  );
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): PoolState | null {
  return readCode(code, (fields) => {
    const rate = rates[fields.number(0, rates.length - 1)] ?? rates[0];
    const places = fields.numbers(0, remedies.length - 1);
    if (places.some((place, index) => index > 0 && place <= (places[index - 1] ?? -1))) {
      throw new Unreadable('remedies out of order');
    }
    const on = places.flatMap((place) => remedies[place] ?? []);
    return { rate, remedies: on, isRun: fields.flag() };
  });
}
