/** What travels between hosts: segments, datagrams and ICMP messages. */

import { isIPv6 } from '../addresses.ts';
import type { Queued } from '../data-structures/earliest-first.ts';
import type { Protocol } from '../protocol.ts';
import type { IcmpEvent, SegmentFlag } from '../trace/trace.ts';

export const SYN = 1;
export const ACK = 2;
export const FIN = 4;
export const RST = 8;
export const PSH = 16;

/** The names of a set of flags, in the order in which they are usually said; one array per set. */
export const FLAG_NAMES: readonly (readonly SegmentFlag[])[] = Array.from(
  { length: 32 },
  (_, flags) => {
    const names: SegmentFlag[] = [];
    if (flags & SYN) names.push('SYN');
    if (flags & FIN) names.push('FIN');
    if (flags & RST) names.push('RST');
    if (flags & PSH) names.push('PSH');
    if (flags & ACK) names.push('ACK');
    return Object.freeze(names);
  },
);

/** Where packets arrive: a host, or a router half-way. */
export interface PacketStop {
  readonly name: string;
  readonly isRouter: boolean;
  /** The packet's time has come. */
  receive(packet: Packet): void;
}

/** A host that waits to learn where to send its packets. */
export interface PacketSource {
  /** Nobody has said that the packet's destination is its own: the packet is thrown away. */
  giveUp(packet: Packet): void;
}

/** A segment, a datagram, an ICMP message about one, or an echo. */
export class Packet implements Queued {
  dueMs = 0;
  order = 0;
  readonly kind: 'segment' | 'datagram' | 'icmp';
  id = 0;
  sourceAddress = 0;
  sourcePort = 0;
  destinationAddress = 0;
  destinationPort = 0;
  flags = 0;
  seq = 0;
  ack = 0;
  bytes = 0;
  /** The socket in whose numbers `seq` counts, and the one in whose numbers `ack` counts; 0: none. */
  sender = 0;
  acknowledges = 0;
  /** The connection's. */
  name = '';
  /** Texts for the trace, made when first needed. */
  from = '';
  to = '';
  /** How many bytes the request in it asks for. */
  wants = 0;
  /** ICMP only: what it says and of which protocol's packet. */
  message: IcmpEvent['message'] = 'port-unreachable';
  about: Protocol | 'icmp' = 'tcp';
  /** ICMP only: the length of that packet. */
  quoted = 0;
  /** It goes from a host to itself. */
  isOwn = false;
  /** The host that lets go of it, where nobody on that host's own network has its destination. */
  stuckAt: PacketSource | null = null;
  /** Where this leg of its way ends; null where it gets lost. */
  nextStop: PacketStop | null = null;
  /** The router from which this leg comes. */
  lastRouter: PacketStop | null = null;

  constructor(kind: Packet['kind']) {
    this.kind = kind;
  }

  /** The protocol that it belongs to; with ICMP, that of what it is about. */
  get protocol(): Protocol | 'icmp' {
    if (this.kind === 'icmp') return this.about;
    return this.kind === 'segment' ? 'tcp' : 'udp';
  }

  /** Whether it is an echo or its answer. `seq` is then its number, `bytes` what it carries. */
  get isEcho(): boolean {
    return this.message === 'echo-request' || this.message === 'echo-reply';
  }

  /** The same packet, to be sent on from half-way. */
  copy(): Packet {
    const copy = new Packet(this.kind);
    copy.sourceAddress = this.sourceAddress;
    copy.sourcePort = this.sourcePort;
    copy.destinationAddress = this.destinationAddress;
    copy.destinationPort = this.destinationPort;
    copy.flags = this.flags;
    copy.seq = this.seq;
    copy.ack = this.ack;
    copy.bytes = this.bytes;
    copy.sender = this.sender;
    copy.acknowledges = this.acknowledges;
    copy.name = this.name;
    copy.wants = this.wants;
    copy.message = this.message;
    copy.about = this.about;
    copy.quoted = this.quoted;
    return copy;
  }
}

const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
/** TCP's header with the options that Linux sends: five in a SYN, time stamps in all others. */
const SYN_HEADER = 40;
const TCP_HEADER = 32;
const RESET_HEADER = 20;
/** UDP's and ICMP's. */
const SHORT_HEADER = 8;
/** RFC 1812 §4.3.2.3, RFC 4443 §2.4: an ICMP error is no longer, the packet that it quotes included. */
const LONGEST_ICMP = 576;
const LONGEST_ICMPV6 = 1280;

/** How long the packet is with its headers, as IP says it. */
export function ipLength(packet: Packet): number {
  const { kind, flags, bytes, quoted, destinationAddress } = packet;
  const isSix = isIPv6(destinationAddress);
  const ip = isSix ? IPV6_HEADER : IPV4_HEADER;
  if (kind === 'datagram' || packet.isEcho) return ip + SHORT_HEADER + bytes;
  if (kind === 'icmp')
    return Math.min(isSix ? LONGEST_ICMPV6 : LONGEST_ICMP, ip + SHORT_HEADER + quoted);
  const header = flags & SYN ? SYN_HEADER : flags & RST ? RESET_HEADER : TCP_HEADER;
  return ip + header + bytes;
}
