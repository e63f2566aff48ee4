/**
 * A scenario: hosts, a seed and a list of actions in virtual time. Its outside form is a contract
 * (docs/scenario-contract.md): it may grow, and what is written there keeps working.
 *
 * This file holds the shapes after checking, with defaults filled in. `parseScenario` in
 * `scenario-parser.ts` makes one from unknown input.
 */

import type { Endpoint, Protocol } from '../protocol.ts';

export interface ListenSpec {
  readonly protocol: Protocol;
  /** 0–65535; 0 lets the host choose. */
  readonly port: number;
  /** IPv4 or IPv6; `0.0.0.0` is IPv4's wildcard, `::` IPv6's and, unless `ipv6Only`, IPv4's as well. */
  readonly address: string;
  /** With an IPv6 address, IPV6_V6ONLY. Default: what the system does by itself. */
  readonly ipv6Only?: boolean;
  /** The queue's length asked of listen(), before the host's own limit. Default 511. */
  readonly backlog?: number;
  /** Whether the program takes connections out of the queue. Default true. */
  readonly accepts?: boolean;
  /** Whether the program answers a request. Default true. */
  readonly responds?: boolean;
  /** Whether the program closes when the other side has closed. Default true. */
  readonly answersClose?: boolean;
  readonly reuseAddress?: boolean;
  readonly reusePort?: boolean;
}

/** A port, or a range such as `1000-2000`. */
export type PortMatch = number | string;

export interface FirewallRule {
  readonly chain: 'in' | 'out';
  readonly protocol?: Protocol;
  /** The other side's address, or a prefix such as `10.0.0.0/8` or `fd00::/8`. */
  readonly remote?: string;
  readonly localPort?: PortMatch;
  readonly remotePort?: PortMatch;
  /** Only what belongs to something let through before, or only what does not. */
  readonly state?: 'new' | 'established';
  readonly action: 'accept' | 'drop' | 'reject';
  /** Default `icmp-port-unreachable`. */
  readonly rejectWith?: 'icmp-port-unreachable' | 'icmp-admin-prohibited' | 'tcp-reset';
}

export interface FirewallSpec {
  /** The packets that it looks at; all others pass. Default: of both families. */
  readonly family?: 'ipv4' | 'ipv6';
  /** For packets that no rule concerns. */
  readonly policyIn: 'accept' | 'drop';
  readonly policyOut: 'accept' | 'drop';
  /** The first that matches decides. */
  readonly rules: readonly FirewallRule[];
}

export interface NatSpec {
  readonly name: string;
  /** The hosts behind it. */
  readonly inside: readonly string[];
  /** Its IPv4 address towards everybody else; IPv6 it lets through as it is. */
  readonly address: string;
  readonly mapping: 'endpoint-independent' | 'address-and-port-dependent';
  readonly filtering: 'endpoint-independent' | 'address-and-port-dependent';
  /** The pool, as `1024-65535`. */
  readonly ports: string;
  readonly preservePort: boolean;
  readonly preserveParity: boolean;
  /** How long a mapping may be idle. */
  readonly timeouts: {
    readonly udpMs: number;
    readonly tcpEstablishedMs: number;
    readonly tcpTransitoryMs: number;
  };
  /** Linux netfilter, measured, instead of mapping, filtering, parity and timeouts as set here. */
  readonly behaviour?: 'linux';
  /** Of a Linux router: what its INPUT chain does with what is for nobody inside. Default `drop`. */
  readonly input?: 'drop' | 'accept';
  /** Of a Linux router: nf_conntrack_max. Default: no limit. */
  readonly maxEntries?: number;
  /** What a packet meets for which there is no port left. */
  readonly whenFull: 'drop' | 'icmp';
}

/** Of a host's network, where the scenario does not say. */
export const DEFAULT_PREFIX_LENGTH = 24;
export const DEFAULT_IPV6_PREFIX_LENGTH = 64;

export interface HostSpec {
  /** Unique in the scenario; a short word. */
  readonly name: string;
  /** The id of an OS profile, e.g. `linux`. */
  readonly os: string;
  /** The host's addresses besides loopback, of either family; at least one. */
  readonly addresses: readonly string[];
  /** 0–32, of its IPv4 networks; what is on none of them lies behind a router. Default 24. */
  readonly prefixLength?: number;
  /** 0–128, of its IPv6 networks. Default 64. */
  readonly ipv6PrefixLength?: number;
  /** Keys and values as the real system takes them. */
  readonly sysctl: Readonly<Record<string, string>>;
  readonly listen: readonly ListenSpec[];
  readonly firewall?: FirewallSpec;
  /** Of a Linux: ticks a second of its clock. Its timers then end late, in lumps. Default: exact. */
  readonly timerHz?: number;
}

interface Timed {
  /** Virtual milliseconds since the start, 0 or more. */
  readonly atMs: number;
}

export type Action = Timed &
  (
    | ({ readonly do: 'listen'; readonly host: string } & ListenSpec)
    | {
        readonly do: 'unlisten';
        readonly host: string;
        readonly protocol: Protocol;
        readonly port: number;
        readonly address: string;
      }
    | {
        readonly do: 'connect';
        readonly from: string;
        readonly to: Endpoint;
        readonly protocol: Protocol;
        /** Explicit bind before the connect, where given. */
        readonly localAddress?: string;
        readonly localPort?: number;
        /** With an IPv6 destination, IPV6_V6ONLY. */
        readonly ipv6Only?: boolean;
        /** The connection's name; with `count` they are `as#1`, `as#2`, … */
        readonly as: string;
        readonly count?: number;
        readonly everyMs: number;
        /** Bytes sent once connected, in one segment or datagram; 0 for none. Default 120. */
        readonly request?: number;
        /** Bytes the request asks for. Default 480. */
        readonly response?: number;
        /** The program closes the connection so long after connect(), if it is open then. */
        readonly closeAfterMs?: number;
        readonly reuseAddress?: boolean;
        readonly reusePort?: boolean;
      }
    | { readonly do: 'close'; readonly connection: string; readonly by?: string }
    | { readonly do: 'close'; readonly connections: 'all'; readonly by?: string }
    | { readonly do: 'reset'; readonly connection: string; readonly by?: string }
    | {
        readonly do: 'bind';
        readonly host: string;
        readonly protocol: Protocol;
        readonly port: number;
        readonly address: string;
        readonly ipv6Only?: boolean;
        readonly as: string;
        readonly count?: number;
        readonly reuseAddress?: boolean;
        readonly reusePort?: boolean;
      }
    | { readonly do: 'release'; readonly as: string }
    | { readonly do: 'firewall'; readonly host: string; readonly firewall: FirewallSpec }
    | { readonly do: 'sysctl'; readonly host: string; readonly key: string; readonly value: string }
  );

export interface Scenario {
  readonly version: 1;
  /** Unsigned 32-bit; the only luck there is. */
  readonly seed: number;
  /** One way, between any two hosts, in milliseconds. */
  readonly latencyMs: number;
  /** Virtual time at which the run ends; without it, when nothing is left to happen. */
  readonly untilMs?: number;
  readonly hosts: readonly HostSpec[];
  readonly nats?: readonly NatSpec[];
  readonly actions: readonly Action[];
}
