/**
 * The order in which Linux (4.6 and later) looks at the ports of a range: in steps of two from a
 * start, round the range, then the ports of the other parity. net/ipv4/inet_hashtables.c:
 * __inet_hash_connect; the same walk with the parities swapped in inet_connection_sock.c:
 * inet_csk_find_open_port.
 */

import type { Run } from './obstacles.ts';

/** How many places of a range the walk goes round: an odd number of ports loses one. */
export function walkLength(low: number, high: number): number {
  const ports = high - low + 1;
  return ports > 1 ? ports & ~1 : ports;
}

/**
 * One pass: from `low + offset` upwards by `step`; past `high` it goes on `length` lower, where
 * `length` is what `walkLength` gives. The result is one or two runs.
 */
export function pass(
  low: number,
  high: number,
  length: number,
  offset: number,
  step: number,
): Run[] {
  const total = Math.ceil(length / step);
  let first = low + offset;
  if (first > high) first -= length;
  const untilHigh = Math.min(total, Math.floor((high - first) / step) + 1);
  const runs: Run[] = [{ first, step, count: untilHigh }];
  if (untilHigh < total) {
    runs.push({ first: first + untilHigh * step - length, step, count: total - untilHigh });
  }
  return runs;
}
