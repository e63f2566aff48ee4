/**
 * A host's packet filter, in the manner of Linux netfilter's INPUT and OUTPUT: ordered rules, the
 * first that matches and decides does so, then the chain's policy. It knows which packets belong to
 * something it has let through before (`established`, as conntrack's ESTABLISHED and RELATED), and
 * counts what each rule has seen.
 *
 * Left out: tables other than `filter`, limits, logging. What a scenario sets up never filters the
 * traffic of the host with itself; what the machine's tools set up does (`filtersOwn`).
 */

import { isIPv6, isWithin, parsePrefix } from '../addresses.ts';
import { portsOf } from '../scenario/port-match.ts';
import type { FirewallRule, PortMatch } from '../scenario/scenario.ts';
import type { FilterCount, FilterField, FilterRule, FilterSpec, FlowState } from './filter-rule.ts';
import { ACK, FIN, ipLength, type Packet, RST, SYN } from './packet.ts';

export type FirewallChain = 'in' | 'out';

export interface Verdict {
  readonly action: 'accept' | 'drop' | 'reject';
  /** Which rule, from 0; null: the chain's policy. */
  readonly rule: number | null;
  readonly rejectWith: NonNullable<FilterRule['rejectWith']>;
  /** It belongs to something that was let through before. */
  readonly isEstablished: boolean;
}

/** Linux nf_conntrack_udp_timeout, in milliseconds: how long an exchange of datagrams is remembered. */
const DATAGRAM_MEMORY_MS = 30_000;
/** Linux' nf_conntrack_max on a small machine; the oldest is forgotten first. */
const MOST_FLOWS = 65_536;
/** How deep chains may lead to chains; Linux refuses rules that go round in circles. */
const DEEPEST_CHAIN = 16;
const usualRejection = 'icmp-port-unreachable';
/** IP protocol numbers. */
const PROTOCOL_NUMBERS = { icmp: 1, tcp: 6, udp: 17 } as const;
/** ICMP's types (RFC 792): "destination unreachable", an echo and its answer. */
const UNREACHABLE_TYPE = 3;
const ECHO_TYPES = { 'echo-request': 8, 'echo-reply': 0 } as const;

/** What a rule sees of a packet. */
interface Seen {
  readonly packet: Packet;
  readonly protocol: number;
  readonly local: number;
  readonly remote: number;
  readonly localPort: number;
  readonly remotePort: number;
  readonly state: FlowState;
  readonly isEstablished: boolean;
  readonly isOwn: boolean;
  readonly nowMs: number;
}

type Recent = NonNullable<FilterRule['recent']>;

interface Rule {
  readonly index: number;
  readonly spec: FilterRule;
  readonly tests: readonly ((seen: Seen) => boolean)[];
}

export class Firewall {
  readonly spec: FilterSpec;
  /** The filter that packets come to after this one. */
  private readonly later: Firewall | null;
  private readonly chains = new Map<string, Rule[]>();
  private readonly counts = new Map<number, { packets: number; bytes: number }>();
  /** By list and sender: when its packets came. */
  private readonly recent: Map<string, number[]>;
  /** When something of each four-tuple was last let through. */
  private readonly flows: Map<number, number>;

  /** `before`: the filter that this one replaces; what it let through and counted stays known. */
  constructor(spec: FilterSpec, before: Firewall | null) {
    this.spec = spec;
    this.flows = before?.flows ?? new Map<number, number>();
    this.recent = before?.recent ?? new Map<string, number[]>();
    this.later = spec.later === undefined ? null : new Firewall(spec.later, before?.later ?? null);
    for (const [index, rule] of spec.rules.entries()) {
      const chain = this.chains.get(rule.chain) ?? [];
      this.chains.set(rule.chain, chain);
      const { recent } = rule;
      const tests = [...testsOf(rule)];
      if (recent !== undefined) tests.push((seen) => this.isRecent(recent, seen));
      chain.push({ index, spec: rule, tests });
    }
    const ids = new Set([spec.policyInId, spec.policyOutId, ...spec.rules.map(({ id }) => id)]);
    for (const [id, count] of before?.counts ?? []) if (ids.has(id)) this.counts.set(id, count);
  }

  /** What a rule or policy of this number has seen so far. */
  count(id: number | undefined): FilterCount {
    return (id === undefined ? undefined : this.counts.get(id)) ?? { packets: 0, bytes: 0 };
  }

  /** Whether it looks at packets between such addresses at all. */
  concerns(packet: Packet): boolean {
    return this.concernsItself(packet) || this.later?.concerns(packet) === true;
  }

