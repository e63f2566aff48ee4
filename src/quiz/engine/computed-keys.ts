/**
 * Answers that the engine works out, so that no question repeats a number the engine knows. An author
 * writes `answer: { compute: range-size, range: ephemeral }`; the site computes it while it is built
 * and the page gets the result alone.
 */

import { portRanges, rangeOf, type PortRange } from '../../network/port-ranges.ts';

export type ComputedAnswer = number | string | readonly string[] | Readonly<Record<string, string>>;
type Params = Readonly<Record<string, unknown>>;

export const computedKeys = {
  /** How many ports a range of the registry holds. `range`: well-known, registered or ephemeral. */
  'range-size': (params: Params): number => {
    const { low, high } = bounds(params);
    return high - low + 1;
  },
  /** A range's first port. `range` as above. */
  'range-low': (params: Params): number => bounds(params).low,
  /** A range's last port. `range` as above. */
  'range-high': (params: Params): number => bounds(params).high,
  /** The range a port belongs to; the options' ids are the ranges. `port`: 0–65535. */
  'range-of': (params: Params): PortRange => rangeOf(whole(params, 'port')),
} as const satisfies Readonly<Record<string, (params: Params) => ComputedAnswer>>;

type ComputedKeyName = keyof typeof computedKeys;

const isName = (name: string): name is ComputedKeyName => Object.hasOwn(computedKeys, name);

/** @throws RangeError naming the parameter, or the names there are, where the answer cannot be had. */
export function computeAnswer(name: string, params: Params): ComputedAnswer {
  if (!isName(name)) {
    throw new RangeError(
      `there is no computed key "${name}". Use one of: ${Object.keys(computedKeys).join(', ')}.`,
    );
  }
  return computedKeys[name](params);
}

function whole(params: Params, name: string): number {
  const value = params[name];
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw new RangeError(`"${name}" is missing or no whole number: write ${name}: 8080.`);
}

function bounds(params: Params): { readonly low: number; readonly high: number } {
  const found = portRanges.find(({ range }) => range === params['range']);
  if (found) return found;
  throw new RangeError(`"range" is one of ${portRanges.map(({ range }) => range).join(', ')}.`);
}
