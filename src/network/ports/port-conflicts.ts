/**
 * Whether two sockets may hold one port: the rules of bind() with SO_REUSEADDR and SO_REUSEPORT.
 * TCP: net/ipv4/inet_connection_sock.c:inet_csk_bind_conflict; UDP: net/ipv4/udp.c:
 * udp_lib_lport_inuse (kernel 6.12). TCP's matrix measured on 6.18, for IPv4 and IPv6.
 */

import { isIPv6, WILDCARD_ADDRESS, WILDCARD_IPV6 } from '../addresses.ts';
import type { SocketFamily } from '../protocol.ts';

/** A local address as a socket has it. */
export interface LocalAddress {
  /** Of an IPv4-mapped address the IPv4 address. */
  readonly localAddress: number;
  /** IPv4 where it is not said. */
  readonly family?: SocketFamily;
}

/** What counts of a socket that asks for a port. */
export interface PortClaim extends LocalAddress {
  readonly reuseAddress: boolean;
  readonly reusePort: boolean;
  readonly uid: number;
}

/** What counts of a socket that holds one. */
export interface PortOwner extends PortClaim {
  readonly isListening: boolean;
  readonly timeWaitSinceMs: number | null;
}

/**
 * `explicit`: the number was asked for. `relaxed`: the system looks, with ip_autobind_reuse, for one to
 * share. (Where it wants a port unshared, any socket on the address is in the way.)
 */
export type ClaimKind = 'explicit' | 'relaxed';

/**
 * Whether what one socket is bound to and what another is bound to have something in common
 * (inet_rcv_saddr_equal). `::` and 0.0.0.0 meet unless the socket of `::` is IPv6 only. A socket that
 * is on one IPv6 address because it connected, and not IPv6 only, is in the way of 0.0.0.0 as well: to
 * IPv4 the kernel shows it as 127.0.0.6.
 */
export function addressesMeet(one: LocalAddress, other: LocalAddress): boolean {
  return covers(one, other, true);
}

/** Whether one local address is the other or a wildcard for it; with `isMutual` either for the other. */
export function covers(one: LocalAddress, other: LocalAddress, isMutual = false): boolean {
  const a = one.localAddress;
  const b = other.localAddress;
  if (!isIPv6(a) && !isIPv6(b)) {
    if (a === b) return true;
    return a === WILDCARD_ADDRESS || (isMutual && b === WILDCARD_ADDRESS);
  }
  const isOnlyOne = one.family === 'inet6-only';
  const isOnlyOther = other.family === 'inet6-only';
  if (one.family === undefined || one.family === 'inet') {
    // Only IPv4 is asked about; the other has an IPv6 address.
    if (isOnlyOther) return false;
    return a === WILDCARD_ADDRESS || (isMutual && b === WILDCARD_IPV6);
  }
  if (a === b) return true;
  if (b === WILDCARD_IPV6 && isMutual) return isIPv6(a) || !isOnlyOther;
  return a === WILDCARD_IPV6 && (isIPv6(b) || !isOnlyOne);
}

/** Whether a TCP socket that holds a port does not let another in. */
export function conflicts(claim: PortClaim, owner: PortOwner, kind: ClaimKind): boolean {
  if (!addressesMeet(claim, owner)) return false;
  const shares = sharesByPort(claim, owner);
  if (claim.reuseAddress && owner.reuseAddress && !owner.isListening) {
    return kind === 'relaxed' && shares;
  }
  return kind !== 'explicit' || !shares;
}

/** The same of UDP, where the system looks for a port. */
export function datagramsConflict(claim: PortClaim, owner: PortOwner): boolean {
  if (!addressesMeet(claim, owner)) return false;
  return !(claim.reuseAddress && owner.reuseAddress) && !sharesByPort(claim, owner);
}

/** SO_REUSEPORT on both, and one user (whose a socket in TIME-WAIT was does not matter). */
function sharesByPort(claim: PortClaim, owner: PortOwner): boolean {
  const sameUser = owner.timeWaitSinceMs !== null || owner.uid === claim.uid;
  return claim.reusePort && owner.reusePort && sameUser;
}

/**
 * The owner that keeps a UDP socket from a port it asks for, or null. Owners come newest first, and the
 * first that does not share by SO_REUSEADDR decides for all: where it shares by SO_REUSEPORT the kernel
 * looks no further (udp_lib_lport_inuse without a bitmap; measured on 6.18).
 */
export function datagramOwnerInTheWay<Owner extends PortOwner>(
  claim: PortClaim,
  newestFirst: Iterable<Owner>,
): Owner | null {
  for (const owner of newestFirst) {
    if (!addressesMeet(claim, owner)) continue;
    if (claim.reuseAddress && owner.reuseAddress) continue;
    return sharesByPort(claim, owner) ? null : owner;
  }
  return null;
}
