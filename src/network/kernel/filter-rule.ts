/**
 * A packet filter as Linux' tools may set it up: what a scenario may say (FirewallSpec) and more, in the
 * same shape, so that either can be handed to a host.
 */

import type { FirewallRule, FirewallSpec, PortMatch } from '../scenario/scenario.ts';

/** conntrack's word for a packet. */
export type FlowState = 'NEW' | 'ESTABLISHED' | 'RELATED' | 'INVALID';

/** What a rule can look at, and say the opposite of. */
export type FilterField =
  | 'protocol'
  | 'local'
  | 'remote'
  | 'interface'
  | 'localPort'
  | 'remotePort'
  | 'localPorts'
  | 'remotePorts'
  | 'eitherPorts'
  | 'states'
  | 'flags'
  | 'icmpType'
  | 'addressType';

export interface FilterRule extends Omit<
  FirewallRule,
  'chain' | 'protocol' | 'action' | 'rejectWith'
> {
  /** `in`, `out`, `forward` (which nothing ever takes here), or one of the filter's own chains. */
  readonly chain: string;
  readonly protocol?: 'tcp' | 'udp' | 'icmp' | number;
  /** This host's address, or a prefix. */
  readonly local?: string;
  /** `lo`, or another one's name; `eth+` is each whose name begins so. */
  readonly interface?: string;
  readonly localPorts?: readonly PortMatch[];
  readonly remotePorts?: readonly PortMatch[];
  /** One of the two ports. */
  readonly eitherPorts?: readonly PortMatch[];
  readonly states?: readonly FlowState[];
  /** Of these TCP flags exactly those are set: [which are looked at, which of them are set]. */
  readonly flags?: readonly [number, number];
  /** Only ICMP messages of this type; 3 is "unreachable". */
  readonly icmpType?: number;
  /** Of the destination: this host's own, or one of those that no packet here has. */
  readonly addressType?: 'local' | 'other';
  /** xt_recent: notes the sender in a list, or asks whether it is there so often in so many seconds. */
  readonly recent?: {
    readonly does: 'set' | 'update';
    readonly list: string;
    readonly seconds?: number;
    readonly hits?: number;
  };
  /** Fields that must not match. */
  readonly not?: readonly FilterField[];
  /**
   * `continue`: it is counted, and the next rule is asked. `return`: back to the rule after the one that
   * led here, or to the policy. `jump`, `goto`: to the chain `to`.
   */
  readonly action: FirewallRule['action'] | 'continue' | 'return' | 'jump' | 'goto';
  readonly to?: string;
  readonly rejectWith?:
    | FirewallRule['rejectWith']
    | 'icmp-host-prohibited'
    | 'icmp-host-unreachable';
  /** Under which its packets are counted; a new number begins at 0. */
  readonly id?: number;
  /** As the tool that made the rule writes it, for its lists. */
  readonly words?: readonly string[];
}

export interface FilterSpec extends Omit<FirewallSpec, 'rules'> {
  readonly rules: readonly FilterRule[];
  /** Whether the traffic of the host with itself is filtered too, as on Linux. */
  readonly filtersOwn?: boolean;
  /** Under which packets are counted that a policy decides; absent: they are not. */
  readonly policyInId?: number;
  readonly policyOutId?: number;
  /** Chains that rules can lead to. */
  readonly chains?: readonly string[];
  /** Of `in`, `forward` and `out` those that the tool has made so far. */
  readonly made?: readonly string[];
  /** Whether IPv6 is filtered as well, by the rules that name no address. */
  readonly hasBothFamilies?: boolean;
  /** A second filter, of another tool: what this one lets through is looked at there. */
  readonly later?: FilterSpec;
  /** What the tool that has set it up notes for itself. */
  readonly memory?: string;
  /** Kept for the tool: nothing is forwarded here. */
  readonly policyForward?: 'accept' | 'drop';
}

/** How many packets a rule or policy has seen, and how long they were with their headers. */
export interface FilterCount {
  readonly packets: number;
  readonly bytes: number;
}
