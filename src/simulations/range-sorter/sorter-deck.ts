/**
 * The numbers that the range sorter asks, pure: borders and well-met numbers first in shuffled order,
 * then numbers drawn so that each range comes as often as the others.
 */

import { portRanges } from '../../network/port-ranges.ts';
import { Random } from '../../time-and-chance/random.ts';

/** Numbers whose range is worth a second look: borders, and numbers met in practice. */
export const TELLING_PORTS = [
  22, 443, 1023, 1024, 3306, 8080, 20022, 32768, 49151, 49152, 51514, 65535,
];

/** @param index 0, 1, 2 …; endless. */
export function portToSort(seed: number, index: number): number {
  const random = new Random(seed).fork('range sorter');
  if (index < TELLING_PORTS.length) {
    const deck = [...TELLING_PORTS];
    for (let last = deck.length - 1; last > 0; last -= 1) {
      const other = random.below(last + 1);
      const [a = 0, b = 0] = [deck[last], deck[other]];
      [deck[last], deck[other]] = [b, a];
    }
    return deck[index] ?? 0;
  }
  const later = random.fork(String(index));
  const range = portRanges[later.below(portRanges.length)] ?? portRanges[1];
  return range.low + later.below(range.high - range.low + 1);
}
