/**
 * A host's packet filter, in the manner of Linux netfilter's INPUT and OUTPUT: ordered rules, the
 * first that matches decides, then the chain's policy. It knows which packets belong to something it
 * has let through before (`established`, as conntrack's ESTABLISHED and RELATED).
 *
 * Left out: other chains and tables, interfaces (traffic of a host with itself is never filtered),
 * limits, logging.
 */

import { parsePrefix } from '../addresses.ts';
import { ACK, type Packet, SYN } from './packet.ts';
import { portsOf } from '../scenario/port-match.ts';
import type { FirewallRule, FirewallSpec } from '../scenario/scenario.ts';

export type FirewallChain = 'in' | 'out';

export interface Verdict {
  readonly action: 'accept' | 'drop' | 'reject';
  /** Which rule, from 0; null: the chain's policy. */
  readonly rule: number | null;
  readonly rejectWith: NonNullable<FirewallRule['rejectWith']>;
  /** It belongs to something that was let through before. */
  readonly isEstablished: boolean;
}

/** Linux nf_conntrack_udp_timeout, in milliseconds: how long an exchange of datagrams is remembered. */
const DATAGRAM_MEMORY_MS = 30_000;
/** Linux' nf_conntrack_max on a small machine; the oldest is forgotten first. */
const MOST_FLOWS = 65_536;

interface Rule {
  readonly spec: FirewallRule;
  readonly network: number;
  readonly mask: number;
  readonly localPorts: readonly [number, number];
  readonly remotePorts: readonly [number, number];
}

const ANYWHERE = { network: 0, mask: 0 };

export class Firewall {
  readonly spec: FirewallSpec;
  private readonly rules: readonly Rule[];
  /** When something of each four-tuple was last let through. */
  private readonly flows: Map<number, number>;

  /** `before`: the filter that this one replaces; what it let through stays known. */
  constructor(spec: FirewallSpec, before: Firewall | null) {
    this.spec = spec;
    this.flows = before?.flows ?? new Map<number, number>();
    this.rules = spec.rules.map((rule) => ({
      spec: rule,
      ...((rule.remote === undefined ? undefined : parsePrefix(rule.remote)) ?? ANYWHERE),
      localPorts: portsOf(rule.localPort),
      remotePorts: portsOf(rule.remotePort),
    }));
  }

  /**
   * What is to happen to a packet. `key` is the four-tuple seen from this host; `hasSocket` whether
   * a connection of it is open here.
   */
  decide(
    chain: FirewallChain,
    packet: Packet,
    key: number,
    hasSocket: boolean,
    nowMs: number,
  ): Verdict {
    const isEstablished = this.isEstablished(packet, key, hasSocket, nowMs);
    const verdict = this.judge(chain, packet, isEstablished);
    if (verdict.action === 'accept') this.remember(key, nowMs);
    return verdict;
  }

  private isEstablished(packet: Packet, key: number, hasSocket: boolean, nowMs: number): boolean {
    if (packet.kind === 'segment') {
      const opens = (packet.flags & (SYN | ACK)) === SYN;
      return !opens && (hasSocket || this.flows.has(key));
    }
    return nowMs - (this.flows.get(key) ?? -Infinity) <= DATAGRAM_MEMORY_MS;
  }

  private judge(chain: FirewallChain, packet: Packet, isEstablished: boolean): Verdict {
    const { protocol } = packet;
    const isIn = chain === 'in';
    const remote = isIn ? packet.sourceAddress : packet.destinationAddress;
    const remotePort = isIn ? packet.sourcePort : packet.destinationPort;
    const localPort = isIn ? packet.destinationPort : packet.sourcePort;
    for (const [index, rule] of this.rules.entries()) {
      const { spec } = rule;
      if (spec.chain !== chain) continue;
      if (spec.protocol !== undefined && spec.protocol !== protocol) continue;
      if (spec.state !== undefined && (spec.state === 'established') !== isEstablished) continue;
      if ((remote & rule.mask) >>> 0 !== rule.network) continue;
      if (localPort < rule.localPorts[0] || localPort > rule.localPorts[1]) continue;
      if (remotePort < rule.remotePorts[0] || remotePort > rule.remotePorts[1]) continue;
      const rejectWith = spec.rejectWith ?? 'icmp-port-unreachable';
      return { action: spec.action, rule: index, rejectWith, isEstablished };
    }
    const action = isIn ? this.spec.policyIn : this.spec.policyOut;
    return { action, rule: null, rejectWith: 'icmp-port-unreachable', isEstablished };
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
