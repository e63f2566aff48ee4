/**
 * A socket's hold on a port, and what is asked of a port table and answered by it.
 *
 * Addresses are numbers here (`addresses.ts`), of an IPv4-mapped address the IPv4 address's; time is
 * virtual milliseconds.
 */

import type { Errno } from '../errors.ts';
import type { SocketFamily } from '../protocol.ts';
import type { PortChoiceReason } from '../trace/trace.ts';

/** A socket's hold on a port. */
export interface PortHold {
  readonly port: number;
  readonly localAddress: number;
  /** IPv4 where it is not said. */
  readonly family?: SocketFamily;
  /** 0 and 0 while not connected. */
  readonly remoteAddress: number;
  readonly remotePort: number;
  /**
   * Bound by the program (to a number or to 0), a listener, or accepted from one; false when
   * connect() picked the port. Stays as it is in TIME-WAIT.
   */
  readonly isBound: boolean;
  readonly isListening: boolean;
  readonly reuseAddress: boolean;
  readonly reusePort: boolean;
  readonly uid: number;
  /** When it entered TIME-WAIT, else null. */
  readonly timeWaitSinceMs: number | null;
  readonly hasTimestamps: boolean;
}

export type PortChoice =
  | {
      readonly ok: true;
      readonly port: number;
      /** Absent for an explicit port. */
      readonly why?: PortChoiceReason;
      /** The TIME-WAIT hold that the new connection takes over, if any: drop it and its socket. */
      readonly replaces?: PortHold;
    }
  | { readonly ok: false; readonly error: Errno; readonly why?: PortChoiceReason };

export interface ConnectRequest {
  /** Where the connection will come from: the route's source address, or the one bound without a port. */
  readonly localAddress: number;
  /** IPv4 where it is not said. */
  readonly family?: SocketFamily;
  readonly remoteAddress: number;
  readonly remotePort: number;
  readonly nowMs: number;
  /** The socket's own range (IP_LOCAL_PORT_RANGE), inclusive; 0 for an end it does not narrow. */
  readonly portRange?: readonly [low: number, high: number];
  /** UDP only, where they let sockets share a port. */
  readonly reuseAddress?: boolean;
  readonly reusePort?: boolean;
  readonly uid?: number;
}

export interface BindRequest {
  readonly localAddress: number;
  /** IPv4 where it is not said. */
  readonly family?: SocketFamily;
  /** 0: the host chooses. */
  readonly port: number;
  readonly nowMs: number;
  readonly reuseAddress: boolean;
  readonly reusePort: boolean;
  readonly uid: number;
  readonly isPrivileged: boolean;
  /** The socket's own range (IP_LOCAL_PORT_RANGE), inclusive; 0 for an end it does not narrow. */
  readonly portRange?: readonly [low: number, high: number];
}
