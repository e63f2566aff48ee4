/**
 * A router that lends one outside address to the hosts behind it (NAPT), in the words of RFC 4787
 * (UDP) and RFC 5382 (TCP). It stands half-way: each crossing is two legs of half the latency.
 *
 * Mapping: `endpoint-independent` (one outside port for an inside address and port, whatever the
 * destination) or `address-and-port-dependent` (one for each destination; an outside port then serves
 * many destinations, as Linux netfilter's). Filtering: who may answer. Hairpinning works.
 *
 * `behaviour: linux` is netfilter as it was measured (tests/golden/nat.json): the source port kept where
 * it is free, else one of its class; the newest outside port of an inside one used again where it is
 * free; conntrack's states and times; a closed connection's port given on where the new SYN's first
 * sequence number is ahead of the old one's; no hairpinning. What is for nobody inside it drops in
 * silence, or with `input: accept` answers itself: a reset, or port unreachable; such a datagram makes
 * an entry, too, and takes the port. A table of `maxEntries` that is full throws out what nobody has
 * answered, or else drops what is new.
 *
 * IPv6 does not come here: it needs no translation, and goes past the router.
 *
 * Left out: the router's own connections, pools of several addresses, static port forwarding,
 * per-subscriber limits, ALGs, echoes (which are dropped).
 */

import { formatEndpoint, parseAddress } from '../addresses.ts';
import type { Queued } from '../data-structures/earliest-first.ts';
import type { FourTupleKeys } from '../kernel/four-tuple-keys.ts';
import type { Later } from '../kernel/agenda.ts';
import { FIN, type Packet, RST, SYN } from '../kernel/packet.ts';
import {
  conntrackSeconds,
  type ConntrackState,
  isGivenUpEarly,
  stateAfter,
  stateOfFirst,
} from './conntrack.ts';
import { classOf, seekPort } from './netfilter-ports.ts';
import type { TraceRecorder } from '../kernel/trace-recorder.ts';
import type { NatSpec } from '../scenario/scenario.ts';
import type { Protocol } from '../protocol.ts';
import type { Random } from '../../time-and-chance/random.ts';

export interface Mapping {
  readonly protocol: Protocol;
  readonly insideAddress: number;
  readonly insidePort: number;
  readonly outsidePort: number;
  /** 0 and 0 where the mapping is endpoint-independent. */
  readonly remoteAddress: number;
  readonly remotePort: number;
  /** The endpoints that the inside has sent to, by key. */
  readonly permitted: Set<number>;
  lastUsedMs: number;
  /** What of the connection's end has been seen. */
  finFromInside: boolean;
  finFromOutside: boolean;
  isOver: boolean;
  hasAnswer: boolean;
  /** Of `behaviour: linux`: conntrack's state, since when there is an entry, whose SYN began it. */
  state: ConntrackState;
  sinceMs: number;
  opener: number;
  /** The one that counts. */
  timer: MappingTimer | null;
}

/** Looks whether a mapping has been idle long enough to end. */
export class MappingTimer implements Queued {
  dueMs = 0;
  order = 0;
  readonly kind = 'mapping';
  readonly nat: Nat;
  readonly mapping: Mapping;

  constructor(nat: Nat, mapping: Mapping) {
    this.nat = nat;
    this.mapping = mapping;
  }
}

interface Table {
  readonly byInside: Map<number, Mapping>;
  readonly byOutside: Map<number, Mapping>;
  /** How many outside ports are in use towards each destination. */
  readonly counts: Map<number, number>;
  /** The outside ports that an inside address and port has, the newest last. */
  readonly ofSocket: Map<number, Mapping[]>;
}

function emptyTable(): Table {
  return { byInside: new Map(), byOutside: new Map(), counts: new Map(), ofSocket: new Map() };
}

/** A line of the table as `conntrack -L` has it. */
export interface ConntrackEntry {
  readonly protocol: Protocol;
  readonly inside: string;
  readonly outside: string;
  readonly remote: string;
  readonly state: ConntrackState;
  readonly isAnswered: boolean;
  readonly secondsLeft: number;
}