  private concernsItself(packet: Packet): boolean {
    const { family } = this.spec;
    return family === undefined || (family === 'ipv6') === isIPv6(packet.destinationAddress);
  }

  /**
   * What is to happen to a packet that it looks at. `key` is the four-tuple seen from this host; `hasSocket` whether
   * a connection of it is open here; `isOwn` whether it goes from this host to itself.
   */
  decide(
    chain: FirewallChain,
    packet: Packet,
    key: number,
    hasSocket: boolean,
    nowMs: number,
    isOwn = false,
  ): Verdict {
    const isEstablished = this.isEstablished(packet, key, hasSocket, nowMs);
    const isIn = chain === 'in';
    const seen: Seen = {
      packet,
      protocol: PROTOCOL_NUMBERS[packet.kind === 'icmp' ? 'icmp' : packet.protocol],
      local: isIn ? packet.destinationAddress : packet.sourceAddress,
      remote: isIn ? packet.sourceAddress : packet.destinationAddress,
      localPort: isIn ? packet.destinationPort : packet.sourcePort,
      remotePort: isIn ? packet.sourcePort : packet.destinationPort,
      state: stateOf(packet, isEstablished),
      isEstablished,
      isOwn,
      nowMs,
    };
    const verdict = this.judge(chain, seen);
    if (verdict.action === 'accept') this.remember(key, nowMs);
    return verdict;
  }

  /** What its own rules say, and where they let the packet through, those of the later filter. */
  private judge(chain: FirewallChain, seen: Seen): Verdict {
    const { isEstablished, packet } = seen;
    const own = this.concernsItself(packet)
      ? this.judgeItself(chain, seen)
      : ({ action: 'accept', rule: null, rejectWith: usualRejection, isEstablished } as const);
    return own.action === 'accept' && this.later !== null ? this.later.judge(chain, seen) : own;
  }

  private isEstablished(packet: Packet, key: number, hasSocket: boolean, nowMs: number): boolean {
    if (packet.kind === 'segment') {
      const opens = (packet.flags & (SYN | ACK)) === SYN;
      return !opens && (hasSocket || this.flows.has(key));
    }
    return nowMs - (this.flows.get(key) ?? -Infinity) <= DATAGRAM_MEMORY_MS;
  }

  private judgeItself(chain: FirewallChain, seen: Seen): Verdict {
    const decided = this.walk(chain, seen, 0);
    const { isEstablished } = seen;
    if (decided !== null) {
      const { spec, index } = decided;
      const rejectWith = spec.rejectWith ?? usualRejection;
      const action = spec.action as FirewallRule['action'];
      return { action, rule: index, rejectWith, isEstablished };
    }
    const isIn = chain === 'in';
    this.add(isIn ? this.spec.policyInId : this.spec.policyOutId, seen.packet);
    const action = isIn ? this.spec.policyIn : this.spec.policyOut;
    return { action, rule: null, rejectWith: usualRejection, isEstablished };
  }

  /** The rule that decides; null where the chain's end or a `return` is reached first. */
  private walk(chain: string, seen: Seen, depth: number): Rule | null {
    for (const rule of this.chains.get(chain) ?? []) {
      if (!rule.tests.every((test) => test(seen))) continue;
      const { action, id, to = '' } = rule.spec;
      this.add(id, seen.packet);
      if (action === 'continue') continue;
      if (action === 'return') return null;
      if (action !== 'jump' && action !== 'goto') return rule;
      // The rules of such a chain are written for what comes in: of what goes out the sides change.
      const there = chain === 'out' ? mirrored(seen) : seen;
      const decided = depth < DEEPEST_CHAIN ? this.walk(to, there, depth + 1) : null;
      if (decided !== null || action === 'goto') return decided;
    }
    return null;
  }

  /** Linux net/netfilter/xt_recent.c: of each sender the last twenty times are kept. */
  private isRecent({ does, hits = 0, list, seconds }: Recent, seen: Seen): boolean {
    const { nowMs, packet } = seen;
    const key = `${list} ${packet.sourceAddress}`;
    const times = this.recent.get(key);
    if (does === 'update') {
      if (times === undefined) return false;
      const since = seconds === undefined ? -Infinity : nowMs - seconds * 1000;
      if (times.filter((time) => time >= since).length < Math.max(1, hits)) return false;
    }
    this.recent.set(key, [...(times ?? []), nowMs].slice(-20));
    return true;
  }

