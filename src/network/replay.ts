/**
 * A replay: the state that views show, at any moment of a trace. It walks the trace forwards and
 * backwards; every event can be undone, so one step costs the same anywhere.
 * CONTRACT ONLY: written by the foundation so that others can build against it.
 */

import type { Protocol } from './scenario.ts';
import type { PortChosenEvent, SegmentFlag, StateEvent, TraceEvent } from './trace.ts';

export interface ReplaySocket {
  readonly id: number;
  readonly host: string;
  readonly protocol: Protocol;
  readonly connection: string;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  /** 0 for a listener (shown as `*`). */
  readonly remotePort: number;
  readonly state: StateEvent['state'];
  readonly sinceMs: number;
  readonly expiresAtMs: number | null;
}

/** A segment or datagram on its way. */
export interface Flight {
  readonly id: number;
  readonly kind: 'segment' | 'datagram';
  readonly from: string;
  readonly to: string;
  readonly flags: readonly SegmentFlag[];
  readonly bytes: number;
  readonly connection: string | null;
  readonly sentAtMs: number;
  /** Null for one that gets lost. */
  readonly arrivesAtMs: number | null;
}

export interface ReplayInterface {
  readonly trace: readonly TraceEvent[];
  /** How many events have happened: 0 … trace.length. */
  readonly index: number;
  readonly nowMs: number;
  /** The moment of the last event. */
  readonly endMs: number;
  /** Stands after the first `index` events. */
  seekIndex(index: number): void;
  /** Stands at a moment: every event with atMs ≤ ms has happened. */
  seekTime(ms: number): void;
  /** One event forward or back; false at the ends. */
  step(direction: 1 | -1): boolean;
  sockets(host: string): readonly ReplaySocket[];
  flights(): readonly Flight[];
  /** The choice of this connection's port, if it has happened by now. */
  choice(connection: string): PortChosenEvent | undefined;
  sysctl(host: string, key: string): string | undefined;
}
