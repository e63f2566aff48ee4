/**
 * The addresses of one host: which are its own, which lie on its own networks, which one a packet leaves
 * from, and what the wildcard means as a destination. Everything else is behind one router. A host
 * without an address of a family has no way to others of that family.
 */

import {
  formatAddress,
  isIPv6,
  isLoopback,
  isWithin,
  LOOPBACK_ADDRESS,
  LOOPBACK_IPV6,
  maskOf,
  parseAddress,
  WILDCARD_ADDRESS,
  WILDCARD_IPV6,
} from '../addresses.ts';

/** How many bits of an address name the network that it is on. */
export interface PrefixLengths {
  /** 0–32. */
  readonly ipv4: number;
  /** 0–128. */
  readonly ipv6: number;
}

export class HostAddresses {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
  private readonly mask: number;
  private readonly prefixLengths: PrefixLengths;

  /** `texts`: at least one address, each readable. */
  constructor(texts: readonly string[], prefixLengths: PrefixLengths) {
    this.mask = maskOf(prefixLengths.ipv4);
    this.prefixLengths = prefixLengths;
    this.numbers = texts.map((text) => parseAddress(text) ?? WILDCARD_ADDRESS);
    this.texts = this.numbers.map(formatAddress);
  }

  /** Whether this host answers to an address. */
  owns(address: number): boolean {
    return isLoopback(address) || this.numbers.includes(address);
  }

  /**
   * Whether the address belongs to a neighbour, a machine on a network of the host's own that would be
   * asked for directly (RFC 826, RFC 4861). An IPv4 network's own address and its broadcast address are
   * nobody's.
   */
  isNeighbour(address: number): boolean {
    if (this.owns(address)) return false;
    if (isIPv6(address)) return this.numbers.some((own) => this.isOnNetworkOf(own, address));
    const rest = (address & ~this.mask) >>> 0;
    const isMachine = this.mask >= 0xffff_fffe || (rest !== 0 && rest !== ~this.mask >>> 0);
    return isMachine && this.numbers.some((own) => this.isOnNetworkOf(own, address));
  }

  /** Whether a socket may be bound to it. */
  admits(address: number): boolean {
    return address === WILDCARD_ADDRESS || address === WILDCARD_IPV6 || this.owns(address);
  }

  /**
   * The address a packet to `remote` leaves from: the first of that family; of IPv6 one on the same
   * network before the others (a part of RFC 6724). Undefined where the host has none.
   */
  sourceFor(remote: number): number | undefined {
    if (isLoopback(remote)) return isIPv6(remote) ? LOOPBACK_IPV6 : LOOPBACK_ADDRESS;
    if (this.numbers.includes(remote)) return remote;
    const isSix = isIPv6(remote);
    return (
      (isSix ? this.numbers.find((own) => this.isOnNetworkOf(own, remote)) : undefined) ??
      this.numbers.find((own) => isIPv6(own) === isSix)
    );
  }

  private isOnNetworkOf(own: number, address: number): boolean {
    const length = isIPv6(own) ? this.prefixLengths.ipv6 : this.prefixLengths.ipv4;
    return isWithin({ network: own, length }, address);
  }
}

/** connect() to the wildcard reaches the host itself. */
export function destinationFor(address: number): number {
  if (address === WILDCARD_IPV6) return LOOPBACK_IPV6;
  return address === WILDCARD_ADDRESS ? LOOPBACK_ADDRESS : address;
}
