/**
 * What a host's operating system brings: its port tables, its sysctls and its time limits. The one
 * place where hosts and OS profiles meet.
 */

import { Random } from '../time-and-chance/random.ts';
import type { OsProfile } from './os-profiles/profile.ts';
import { profileOf } from './os-profiles/profiles.ts';
import { createPortTable, type PortTableInterface } from './port-table.ts';
import { SysctlTable } from './sysctl/sysctl-table.ts';
import type { Result } from './world.ts';

/** Times and counts that TCP takes from the system. */
export interface TcpLimits {
  timeWaitMs: number;
  /** An orphan's stay in FIN-WAIT-2. */
  finTimeoutMs: number;
  maxTimeWait: number;
  /** How often a SYN, a SYN,ACK, other segments, and an orphan's segments are repeated. */
  synRetries: number;
  synAckRetries: number;
  retries: number;
  orphanRetries: number;
  /** The most a listener's queue may hold. */
  backlogLimit: number;
  hasTimestamps: boolean;
}

export interface HostSystem {
  readonly tcp: PortTableInterface;
  readonly udp: PortTableInterface;
  readonly limits: TcpLimits;
  readonly sysctl: {
    keys(): readonly string[];
    get(key: string): string | undefined;
    set(key: string, value: string): Result<string>;
    log(): readonly string[];
  };
}

/** The system of a new host. Its luck hangs on the world's seed and its own name alone. */
export function createHostSystem(os: string, name: string, seed: number): HostSystem {
  const profile = profileOf(os);
  if (profile === undefined) throw new RangeError(`no such system: ${os}`);
  const table = new SysctlTable(profile.settings);
  const random = new Random(seed).fork(`host/${name}`);
  const limits = { ...limitsOf(profile, table) };
  return {
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

/** Linux' names; a system without such a key gets Linux' default, said to be assumed in its profile. */
function limitsOf(profile: OsProfile, table: SysctlTable): TcpLimits {
  const number = (key: string, fallback: number): number => Number(table.get(key) ?? fallback);
  // net/ipv4/tcp_timer.c:tcp_orphan_retries: 0 stands for 8.
  const orphanRetries = number('net.ipv4.tcp_orphan_retries', 0) || 8;
  return {
    timeWaitMs: profile.timers.timeWaitMs,
    finTimeoutMs: Math.max(0, number('net.ipv4.tcp_fin_timeout', 60)) * 1000,
    maxTimeWait: number('net.ipv4.tcp_max_tw_buckets', 131_072),
    synRetries: number('net.ipv4.tcp_syn_retries', 6),
    synAckRetries: number('net.ipv4.tcp_synack_retries', 5),
    retries: number('net.ipv4.tcp_retries2', 15),
    orphanRetries,
    backlogLimit: number('net.core.somaxconn', 4096),
    hasTimestamps: table.get('net.ipv4.tcp_timestamps') !== '0',
  };
}
