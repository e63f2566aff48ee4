/**
 * Every Linux setting that a host of this course knows, with what the kernel accepts. Bounds from
 * kernel 6.12, net/ipv4/sysctl_net_ipv4.c and net/core/sysctl_net_core.c, each tried on 6.18; what
 * they mean: Documentation/networking/ip-sysctl.rst. tcp_max_tw_buckets and its like depend on the
 * machine's memory; the values here are those of the machine of the recordings.
 */

import { portRange, reservedPorts, unprivilegedStart } from './linux-ports.ts';
import { numberKey } from './numbers.ts';
import type { SysctlKey } from './sysctl-table.ts';
import { factKey, textKey } from './text.ts';

const int32 = 2 ** 31 - 1;
const uint32 = 2 ** 32 - 1;
const byte = 255;

/** Seconds that the kernel keeps as ticks of 1/250 s in 32 bits (CONFIG_HZ=250). */
const mostSeconds = Math.floor(int32 / 250);

export interface LinuxKeyOptions {
  readonly release: string;
  readonly range: readonly [low: number, high: number];
  /** 4.2 and later say so when both ends of the range are even, or both odd. */
  readonly warnsOfParity: boolean;
  /** Not in every release. */
  readonly has: {
    /** 6.14 and later. */
    readonly timeWaitReuseDelay: boolean;
    /** 4.19 and later: tcp_tw_reuse may be 2, and is. */
    readonly loopbackReuse: boolean;
    /** 6.5 and later. */
    readonly linearSynTimeouts: boolean;
    /** 7.1 and later. */
    readonly stepWidth: boolean;
    /** 5.7 and later. */
    readonly autobindReuse: boolean;
    /** 4.11 and later. */
    readonly unprivilegedStart: boolean;
  };
}

export function linuxKeys({ release, range, warnsOfParity, has }: LinuxKeyOptions): SysctlKey[] {
  return [
    portRange(range[0], range[1], warnsOfParity),
    reservedPorts,
    ...(has.unprivilegedStart ? [unprivilegedStart] : []),
    ...(has.stepWidth ? [numberKey('net.ipv4.ip_local_port_step_width', 0, 0, uint32)] : []),
    ...(has.autobindReuse ? [numberKey('net.ipv4.ip_autobind_reuse', 0, 0, 1)] : []),
    numberKey('net.ipv4.ip_nonlocal_bind', 0, 0, byte),
    numberKey('net.ipv4.tcp_fin_timeout', 60, -mostSeconds, mostSeconds),
    numberKey('net.ipv4.tcp_tw_reuse', has.loopbackReuse ? 2 : 0, 0, has.loopbackReuse ? 2 : 1),
    ...(has.timeWaitReuseDelay ? [numberKey('net.ipv4.tcp_tw_reuse_delay', 1000, 1, 60_000)] : []),
    numberKey('net.ipv4.tcp_max_tw_buckets', 131_072, -int32 - 1, int32),
    numberKey('net.ipv4.tcp_timestamps', 1, 0, byte),
    numberKey('net.ipv4.tcp_syn_retries', 6, 1, 127),
    ...(has.linearSynTimeouts ? [numberKey('net.ipv4.tcp_syn_linear_timeouts', 4, 0, 127)] : []),
    numberKey('net.ipv4.tcp_synack_retries', 5, 0, byte),
    numberKey('net.ipv4.tcp_retries1', 3, 0, byte),
    numberKey('net.ipv4.tcp_retries2', 15, 0, byte),
    numberKey('net.ipv4.tcp_orphan_retries', 0, 0, byte),
    numberKey('net.ipv4.tcp_rfc1337', 0, 0, byte),
    numberKey('net.ipv4.tcp_abort_on_overflow', 0, 0, byte),
    numberKey('net.ipv4.tcp_syncookies', 1, 0, byte),
    numberKey('net.ipv4.tcp_max_syn_backlog', 2048, -int32 - 1, int32),
    numberKey('net.ipv4.tcp_keepalive_time', 7200, -mostSeconds, mostSeconds),
    numberKey('net.ipv4.tcp_keepalive_intvl', 75, -mostSeconds, mostSeconds),
    numberKey('net.ipv4.tcp_keepalive_probes', 9, 0, byte),
    numberKey('net.ipv6.bindv6only', 0, 0, byte),
    numberKey('net.core.somaxconn', 4096, 0, int32),
    textKey('kernel.hostname', 'localhost'),
    factKey('kernel.osrelease', release),
    factKey('kernel.ostype', 'Linux'),
  ];
}