/** Stands for no pool of its own with `behaviour: linux`. */
const WHOLE_POOL = '1024-65535';

/** What a router shares with all hosts of its world. */
export interface NatContext {
  readonly agenda: Later<MappingTimer>;
  readonly recorder: TraceRecorder;
  readonly keys: FourTupleKeys;
}

export class Nat {
  readonly name: string;
  readonly spec: NatSpec;
  readonly address: number;
  private readonly agenda: Later<MappingTimer>;
  private readonly recorder: TraceRecorder;
  private readonly keys: FourTupleKeys;
  private readonly random: Random;
  private readonly isLinux: boolean;
  /** From which streams of their own are forked. */
  private readonly chance: Random;
  private readonly hasOwnPool: boolean;
  private readonly low: number;
  private readonly high: number;
  private readonly tables: Readonly<Record<Protocol, Table>> = {
    tcp: emptyTable(),
    udp: emptyTable(),
  };

  /** Outside ports that the router's own entries hold, and until when. */
  private readonly strangers = new Map<number, number>();

  constructor(spec: NatSpec, random: Random, context: NatContext) {
    this.agenda = context.agenda;
    this.recorder = context.recorder;
    this.keys = context.keys;
    this.spec = spec;
    this.name = spec.name;
    this.random = random;
    // Drawn first, and only where it is asked: other routers' draws stay as they were.
    this.isLinux = spec.behaviour === 'linux';
    this.chance = random;
    this.hasOwnPool = spec.ports !== WHOLE_POOL;
    this.address = parseAddress(spec.address) ?? 0;
    const [low = 0, high = low] = spec.ports.split('-').map(Number);
    this.low = low;
    this.high = high;
  }

  /** The mappings as a table for people: inside, outside and, where it matters, remote endpoints. */
  mappings(): readonly {
    protocol: Protocol;
    inside: string;
    outside: string;
    remote: string | null;
    lastUsedMs: number;
  }[] {
    return (['tcp', 'udp'] as const).flatMap((protocol) =>
      Array.from(this.tables[protocol].byInside.values(), (mapping) => ({
        protocol,
        ...this.texts(mapping),
        remote:
          mapping.remotePort === 0
            ? null
            : formatEndpoint(mapping.remoteAddress, mapping.remotePort),
        lastUsedMs: mapping.lastUsedMs,
      })),
    );
  }

  /** With `behaviour: linux`: its table, the oldest first. */
  entries(): readonly ConntrackEntry[] {
    return (['tcp', 'udp'] as const).flatMap((protocol) =>
      Array.from(this.tables[protocol].byInside.values(), (mapping) => ({
        protocol,
        ...this.texts(mapping),
        remote: formatEndpoint(mapping.remoteAddress, mapping.remotePort),
        state: mapping.state,
        isAnswered: mapping.hasAnswer,
        secondsLeft: (mapping.lastUsedMs + this.idleMs(mapping) - this.agenda.nowMs) / 1000,
      })),
    );
  }

  /**
   * A packet has come to the router: what leaves it again; null where it is dropped; `full` where no
   * port is left for it; `own` where the router itself is to answer.
   */
  translate(packet: Packet, isFromInside: boolean): Packet | null | 'full' | 'own' {
    const { protocol } = packet;
    if (protocol === 'icmp') return null;
    if (this.isLinux && isFromInside && packet.destinationAddress === this.address) {
      return this.receiveOwn(packet);
    }
    const outgoing = isFromInside ? this.translateOut(packet, protocol) : packet;
    if (outgoing === null || outgoing === 'full' || outgoing.destinationAddress !== this.address)
      return outgoing;
    return this.translateIn(outgoing, protocol);
  }

  private translateOut(packet: Packet, protocol: Protocol): Packet | null | 'full' {
    const mapping = this.mappingFor(packet, protocol);
    if (mapping === null || mapping === 'full') return mapping;
    const copy = packet.copy();
    copy.sourceAddress = this.address;
    copy.sourcePort = mapping.outsidePort;
    this.use(mapping, packet, true);
    mapping.permitted.add(this.keys.of(0, 0, packet.destinationAddress, packet.destinationPort));
    return copy;
  }

