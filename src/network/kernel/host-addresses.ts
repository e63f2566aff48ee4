/**
 * The addresses of one host: which are its own, which lie on its own network, which one a packet leaves
 * from, and what the wildcard means as a destination. Everything else is behind one router.
 */

import {
  isLoopback,
  LOOPBACK_ADDRESS,
  maskOf,
  parseAddress,
  WILDCARD_ADDRESS,
} from '../addresses.ts';

export class HostAddresses {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
  private readonly mask: number;

  /** `prefixLength`: of the host's network or networks, 0–32. */
  constructor(texts: readonly string[], prefixLength: number) {
    this.mask = maskOf(prefixLength);
    this.texts = texts;
    this.numbers = texts.map((text) => parseAddress(text) ?? WILDCARD_ADDRESS);
  }

  /** Whether this host answers to an address. */
  owns(address: number): boolean {
    return isLoopback(address) || this.numbers.includes(address);
  }

  /**
   * Whether the address belongs to a neighbour, a machine on a network of the host's own that would be
   * asked for directly (RFC 826). The network's own address and its broadcast address are nobody's.
   */
  isNeighbour(address: number): boolean {
    const rest = (address & ~this.mask) >>> 0;
    const isMachine = this.mask >= 0xffff_fffe || (rest !== 0 && rest !== ~this.mask >>> 0);
    return (
      isMachine &&
      !this.owns(address) &&
      this.numbers.some((own) => ((own ^ address) & this.mask) === 0)
    );
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
