/**
 * The trace: what happened, in order. Every view is read off these events; the command line prints
 * them as JSON Lines. No event holds a sentence in a human language: codes and numbers only.
 */

import type { Errno } from '../errors.ts';
import type { Endpoint, Protocol } from '../protocol.ts';

/** RFC 9293 §3.3.2. `CLOSED` is said once, when the connection is gone. */
export type TcpState =
  | 'LISTEN'
  | 'SYN-SENT'
  | 'SYN-RECEIVED'
  | 'ESTABLISHED'
  | 'FIN-WAIT-1'
  | 'FIN-WAIT-2'
  | 'CLOSE-WAIT'
  | 'CLOSING'
  | 'LAST-ACK'
  | 'TIME-WAIT'
  | 'CLOSED';

export type SegmentFlag = 'SYN' | 'ACK' | 'FIN' | 'RST' | 'PSH';

/** Why a candidate port was passed over. */
export type SkipReason =
  /** Named in ip_local_reserved_ports or the system's like. */
  | 'reserved'
  /** A socket was explicitly bound to it (a listener, bind to a number or to 0). */
  | 'bound'
  /** This very four-tuple is in use. */
  | 'in-use'
  /** This very four-tuple is in TIME-WAIT and may not be reused yet. */
  | 'time-wait';

/** Neighbouring candidates passed over for one reason: `first`, `first+step`, … `last` (may wrap). */
export interface SkippedRun {
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly reason: SkipReason;
}

/** How an automatic port came about. Complete with `listCandidates` in `port-selection/`. */
export interface PortChoiceReason {
  /** The algorithm's id, e.g. `linux-connect`, `rfc6056-1`. */
  readonly algorithm: string;
  /** Inclusive. */
  readonly range: readonly [low: number, high: number];
  /** The first candidate looked at. */
  readonly start: number;
  /** Distance between candidates in one pass. */
  readonly step: number;
  /** Candidates looked at, the chosen one included; on failure, all that were walked. */
  readonly considered: number;
  /** How many were passed over, by reason; reasons with 0 are left out. */
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** What else the algorithm needs to lay its candidates out again; see the algorithm's file. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** The first few runs of skipped candidates, in order; more may exist. */
  readonly firstSkipped?: readonly SkippedRun[];
}

interface Timed {
  readonly atMs: number;
}

export interface PortChosenEvent extends Timed {
  readonly event: 'port-chosen';
  readonly host: string;
  readonly protocol: Protocol;
  readonly by: 'connect' | 'bind';
  readonly connection: string;
  readonly port: number;
  readonly why: PortChoiceReason;
}

export interface SegmentEvent extends Timed {
  readonly event: 'segment';
  /** Ties `sent` to `arrived` or `lost`. */
  readonly id: number;
  readonly phase: 'sent' | 'arrived' | 'lost';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly flags: readonly SegmentFlag[];
  /** Relative sequence and acknowledgement numbers, payload length in bytes. */
  readonly seq: number;
  readonly ack: number;
  readonly bytes: number;
  /** The connection's name, where a host knows it. */
  readonly connection?: string;
  /** With `sent`: when it will arrive (absent for one that gets lost). */
  readonly arrivesAtMs?: number;
  /** With `sent`: when it will get lost. */
  readonly lostAtMs?: number;
  /** The router at which this leg ends, or from which it comes. */
  readonly toNat?: string;
  readonly fromNat?: string;
}

export interface DatagramEvent extends Timed {
  readonly event: 'datagram';
  readonly id: number;
  readonly phase: 'sent' | 'arrived' | 'lost';
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly bytes: number;
  readonly connection?: string;
  readonly arrivesAtMs?: number;
  readonly lostAtMs?: number;
  /** The router at which this leg ends, or from which it comes. */
  readonly toNat?: string;
  readonly fromNat?: string;
}

/** What a host or a firewall says about a packet it will not take (RFC 792, RFC 1122 §3.2.2.1). */
export type UnreachableMessage =
  | 'port-unreachable'
  | 'host-unreachable'
  | 'administratively-prohibited';