  /** A packet for the router itself. A datagram's entry takes its port as another connection would. */
  private receiveOwn(packet: Packet): 'own' | null {
    if (this.spec.input !== 'accept' || packet.kind === 'icmp') return null;
    if (packet.kind === 'datagram') {
      const { sourceAddress, sourcePort, destinationPort } = packet;
      const key = this.keys.of(this.address, destinationPort, sourceAddress, sourcePort);
      this.strangers.set(key, this.agenda.nowMs + conntrackSeconds.UDP * 1000);
    }
    return 'own';
  }

  private translateIn(packet: Packet, protocol: Protocol): Packet | null | 'own' {
    const { byOutside } = this.tables[protocol];
    const mapping =
      this.spec.mapping === 'endpoint-independent'
        ? byOutside.get(this.keys.of(this.address, packet.destinationPort, 0, 0))
        : byOutside.get(
            this.keys.of(
              this.address,
              packet.destinationPort,
              packet.sourceAddress,
              packet.sourcePort,
            ),
          );
    if (mapping === undefined) return this.isLinux ? this.receiveOwn(packet) : null;
    const sender = this.keys.of(0, 0, packet.sourceAddress, packet.sourcePort);
    if (this.spec.filtering !== 'endpoint-independent' && !mapping.permitted.has(sender))
      return null;
    const copy = packet.copy();
    copy.destinationAddress = mapping.insideAddress;
    copy.destinationPort = mapping.insidePort;
    this.use(mapping, packet, false);
    return copy;
  }

  private mappingFor(packet: Packet, protocol: Protocol): Mapping | null | 'full' {
    const table = this.tables[protocol];
    const isIndependent = this.spec.mapping === 'endpoint-independent';
    const remoteAddress = isIndependent ? 0 : packet.destinationAddress;
    const remotePort = isIndependent ? 0 : packet.destinationPort;
    const key = this.keys.of(packet.sourceAddress, packet.sourcePort, remoteAddress, remotePort);
    const known = table.byInside.get(key);
    if (known !== undefined) return known;
    // A message about, or a reset of, what is no longer known opens nothing.
    if (packet.kind === 'icmp' || packet.flags & RST) return null;
    const outsidePort = !this.hasRoom()
      ? undefined
      : this.isLinux
        ? this.seekAsNetfilter(table, packet)
        : this.choosePort(table, packet.sourcePort, remoteAddress, remotePort);
    if (outsidePort === undefined) {
      const inside = formatEndpoint(packet.sourceAddress, packet.sourcePort);
      const remote = formatEndpoint(packet.destinationAddress, packet.destinationPort);
      this.recorder.nat(this.name, 'exhausted', protocol, inside, null, remote);
      return 'full';
    }
    const mapping: Mapping = {
      protocol,
      insideAddress: packet.sourceAddress,
      insidePort: packet.sourcePort,
      outsidePort,
      remoteAddress,
      remotePort,
      permitted: new Set(),
      lastUsedMs: this.agenda.nowMs,
      finFromInside: false,
      finFromOutside: false,
      isOver: false,
      hasAnswer: false,
      state: stateOfFirst(packet),
      sinceMs: this.agenda.nowMs,
      opener: packet.sender,
      timer: null,
    };
    table.byInside.set(key, mapping);
    const socket = this.keys.of(packet.sourceAddress, packet.sourcePort, 0, 0);
    const others = table.ofSocket.get(socket);
    if (others === undefined) table.ofSocket.set(socket, [mapping]);
    else others.push(mapping);
    table.byOutside.set(
      this.keys.of(this.address, outsidePort, remoteAddress, remotePort),
      mapping,
    );
    const destination = this.keys.of(0, 0, remoteAddress, remotePort);
    table.counts.set(destination, (table.counts.get(destination) ?? 0) + 1);
    this.record('created', mapping);
    this.startTimer(mapping, this.idleMs(mapping));
    return mapping;
  }

