/**
 * What Linux netfilter remembers of a connection that it translates: conntrack's states and how long an
 * entry may be idle in each. The names are the connection's, not a host's: CLOSE_WAIT whoever closed
 * first. Transitions: net/netfilter/nf_conntrack_proto_tcp.c:tcp_conntracks; times are the defaults,
 * measured on 6.18 (tests/golden/nat.json).
 *
 * Left out: windows and sequence numbers, simultaneous open, `unacknowledged`, `max_retrans`.
 */

import { ACK, FIN, type Packet, RST, SYN } from '../kernel/packet.ts';

export type ConntrackState =
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'ESTABLISHED'
  | 'FIN_WAIT'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'TIME_WAIT'
  | 'CLOSE'
  /** UDP: one packet or a short exchange; and what has gone on for more than two seconds. */
  | 'UDP'
  | 'UDP_STREAM';

/** How long an entry may be idle, in seconds. */
export const conntrackSeconds: Readonly<Record<ConntrackState, number>> = {
  SYN_SENT: 120,
  SYN_RECV: 60,
  ESTABLISHED: 432_000,
  FIN_WAIT: 120,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  TIME_WAIT: 120,
  CLOSE: 10,
  UDP: 30,
  UDP_STREAM: 120,
};

/** UDP counts as a stream when a packet passes so long after the first, and it was answered. */
const STREAM_AFTER_MS = 2_000;

/** What has been seen of a connection so far. */
export interface Tracked {
  readonly state: ConntrackState;
  readonly sinceMs: number;
  readonly hasAnswer: boolean;
  /** Which side sent the first FIN. */
  readonly isClosedInside: boolean;
}

/** The state in which the first packet of a connection puts it. A segment from midway opens it, too. */
export function stateOfFirst(packet: Packet): ConntrackState {
  if (packet.protocol === 'udp') return 'UDP';
  return packet.flags & SYN ? 'SYN_SENT' : 'ESTABLISHED';
}

/** The state after another packet; null: the entry is gone at once (a refused SYN). */
export function stateAfter(
  tracked: Tracked,
  packet: Packet,
  isFromInside: boolean,
  nowMs: number,
): ConntrackState | null {
  const { state, hasAnswer, isClosedInside } = tracked;
  if (packet.kind === 'icmp') return state;
  if (packet.kind === 'datagram') {
    const isLong = nowMs - tracked.sinceMs > STREAM_AFTER_MS;
    return isLong && (hasAnswer || !isFromInside) ? 'UDP_STREAM' : state;
  }
  const { flags } = packet;
  if (flags & RST) return state === 'SYN_SENT' ? null : 'CLOSE';
  if (flags & SYN) {
    if (!(flags & ACK)) return isReopening(state) ? 'SYN_SENT' : state;
    return state === 'SYN_SENT' ? 'SYN_RECV' : state;
  }
  if (flags & FIN) return afterFin(state, isClosedInside === isFromInside);
  const isOthersAck = isClosedInside !== isFromInside;
  if (state === 'SYN_RECV' && isFromInside) return 'ESTABLISHED';
  if (state === 'FIN_WAIT' && isOthersAck) return 'CLOSE_WAIT';
  // The side that closed first acknowledges the second FIN.
  return state === 'LAST_ACK' && !isOthersAck ? 'TIME_WAIT' : state;
}

function isReopening(state: ConntrackState): boolean {
  return state === 'TIME_WAIT' || state === 'CLOSE' || state === 'LAST_ACK';
}

function afterFin(state: ConntrackState, isRepeated: boolean): ConntrackState {
  if (state === 'ESTABLISHED' || state === 'SYN_RECV') return 'FIN_WAIT';
  return !isRepeated && (state === 'FIN_WAIT' || state === 'CLOSE_WAIT') ? 'LAST_ACK' : state;
}

/** Whether a full table may throw the entry out for another: nothing has come of it yet (early_drop). */
export function isGivenUpEarly({ state, hasAnswer }: Tracked): boolean {
  return state === 'UDP' || state === 'SYN_SENT' || state === 'SYN_RECV' || !hasAnswer;
}
