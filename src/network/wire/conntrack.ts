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
}

type Transitions = Readonly<Partial<Record<ConntrackState, ConntrackState>>>;

/** What a segment does to each state; those that are not named stay (the kernel's sIG and sIV). */
interface Direction {
  readonly syn: Transitions;
  readonly synAck: Transitions;
  readonly fin: Transitions;
  readonly ack: Transitions;
}

const fin: Transitions = {
  SYN_RECV: 'FIN_WAIT',
  ESTABLISHED: 'FIN_WAIT',
  FIN_WAIT: 'LAST_ACK',
  CLOSE_WAIT: 'LAST_ACK',
};
const ack: Transitions = { FIN_WAIT: 'CLOSE_WAIT', LAST_ACK: 'TIME_WAIT' };

/** Of the side that opened the connection, which is always the inner one. */
const fromInside: Direction = {
  syn: { TIME_WAIT: 'SYN_SENT', CLOSE: 'SYN_SENT' },
  synAck: {},
  fin,
  ack: { ...ack, SYN_RECV: 'ESTABLISHED' },
};
const fromOutside: Direction = {
  syn: { TIME_WAIT: 'SYN_SENT' },
  synAck: { SYN_SENT: 'SYN_RECV' },
  fin,
  ack,
};

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
  const { state, hasAnswer } = tracked;
  if (packet.kind === 'icmp') return state;
  if (packet.kind === 'datagram') {
    const isLong = nowMs - tracked.sinceMs > STREAM_AFTER_MS;
    return isLong && (hasAnswer || !isFromInside) ? 'UDP_STREAM' : state;
  }
  const { flags } = packet;
  if (flags & RST) return state === 'SYN_SENT' ? null : 'CLOSE';
  const { syn, synAck, fin, ack } = isFromInside ? fromInside : fromOutside;
  const transitions = flags & SYN ? (flags & ACK ? synAck : syn) : flags & FIN ? fin : ack;
  return transitions[state] ?? state;
}

/** Whether a full table may throw the entry out for another: nothing has come of it yet (early_drop). */
export function isGivenUpEarly({ state, hasAnswer }: Tracked): boolean {
  return state === 'UDP' || state === 'SYN_SENT' || state === 'SYN_RECV' || !hasAnswer;
}
