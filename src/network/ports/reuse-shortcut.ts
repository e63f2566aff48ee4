/**
 * Linux' short way for SO_REUSEPORT: for each TCP port the kernel remembers the socket that last came
 * to share it, and lets one like it in without asking the port's other sockets. That is mostly the
 * same as asking, but not always: a socket in TIME-WAIT that would refuse is not asked.
 *
 * Source: kernel 6.12, net/ipv4/inet_connection_sock.c: sk_reuseport_match,
 * inet_csk_update_fastreuse. Found and measured on 6.18.
 */

import { covers, type LocalAddress, type PortClaim } from './port-conflicts.ts';

interface Memory {
  /** `any`: the first on its port; `strict`: one like it on an address that this one covers. */
  readonly kind: 'any' | 'strict';
  readonly uid: number;
  readonly address: LocalAddress;
}

export class ReuseShortcut {
  readonly #ports = new Map<number, Memory>();

  /** Whether a socket gets its port without further questions. */
  admits(port: number, claim: PortClaim): boolean {
    const memory = this.#ports.get(port);
    if (memory === undefined || !claim.reusePort || memory.uid !== claim.uid) return false;
    return memory.kind === 'any' || covers(memory.address, claim);
  }

  /** A socket was bound to the port, or bound before and now listens. */
  note(port: number, claim: PortClaim, wasEmpty: boolean): void {
    if (!claim.reusePort) this.#ports.delete(port);
    else if (!this.admits(port, claim)) {
      this.#ports.set(port, { kind: wasEmpty ? 'any' : 'strict', uid: claim.uid, address: claim });
    }
  }

  /** No bound socket is left on the port. */
  forget(port: number): void {
    this.#ports.delete(port);
  }
}
