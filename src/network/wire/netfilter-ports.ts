/**
 * How Linux netfilter seeks an outside port (net/netfilter/nf_nat_core.c: nf_nat_l4proto_unique_tuple,
 * nf_nat_used_tuple_harder): a drawn start, upward with wrap, at most 128 tries, then fresh draws with
 * 64, 32 and 16. A number of 16 bits is drawn and its remainder taken, so that the lowest ports of
 * 1024–65535 come twice as often as others (measured: tests/golden/nat.json).
 */

import type { Random } from '../../time-and-chance/random.ts';

export interface PortClass {
  readonly low: number;
  readonly high: number;
}

const MOST_TRIES = 128;
const LEAST_TRIES = 16;
/** With so few tries left, the port of a closed connection may be taken. */
const HARDER_BELOW = 32;

/** Where no pool is named, a port stays in its class; the router's own range plays no part. */
export function classOf(port: number): PortClass {
  if (port < 512) return { low: 1, high: 511 };
  return port < 1024 ? { low: 600, high: 1023 } : { low: 1024, high: 65_535 };
}

/**
 * @param isFree whether a port can be used; `isHarder`: also by evicting a connection that is closed.
 * @returns undefined where the search ends without a port, though one may be free.
 */
export function seekPort(
  { low, high }: PortClass,
  random: Random,
  isFree: (port: number, isHarder: boolean) => boolean,
): number | undefined {
  const size = high - low + 1;
  for (let tries = Math.min(size, MOST_TRIES); ; tries = Math.floor(tries / 2)) {
    const start = random.below(65_536);
    for (let i = 0; i < tries; i++) {
      const port = low + ((start + i) % size);
      if (isFree(port, tries - i <= HARDER_BELOW)) return port;
    }
    if (tries >= size || tries / 2 < LEAST_TRIES) return undefined;
  }
}
