/** The race and the attack on it, as a word for the address. */

import { readCode, Unreadable, writeCode } from '../../simulation-kit/state-code.ts';
import { MOST_VOLLEYS, type Volley } from './attack.ts';
import { contestants, loads, MOST_CONNECTIONS } from './contestants.ts';
import type { Contestant, RaceSetup } from './contestants.ts';

export interface RaceState extends RaceSetup {
  readonly victim: Contestant;
  readonly volleys: readonly Volley[];
}

export function writeState({ load, count, pauses, victim, volleys }: RaceState): string {
  const numbers = volleys.flatMap(({ from, to, step }) => [from, to, step]);
  return writeCode(load, count, pauses, victim, numbers);
}

/** @returns null for what `writeState` would not write. */
export function readState(code: string): RaceState | null {
  return readCode(code, (fields) => {
    const load = fields.oneOf(loads);
    const count = fields.number(1, MOST_CONNECTIONS);
    const pauses = fields.numbers(1, count);
    if (pauses.some((after, place) => after <= (pauses[place - 1] ?? 0))) {
      throw new Unreadable('pauses out of order');
    }
    const victim = fields.oneOf(contestants);
    const numbers = fields.numbers(0, 65535);
    const volleys: Volley[] = [];
    for (let at = 0; at < numbers.length; at += 3) {
      const [from = 0, to = -1, step = 0] = numbers.slice(at, at + 3);
      if (to < from || step < 1 || step > 2) throw new Unreadable('no such guesses');
      volleys.push({ from, to, step });
    }
    if (volleys.length > MOST_VOLLEYS) throw new Unreadable('more guesses than can be made');
    return { load, count, pauses, victim, volleys };
  });
}