  private add(id: number | undefined, packet: Packet): void {
    if (id === undefined) return;
    const { packets, bytes } = this.counts.get(id) ?? { packets: 0, bytes: 0 };
    this.counts.set(id, { packets: packets + 1, bytes: bytes + ipLength(packet) });
  }

  private remember(key: number, nowMs: number): void {
    this.flows.delete(key);
    this.flows.set(key, nowMs);
    if (this.flows.size <= MOST_FLOWS) return;
    for (const oldest of this.flows.keys()) {
      this.flows.delete(oldest);
      break;
    }
  }
}

/** What a rule sees of a packet whose source is what others have as their destination. */
function mirrored(seen: Seen): Seen {
  return {
    ...seen,
    local: seen.remote,
    remote: seen.local,
    localPort: seen.remotePort,
    remotePort: seen.localPort,
  };
}

/** Linux nf_conntrack_proto_tcp.c: a connection may be picked up midway, but not at its end. */
function stateOf(packet: Packet, isEstablished: boolean): FlowState {
  if (packet.kind === 'icmp' && !packet.isEcho) return isEstablished ? 'RELATED' : 'INVALID';
  if (isEstablished) return 'ESTABLISHED';
  if (packet.message === 'echo-reply') return 'INVALID';
  if (packet.kind !== 'segment') return 'NEW';
  const opens = (packet.flags & (SYN | ACK)) !== (SYN | ACK) && !(packet.flags & (RST | FIN));
  return opens ? 'NEW' : 'INVALID';
}

/** What a packet has to be for a rule to concern it. */
function testsOf(rule: FilterRule): readonly ((seen: Seen) => boolean)[] {
  const tests: ((seen: Seen) => boolean)[] = [];
  const add = (field: FilterField, test: (seen: Seen) => boolean) => {
    tests.push(rule.not?.includes(field) === true ? (seen) => !test(seen) : test);
  };
  const ports = (
    field: FilterField,
    wanted: readonly PortMatch[],
    of: (seen: Seen) => number[],
  ) => {
    const ranges = wanted.map((match) => portsOf(match));
    add(field, (seen) =>
      of(seen).some((port) => ranges.some(([low, high]) => port >= low && port <= high)),
    );
  };
  const { protocol, state, states, flags, icmpType } = rule;
  if (protocol !== undefined) {
    const number = typeof protocol === 'number' ? protocol : PROTOCOL_NUMBERS[protocol];
    // A rule of a scenario also stops the messages about its protocol's packets.
    const isScenario = rule.words === undefined;
    add('protocol', (seen) =>
      isScenario ? seen.packet.protocol === protocol : seen.protocol === number,
    );
  }
  if (state !== undefined) tests.push((seen) => (state === 'established') === seen.isEstablished);
  if (states !== undefined) add('states', (seen) => states.includes(seen.state));
  for (const side of ['local', 'remote'] as const) {
    const prefix = rule[side] === undefined ? undefined : parsePrefix(rule[side]);
    if (prefix === undefined) continue;
    add(side, (seen) => isWithin(prefix, seen[side]));
  }
  const name = rule.interface;
  if (name !== undefined) {
    const isOf = (own: string) =>
      name.endsWith('+') ? own.startsWith(name.slice(0, -1)) : own === name;
    add('interface', (seen) => isOf(seen.isOwn ? 'lo' : 'eth0'));
  }
  if (rule.localPort !== undefined)
    ports('localPort', [rule.localPort], (seen) => [seen.localPort]);
  if (rule.remotePort !== undefined)
    ports('remotePort', [rule.remotePort], (seen) => [seen.remotePort]);
  if (rule.localPorts !== undefined)
    ports('localPorts', rule.localPorts, (seen) => [seen.localPort]);
  if (rule.remotePorts !== undefined)
    ports('remotePorts', rule.remotePorts, (seen) => [seen.remotePort]);
  if (rule.eitherPorts !== undefined)
    ports('eitherPorts', rule.eitherPorts, (seen) => [seen.localPort, seen.remotePort]);
  if (flags !== undefined) add('flags', ({ packet }) => (packet.flags & flags[0]) === flags[1]);
  if (rule.addressType !== undefined) add('addressType', () => rule.addressType === 'local');
  if (icmpType !== undefined) add('icmpType', ({ packet }) => icmpType === typeOf(packet));
  return tests;
}

function typeOf({ message }: Packet): number {
  return message === 'echo-request' || message === 'echo-reply'
    ? ECHO_TYPES[message]
    : UNREACHABLE_TYPE;
}
