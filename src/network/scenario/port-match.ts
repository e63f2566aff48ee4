/** Which ports a rule or a pool means: one, or a range such as `1000-2000`. */

import { highestPort, isPort } from '../port-ranges.ts';
import type { PortMatch } from './scenario.ts';

const ANY_PORT: readonly [number, number] = [0, highestPort];

/** The lowest and the highest port that match; all of them where nothing is said. */
export function portsOf(match: PortMatch | undefined): readonly [number, number] {
  if (match === undefined) return ANY_PORT;
  if (typeof match === 'number') return [match, match];
  const [low = 0, high = low] = match.split('-').map(Number);
  return [low, high];
}

/** `80`, or `1000-2000` with the low end first. */
export function isPortMatch(value: unknown): value is PortMatch {
  if (typeof value !== 'string') return isPort(value);
  const match = /^(\d{1,5})-(\d{1,5})$/.exec(value);
  return match !== null && isPort(Number(match[2])) && Number(match[1]) <= Number(match[2]);
}