  /** Whether there is room for an entry more; where there is none, an unanswered one makes it. */
  private hasRoom(): boolean {
    const { maxEntries = Infinity } = this.spec;
    const { tcp, udp } = this.tables;
    if (tcp.byInside.size + udp.byInside.size < maxEntries) return true;
    for (const { byInside } of [udp, tcp]) {
      for (const mapping of byInside.values()) {
        if (!isGivenUpEarly(mapping)) continue;
        this.forget(mapping);
        return true;
      }
    }
    return false;
  }

  /** RFC 4787 §4.2: the inside port where it is kept and free, else a random one of the pool. */
  private choosePort(
    table: Table,
    insidePort: number,
    remoteAddress: number,
    remotePort: number,
  ): number | undefined {
    const { preservePort, preserveParity } = this.spec;
    const isFree = (port: number): boolean =>
      !table.byOutside.has(this.keys.of(this.address, port, remoteAddress, remotePort));
    if (preservePort && insidePort >= this.low && insidePort <= this.high && isFree(insidePort))
      return insidePort;
    const used = table.counts.get(this.keys.of(0, 0, remoteAddress, remotePort)) ?? 0;
    const size = this.high - this.low + 1;
    if (used >= size) return undefined;
    const start = this.random.below(size);
    for (let i = 0; i < size; i++) {
      const port = this.low + ((start + i) % size);
      if (preserveParity && (port & 1) !== (insidePort & 1)) continue;
      if (isFree(port)) return port;
    }
    return undefined;
  }

  /** netfilter: a port that this socket already has, then its own, then a drawn one. */
  private seekAsNetfilter(table: Table, packet: Packet): number | undefined {
    const { sourceAddress, sourcePort, destinationAddress, destinationPort } = packet;
    const pool = this.hasOwnPool ? { low: this.low, high: this.high } : classOf(sourcePort);
    const holder = (port: number): Mapping | undefined =>
      table.byOutside.get(this.keys.of(this.address, port, destinationAddress, destinationPort));
    const isFree = (port: number): boolean =>
      holder(port) === undefined && !this.isStrangers(port, packet);
    if (this.spec.preservePort) {
      const newest = table.ofSocket.get(this.keys.of(sourceAddress, sourcePort, 0, 0))?.at(-1);
      if (newest !== undefined && isFree(newest.outsidePort)) return newest.outsidePort;
      const isInPool = !this.hasOwnPool || (sourcePort >= this.low && sourcePort <= this.high);
      if (isInPool && isFree(sourcePort)) return sourcePort;
    }
    return seekPort(pool, this.random, (port, isHarder) => {
      const old = holder(port);
      if (old === undefined) return isFree(port);
      if (!isHarder || !this.isEvictable(old, packet)) return false;
      this.forget(old);
      return true;
    });
  }

  /** Whether the destination has spoken to the router itself on this port a moment ago. */
  private isStrangers(port: number, packet: Packet): boolean {
    if (packet.protocol !== 'udp') return false;
    const { destinationAddress, destinationPort } = packet;
    const untilMs = this.strangers.get(
      this.keys.of(this.address, port, destinationAddress, destinationPort),
    );
    return untilMs !== undefined && untilMs > this.agenda.nowMs;
  }

  /**
   * nf_nat_used_tuple_harder: a connection that is closed gives way to a SYN whose initial sequence number
   * is ahead of its own. The engine's numbers are relative, so each opener's first number is drawn, from
   * a stream of its own: the same SYN repeated gets the same answer.
   */
  private isEvictable(old: Mapping, packet: Packet): boolean {
    if (packet.kind !== 'segment' || !(packet.flags & SYN)) return false;
    if (old.state !== 'TIME_WAIT' && old.state !== 'CLOSE') return false;
    return ((this.firstNumberOf(packet.sender) - this.firstNumberOf(old.opener)) | 0) > 0;
  }

  private firstNumberOf(opener: number): number {
    const halves = this.chance.fork(`first-number/${opener}`);
    return (halves.below(65_536) << 16) | halves.below(65_536);
  }

