/**
 * Whether two sockets may hold one port: the rules of bind() with SO_REUSEADDR and SO_REUSEPORT.
 * TCP: net/ipv4/inet_connection_sock.c:inet_csk_bind_conflict; UDP: net/ipv4/udp.c:
 * udp_lib_lport_inuse (kernel 6.12). TCP's matrix measured on 6.18.
 */

/** What counts of a socket that asks for a port. */
export interface PortClaim {
  readonly localAddress: number;
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

function overlap(a: number, b: number): boolean {
  return a === b || a === 0 || b === 0;
}

/** Whether a TCP socket that holds a port does not let another in. */
export function conflicts(claim: PortClaim, owner: PortOwner, kind: ClaimKind): boolean {
  if (!overlap(claim.localAddress, owner.localAddress)) return false;
  const shares = sharesByPort(claim, owner);
  if (claim.reuseAddress && owner.reuseAddress && !owner.isListening) {
    return kind === 'relaxed' && shares;
  }
  return kind !== 'explicit' || !shares;
}

/** The same of UDP, where the system looks for a port. */
export function datagramsConflict(claim: PortClaim, owner: PortOwner): boolean {
  if (!overlap(claim.localAddress, owner.localAddress)) return false;
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
    if (!overlap(claim.localAddress, owner.localAddress)) continue;
    if (claim.reuseAddress && owner.reuseAddress) continue;
    return sharesByPort(claim, owner) ? null : owner;
  }
  return null;
}
