/**
 * A rule of the packet filter in iptables' own terms, taken apart. The words that `iptables -S` prints
 * are the form in which a rule is kept (FilterRule.words); reading.ts makes parts of them, printing.ts
 * writes the lists, and what the engine applies is made from the parts too.
 */

/** A value, and whether a `!` came before it. */
export interface Part<Value> {
  readonly value: Value;
  readonly isNot: boolean;
}

export interface PortRange {
  readonly low: number;
  readonly high: number;
}

export interface TcpMatch {
  readonly name: 'tcp' | 'udp';
  readonly source?: Part<PortRange>;
  readonly destination?: Part<PortRange>;
  /** Which flags are looked at, and which of them are to be set. */
  readonly flags?: Part<readonly [readonly string[], readonly string[]]>;
}

export type RuleMatch =
  | TcpMatch
  | { readonly name: 'icmp'; readonly type: Part<number> }
  | { readonly name: 'state' | 'conntrack'; readonly states: Part<readonly string[]> }
  | {
      readonly name: 'multiport';
      readonly side: 'sports' | 'dports' | 'ports';
      readonly ports: Part<readonly PortRange[]>;
    }
  | { readonly name: 'comment'; readonly text: string }
  | { readonly name: 'addrtype'; readonly type: Part<string> }
  | {
      readonly name: 'recent';
      /** `--set` notes where a packet came from; `--update` asks whether it did so often enough. */
      readonly does: 'set' | 'update';
      readonly seconds?: number;
      readonly hits?: number;
      readonly list: string;
    }
  | { readonly name: 'limit'; readonly rate: string; readonly burst: number };

export interface RuleTarget {
  readonly name: string;
  readonly isGoto: boolean;
  readonly rejectWith?: string;
  readonly logPrefix?: string;
  /** syslog's number; 4 is a warning, the default. */
  readonly logLevel?: number;
}

export interface RuleParts {
  /** An address, or a network as `10.0.0.0/24`. */
  readonly source?: Part<string>;
  readonly destination?: Part<string>;
  readonly inInterface?: Part<string>;
  readonly outInterface?: Part<string>;
  /** `tcp`, `udp`, `icmp`, another one's name, or a number. */
  readonly protocol?: Part<string>;
  readonly matches: readonly RuleMatch[];
  /** Absent: the rule only counts. */
  readonly target?: RuleTarget;
}

/** /etc/protocols, as far as anyone writes them in rules. */
export const protocolNumbers: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  ospf: 89,
  sctp: 132,
  udplite: 136,
};

/** TCP's flags in iptables' order, and their bits on the wire. */
export const tcpFlagBits: Readonly<Record<string, number>> = {
  FIN: 1,
  SYN: 2,
  RST: 4,
  PSH: 8,
  ACK: 16,
  URG: 32,
};

/** ICMP types by the names that are used. */
export const icmpTypes: Readonly<Record<string, number>> = {
  'echo-reply': 0,
  pong: 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  ping: 8,
  'router-advertisement': 9,
  'router-solicitation': 10,
  'time-exceeded': 11,
  'ttl-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
};

export const builtIn = ['INPUT', 'FORWARD', 'OUTPUT'] as const;

/** The engine's name of a chain. */
export function chainKey(name: string): string {
  if (name === 'INPUT') return 'in';
  if (name === 'OUTPUT') return 'out';
  return name === 'FORWARD' ? 'forward' : `:${name}`;
}