  /** What conntrack makes of a packet of a known connection. */
  private track(mapping: Mapping, packet: Packet, isFromInside: boolean): void {
    const { nowMs } = this.agenda;
    const state = stateAfter(mapping, packet, isFromInside, nowMs);
    mapping.lastUsedMs = nowMs;
    if (!isFromInside) mapping.hasAnswer = true;
    if (state === null) {
      this.forget(mapping);
    } else if (state !== mapping.state) {
      mapping.state = state;
      if (state === 'SYN_SENT') mapping.opener = packet.sender;
      this.startTimer(mapping, this.idleMs(mapping));
    }
  }

  private use(mapping: Mapping, packet: Packet, isFromInside: boolean): void {
    if (this.isLinux) {
      this.track(mapping, packet, isFromInside);
      return;
    }
    mapping.lastUsedMs = this.agenda.nowMs;
    if (!isFromInside) mapping.hasAnswer = true;
    if (packet.flags & FIN) {
      if (isFromInside) mapping.finFromInside = true;
      else mapping.finFromOutside = true;
    }
    const isEnding =
      (mapping.finFromInside && mapping.finFromOutside) || (packet.flags & RST) !== 0;
    if (isEnding && !mapping.isOver) {
      mapping.isOver = true;
      this.startTimer(mapping, this.idleMs(mapping));
    } else if (packet.flags & SYN) {
      mapping.isOver = false;
      mapping.finFromInside = false;
      mapping.finFromOutside = false;
    }
  }

  private startTimer(mapping: Mapping, delayMs: number): void {
    mapping.timer = new MappingTimer(this, mapping);
    this.agenda.after(delayMs, mapping.timer);
  }

  /** How long the mapping may be idle as things are. */
  private idleMs(mapping: Mapping): number {
    if (this.isLinux) return conntrackSeconds[mapping.state] * 1000;
    const { udpMs, tcpEstablishedMs, tcpTransitoryMs } = this.spec.timeouts;
    if (mapping.protocol === 'udp') return udpMs;
    return mapping.isOver || !mapping.hasAnswer ? tcpTransitoryMs : tcpEstablishedMs;
  }

  /** The mapping's clock has come round. */
  check({ mapping }: MappingTimer): void {
    const leftMs = mapping.lastUsedMs + this.idleMs(mapping) - this.agenda.nowMs;
    if (leftMs > 0) this.startTimer(mapping, leftMs);
    else this.forget(mapping);
  }

  private forget(mapping: Mapping): void {
    const table = this.tables[mapping.protocol];
    const { insideAddress, insidePort, remoteAddress, remotePort, outsidePort } = mapping;
    mapping.timer = null;
    table.byInside.delete(this.keys.of(insideAddress, insidePort, remoteAddress, remotePort));
    table.byOutside.delete(this.keys.of(this.address, outsidePort, remoteAddress, remotePort));
    const socket = this.keys.of(insideAddress, insidePort, 0, 0);
    const others = (table.ofSocket.get(socket) ?? []).filter((other) => other !== mapping);
    if (others.length > 0) table.ofSocket.set(socket, others);
    else table.ofSocket.delete(socket);
    const destination = this.keys.of(0, 0, remoteAddress, remotePort);
    table.counts.set(destination, (table.counts.get(destination) ?? 1) - 1);
    this.record('expired', mapping);
  }

  private record(phase: 'created' | 'expired', mapping: Mapping): void {
    const { inside, outside } = this.texts(mapping);
    const remote =
      mapping.remotePort === 0 ? null : formatEndpoint(mapping.remoteAddress, mapping.remotePort);
    this.recorder.nat(this.name, phase, mapping.protocol, inside, outside, remote);
  }

  private texts(mapping: Mapping): { readonly inside: string; readonly outside: string } {
    return {
      inside: formatEndpoint(mapping.insideAddress, mapping.insidePort),
      outside: formatEndpoint(this.address, mapping.outsidePort),
    };
  }
}
