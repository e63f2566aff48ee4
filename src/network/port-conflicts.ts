/**
 * Whether two sockets may hold one port: the rules of bind() with SO_REUSEADDR and SO_REUSEPORT.
 * TCP: net/ipv4/inet_connection_sock.c:inet_csk_bind_conflict; UDP: net/ipv4/udp.c:
 * udp_lib_lport_inuse (kernel 6.12). TCP's matrix measured on 6.18.
 */

import type { Protocol } from './scenario.ts';

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
 * `explicit`: the number was asked for. `automatic`: the system looks for one and wants it unshared.
 * `relaxed`: it looks again, with ip_autobind_reuse, for one to share.
 */
export type ClaimKind = 'explicit' | 'automatic' | 'relaxed';

function overlap(a: number, b: number): boolean {
  return a === b || a === 0 || b === 0;
}

export function conflicts(
  protocol: Protocol,
  claim: PortClaim,
  owner: PortOwner,
  kind: ClaimKind,
): boolean {
  if (!overlap(claim.localAddress, owner.localAddress)) return false;
  const bothReuseAddress = claim.reuseAddress && owner.reuseAddress;
  const sameUser = owner.timeWaitSinceMs !== null || owner.uid === claim.uid;
  const sharesByPort = claim.reusePort && owner.reusePort && sameUser;
  if (protocol === 'udp') return !(bothReuseAddress || sharesByPort);
  if (bothReuseAddress && !owner.isListening) {
    return kind === 'automatic' || (kind === 'relaxed' && sharesByPort);
  }
  return kind !== 'explicit' || !sharesByPort;
}
