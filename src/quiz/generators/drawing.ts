/** What generators draw with: one of a list, some of it, all in another order. */

import type { Random } from '../../time-and-chance/random.ts';
import type { Asked, Phrase, PracticeItem, Value, VariantOption } from './variant.ts';

/** One of a list that is not empty. */
export function oneOf<T>(random: Random, list: readonly T[]): T {
  const drawn = list[random.below(Math.max(1, list.length))];
  if (drawn === undefined) throw new RangeError('there is nothing to draw from.');
  return drawn;
}

/** The list in another order, each order equally likely (Fisher and Yates). */
export function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const result = [...list];
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const kept = result[last];
    const moved = result[other];
    if (kept === undefined || moved === undefined) continue;
    result[last] = moved;
    result[other] = kept;
  }
  return result;
}

/** `count` different members of a list, or all of it where it has fewer. */
export function someOf<T>(random: Random, list: readonly T[], count: number): T[] {
  return shuffled(random, list).slice(0, count);
}

/** A whole number from `low` to `high`, both included. */
export function between(random: Random, low: number, high: number): number {
  return low + random.below(high - low + 1);
}

/** Two different private addresses on one network: a client's and a server's. */
export function twoAddresses(random: Random): readonly [client: string, server: string] {
  const net = oneOf(random, ['10.0.0', '192.168.1', '172.16.5', '10.20.30', '192.168.50']);
  const client = between(random, 2, 99);
  return [`${net}.${String(client)}`, `${net}.${String(between(random, 100, 250))}`];
}

/** The prompt's places as a phrase. */
export function phrase(name: string, values?: Readonly<Record<string, Value>>): Phrase {
  return values === undefined ? { phrase: name } : { phrase: name, values };
}

/** An item of a generator. */
export function item(id: string, lesson: string, turn: string): PracticeItem {
  return { id, lesson, turn };
}

/**
 * A choice between one right option and some wrong ones, in an order that is drawn.
 * @throws RangeError where two options look the same: a wrong one would be right by accident.
 */
export function choiceOf(
  random: Random,
  right: VariantOption,
  wrong: readonly VariantOption[],
): Asked {
  const options = shuffled(random, [right, ...wrong]);
  requireDifferent(options);
  return { kind: 'choice', options, answer: right.id };
}

/**
 * A choice between options whose order says something (yes and no, sizes): they stay as listed.
 * @throws RangeError where the answer is none of them, or two look the same.
 */
export function choiceInOrder(options: readonly VariantOption[], answer: string): Asked {
  requireDifferent(options);
  if (!options.some(({ id }) => id === answer)) {
    throw new RangeError(`the answer "${answer}" is no option.`);
  }
  return { kind: 'choice', options, answer };
}

/** Items to put in order, shown in a wrong one. */
export function orderOf(random: Random, right: readonly VariantOption[]): Asked {
  requireDifferent(right);
  const answer = right.map(({ id }) => id);
  let items = shuffled(random, right);
  while (items.every(({ id }, place) => id === answer[place])) items = shuffled(random, right);
  return { kind: 'order', items, answer };
}

function requireDifferent(options: readonly VariantOption[]): void {
  const looks = new Set(options.map(({ label }) => JSON.stringify(label)));
  const ids = new Set(options.map(({ id }) => id));
  if (looks.size < options.length || ids.size < options.length) {
    throw new RangeError(`two options are the same: ${[...looks].join(', ')}.`);
  }
}