/** An ICMP message: a refusal, or an echo and its answer, which `ping` sends (RFC 792, RFC 4443). */
export interface IcmpEvent extends Timed {
  readonly event: 'icmp';
  readonly id: number;
  readonly phase: 'sent' | 'arrived' | 'lost';
  /**
   * Addresses with the ports of the packet that this is about, for ICMP itself has none. Of an echo the
   * asker's end has the echo's identifier for a port, the other end 0.
   */
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly message: UnreachableMessage | 'echo-request' | 'echo-reply';
  /** Of an echo: its number, and the bytes that it carries. */
  readonly echo?: { readonly number: number; readonly bytes: number };
  readonly connection?: string;
  readonly arrivesAtMs?: number;
  readonly lostAtMs?: number;
  /** The router at which this leg ends, or from which it comes. */
  readonly toNat?: string;
  readonly fromNat?: string;
}

/**
 * `local` and `remote` are as the socket's program sees them: a socket of IPv6 that speaks IPv4 has
 * IPv4-mapped addresses (`[::ffff:10.0.0.2]:80`), its packets do not.
 *
 * A TCP socket's state changed; with UDP, `UNCONN` when bound, `ESTAB` when connected, `CLOSED`.
 */
export interface StateEvent extends Timed {
  readonly event: 'state';
  /** The socket; unique in the world. Makes the event reversible together with `was`. */
  readonly socket: number;
  readonly protocol: Protocol;
  readonly connection: string;
  readonly host: string;
  readonly local: Endpoint;
  /** `0.0.0.0:*` for a listener, `[::]:*` for one of IPv6. */
  readonly remote: Endpoint;
  /** Of a socket on `::` alone: whether it leaves IPv4 alone. */
  readonly ipv6Only?: boolean;
  readonly state: TcpState | 'UNCONN' | 'ESTAB' | 'BOUND';
  /** The state before, or null where the socket has just come to be. */
  readonly was: TcpState | 'UNCONN' | 'ESTAB' | 'BOUND' | null;
  /** With TIME-WAIT and other states that end by themselves: when. */
  readonly expiresAtMs?: number;
}

export interface ErrorEvent extends Timed {
  readonly event: 'error';
  readonly host: string;
  readonly do: string;
  readonly connection?: string;
  readonly error: Errno;
  /** Where a port was looked for and none found. */
  readonly why?: PortChoiceReason;
}

export interface SysctlEvent extends Timed {
  readonly event: 'sysctl';
  readonly host: string;
  readonly key: string;
  /** As the system now shows it. */
  readonly value: string;
  readonly was: string;
}

/** A packet filter has stopped a packet, or let something new through. */
export interface FirewallEvent extends Timed {
  readonly event: 'firewall';
  readonly host: string;
  readonly chain: 'in' | 'out';
  readonly verdict: 'accept' | 'drop' | 'reject';
  /** Which rule decided, from 0; null: the chain's policy. */
  readonly rule: number | null;
  /** With ICMP, the protocol of the packet that it is about; of an echo `icmp`. */
  readonly protocol: Protocol | 'icmp';
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** The packet's id; with chain `out` only one that was let through is ever `sent`. */
  readonly packet: number;
  readonly connection?: string;
}

/** A router with address translation has made or dropped a mapping, or had no port left for one. */
export interface NatEvent extends Timed {
  readonly event: 'nat';
  readonly nat: string;
  readonly phase: 'created' | 'expired' | 'exhausted';
  readonly protocol: Protocol;
  readonly inside: Endpoint;
  /** Absent when exhausted. */
  readonly outside?: Endpoint;
  /** Absent where the mapping is the same for every destination. */
  readonly remote?: Endpoint;
}

export type TraceEvent =
  | PortChosenEvent
  | SegmentEvent
  | DatagramEvent
  | IcmpEvent
  | StateEvent
  | ErrorEvent
  | SysctlEvent
  | FirewallEvent
  | NatEvent;
