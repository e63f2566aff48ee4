/**
 * What a system's profile says: its settings, how it chooses ports, its timers, and of each trait
 * where the knowledge comes from.
 */

import type { Random } from '../../time-and-chance/random.ts';
import type { PortAlgorithm } from '../port-selection/algorithm.ts';
import type { Protocol } from '../protocol.ts';
import type { Errno } from '../errors.ts';
import type { PortInterval } from '../sysctl/linux-ports.ts';
import type { SysctlKey, SysctlReader } from '../sysctl/sysctl-table.ts';
import type { ProfileTimers } from './timers.ts';

/** How well a trait is known. */
export type Evidence = 'measured' | 'source-code' | 'documented' | 'assumed';

export interface Trait {
  readonly evidence: Evidence;
  /** A document, a source file with its function, or a recording. */
  readonly source: string;
}

/** What the port table needs to know of the settings. */
export interface PortSettings {
  /** The range of automatic choice, inclusive. */
  readonly low: number;
  readonly high: number;
  /** Left out of automatic choice. */
  readonly reserved: readonly PortInterval[];
  /** Whether a reserved port refuses explicit binds too (Windows' excluded ranges). */
  readonly reservedBlocksBind: boolean;
  /** Ports below need a privilege to bind; 0: none does. */
  readonly firstUnprivileged: number;
  /** … unless the socket is bound to the wildcard (macOS). */
  readonly wildcardNeedsNoPrivilege: boolean;
  /** connect() may take over a tuple in TIME-WAIT: never, always, or on loopback only. */
  readonly timeWaitReuse: 'off' | 'on' | 'loopback';
  /** … once it has been in TIME-WAIT for this long, in milliseconds. */
  readonly timeWaitReuseDelayMs: number;
  /** bind() to port 0 may, when all is taken, share ports among sockets with SO_REUSEADDR. */
  readonly autobindReuse: boolean;
  /** ip_local_port_step_width; 0: off. */
  readonly stepWidth: number;
}

/** The traits that every profile answers for. */
export type TraitName =
  | 'range'
  | 'tcp-choice'
  | 'udp-choice'
  | 'bind-choice'
  | 'sharing'
  | 'time-wait'
  /** FIN-WAIT-2 of a socket without a program. */
  | 'fin-wait'
  /** When SYN and SYN,ACK are repeated and given up. */
  | 'opening'
  /** … and data. */
  | 'retransmission'
  | 'errors'
  /** Whether a socket that is bound to `::` takes IPv4 too. */
  | 'dual-stack';

/**
 * IPV6_V6ONLY of a new socket: off (a socket on `::` takes IPv4 as well), on, or on for good. `on` and
 * `off` are where a program may say otherwise.
 */
export type IPv6Only = 'off' | 'on' | 'always';

/** A command a reader can type, by system. */
export interface ProfileCommand {
  readonly does: 'show-range' | 'set-range' | 'show-reserved' | 'set-reserved' | 'show-sockets';
  readonly command: string;
}

export interface OsProfile {
  readonly id: string;
  /** A proper name. */
  readonly name: string;
  readonly settings: readonly SysctlKey[];
  /** Whether its timers can be had as late as they really are (`timerHz` of a scenario's host). */
  readonly hasTimerWheel?: boolean;
  /** As the settings have them. */
  timers(settings: SysctlReader): ProfileTimers;
  /** What a call says when no port is left. */
  readonly exhausted: {
    readonly tcpConnect: Errno;
    readonly bind: Errno;
    readonly udpConnect: Errno;
  };
  /**
   * A port on which a socket was bound is no port for connect(), and stays so until its last socket is gone, even when the
   * bound one went before.
   */
  readonly boundUntilEmpty: boolean;
  /**
   * connect() may give one port to several connections with different destinations; else an automatic
   * port is one socket's alone on its address.
   */
  readonly connectSharesPorts: boolean;
  ipv6Only(settings: SysctlReader): IPv6Only;
  portSettings(settings: SysctlReader, protocol: Protocol): PortSettings;
  /** The algorithms of one host, with memory of their own. */
  algorithms(random: Random, protocol: Protocol, settings: SysctlReader): ProfileAlgorithms;
  readonly traits: Readonly<Record<TraitName, Trait>>;
  readonly commands: readonly ProfileCommand[];
}

/** What a system without a setting has in its place. */
export const plainPortSettings = {
  reserved: [],
  reservedBlocksBind: false,
  firstUnprivileged: 0,
  wildcardNeedsNoPrivilege: false,
  timeWaitReuse: 'off',
  timeWaitReuseDelayMs: 1000,
  autobindReuse: false,
  stepWidth: 0,
} as const satisfies Partial<PortSettings>;

export interface ProfileAlgorithms {
  readonly connect: PortAlgorithm;
  readonly bind: PortAlgorithm;
}
