/**
 * One host's ports of one protocol: who holds which, what may be bound, and which port an automatic
 * choice gets. One table per host and protocol; TCP and UDP know nothing of each other.
 * CONTRACT ONLY: written by the foundation so that others can build against it.
 *
 * Addresses are unsigned 32-bit numbers here (0 is the wildcard), time is virtual milliseconds.
 */

import type { Errno, PortChoiceReason } from './trace.ts';

/** A socket's hold on a port. */
export interface PortHold {
  readonly port: number;
  readonly localAddress: number;
  /** 0 and 0 while not connected. */
  readonly remoteAddress: number;
  readonly remotePort: number;
  /** Bound by the program (to a number or to 0), or a listener; false when connect() picked it. */
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
  readonly localAddress: number;
  readonly remoteAddress: number;
  readonly remotePort: number;
  readonly nowMs: number;
}

export interface BindRequest {
  readonly localAddress: number;
  /** 0: the host chooses. */
  readonly port: number;
  readonly nowMs: number;
  readonly reuseAddress: boolean;
  readonly reusePort: boolean;
  readonly uid: number;
  readonly isPrivileged: boolean;
  /** bind() + listen() at once: errors as listen() gives them. */
  readonly forListening: boolean;
}

export interface PortTableInterface {
  /** What an unbound socket's connect() gets. Changes nothing but the algorithm's own memory. */
  chooseForConnect(request: ConnectRequest): PortChoice;
  /** What bind() or listen() gets. */
  chooseForBind(request: BindRequest): PortChoice;
  /** Whether a bound socket may connect (its tuple is free, or TIME-WAIT gives way). */
  checkConnect(hold: PortHold, remoteAddress: number, remotePort: number, nowMs: number): PortChoice;
  add(hold: PortHold): void;
  remove(hold: PortHold): void;
  /** Changes a hold (bound → connected → TIME-WAIT …); returns the new one. */
  replace(hold: PortHold, change: Partial<PortHold>): PortHold;
  /** All holds on a port. */
  holdsOn(port: number): Iterable<PortHold>;
}
