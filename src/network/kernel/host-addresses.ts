/**
 * The addresses of one host: which are its own, which one a packet leaves from, and what the wildcard
 * means as a destination. One network, so no routes.
 */

import { isLoopback, LOOPBACK_ADDRESS, parseAddress, WILDCARD_ADDRESS } from '../addresses.ts';

export class HostAddresses {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];

  constructor(texts: readonly string[]) {
    this.texts = texts;
    this.numbers = texts.map((text) => parseAddress(text) ?? WILDCARD_ADDRESS);
  }

  /** Whether this host answers to an address. */
  owns(address: number): boolean {
    return isLoopback(address) || this.numbers.includes(address);
  }

  /** Whether a socket may be bound to it. */
  admits(address: number): boolean {
    return address === WILDCARD_ADDRESS || this.owns(address);
  }

  /** The address a packet to `remote` leaves from. */
  sourceFor(remote: number): number {
    if (isLoopback(remote)) return LOOPBACK_ADDRESS;
    if (this.numbers.includes(remote)) return remote;
    return this.numbers[0] ?? LOOPBACK_ADDRESS;
  }
}

/** connect() to the wildcard reaches the host itself. */
export function destinationFor(address: number): number {
  return address === WILDCARD_ADDRESS ? LOOPBACK_ADDRESS : address;
}
