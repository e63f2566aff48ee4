/**
 * What a host's operating system brings: its port tables, its sysctls and its time limits. The one
 * place where hosts and OS profiles meet.
 */

import { Random } from '../../time-and-chance/random.ts';
import type { IPv6Only, OsProfile } from '../os-profiles/profile.ts';
import { profileOf } from '../os-profiles/profiles.ts';
import type { ProfileTimers } from '../os-profiles/timers.ts';
import { createPortTable, type PortTable } from '../ports/port-table.ts';
import type { HostSpec } from '../scenario/scenario.ts';
import { SysctlTable } from '../sysctl/sysctl-table.ts';
import type { Result } from '../errors.ts';
import { TimerWheel } from './timer-wheel.ts';

/** Times and counts that TCP takes from the system. */
export interface TcpLimits extends ProfileTimers {
  maxTimeWait: number;
  /** The most a listener's queue may hold. */
  backlogLimit: number;
  hasTimestamps: boolean;
}

export interface HostSystem {
  /** Null: timers end exactly. */
  readonly wheel: TimerWheel | null;
  /** What sockets are opened with (IPV6_V6ONLY), as the settings are now. */
  ipv6Only(): IPv6Only;
  readonly tcp: PortTable;
  readonly udp: PortTable;
  readonly limits: TcpLimits;
  readonly sysctl: {
    keys(): readonly string[];
    get(key: string): string | undefined;
    set(key: string, value: string): Result<string>;
    log(): readonly string[];
  };
}

/** The system of a new host. Its luck hangs on the world's seed and its own name alone. */
export function createHostSystem(
  { os, name, timerHz }: Pick<HostSpec, 'os' | 'name' | 'timerHz'>,
  seed: number,
): HostSystem {
  const profile = profileOf(os);
  if (profile === undefined) throw new RangeError(`no such system: ${os}`);
  const table = new SysctlTable(profile.settings);
  const random = new Random(seed).fork(`host/${name}`);
  const limits = { ...limitsOf(profile, table) };
  return {
    wheel: timerHz === undefined ? null : new TimerWheel(timerHz, random.fork('timer-wheel')),
    ipv6Only: () => profile.ipv6Only(table),
    tcp: createPortTable(profile, table, random, 'tcp'),
    udp: createPortTable(profile, table, random, 'udp'),
    limits,
    sysctl: {
      keys: () => table.keys(),
      get: (key) => table.get(key),
      set: (key, value) => {
        const result = table.set(key, value);
        if (result.ok) Object.assign(limits, limitsOf(profile, table));
        return result;
      },
      log: () => table.log(),
    },
  };
}

/** Linux' names; a system without such a key gets Linux' default, which is assumed. */
function limitsOf(profile: OsProfile, table: SysctlTable): TcpLimits {
  const number = (key: string, fallback: number): number => Number(table.get(key) ?? fallback);
  return {
    ...profile.timers(table),
    maxTimeWait: number('net.ipv4.tcp_max_tw_buckets', 131_072),
    backlogLimit: number('net.core.somaxconn', 4096),
    hasTimestamps: table.get('net.ipv4.tcp_timestamps') !== '0',
  };
}
