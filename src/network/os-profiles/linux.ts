/**
 * Linux, generation by generation. The profile `linux` is what was measured: 6.18, which chooses ports
 * as every release since 5.18 does.
 */

import { createOlderLinuxBind } from '../port-selection/linux-bind-before.ts';
import { createLinuxBind } from '../port-selection/linux-bind.ts';
import {
  createOlderLinuxConnect,
  type OlderGeneration,
} from '../port-selection/linux-connect-before.ts';
import { createLinuxConnect } from '../port-selection/linux-connect.ts';
import { createLinuxUdp } from '../port-selection/linux-udp.ts';
import { linuxKeys, type LinuxKeyOptions } from '../sysctl/linux-keys.ts';
import {
  readPortList,
  readPortRange,
  reservedPortsKey,
  unprivilegedStartKey,
} from '../sysctl/linux-ports.ts';
import type { SysctlReader } from '../sysctl/sysctl-table.ts';
import type { OsProfile, PortSettings, ProfileCommand, Trait, TraitName } from './profile.ts';
import { doubling, type ProfileTimers, type Repetition } from './timers.ts';

/** Releases between which port choice differs to an eye that watches the ports. */
export type LinuxGeneration = OlderGeneration | '5.18' | '6.18' | '7.1';

const inOrder: readonly LinuxGeneration[] = [
  'before-4.2',
  '4.2-to-4.5',
  '4.6-to-5.11',
  '5.12-to-5.17',
  '5.18',
  '6.18',
  '7.1',
];

function isFrom(generation: LinuxGeneration, since: LinuxGeneration): boolean {
  return inOrder.indexOf(generation) >= inOrder.indexOf(since);
}

function isOlder(generation: LinuxGeneration): generation is OlderGeneration {
  return !isFrom(generation, '5.18');
}

function linuxPortSettings(settings: SysctlReader): PortSettings {
  const [low, high] = readPortRange(settings);
  const reuse = settings.get('net.ipv4.tcp_tw_reuse');
  return {
    low,
    high,
    reserved: readPortList(settings, reservedPortsKey),
    reservedBlocksBind: false,
    firstUnprivileged: Number(settings.get(unprivilegedStartKey) ?? 1024),
    wildcardNeedsNoPrivilege: false,
    timeWaitReuse: reuse === '1' ? 'on' : reuse === '2' ? 'loopback' : 'off',
    timeWaitReuseDelayMs: Number(settings.get('net.ipv4.tcp_tw_reuse_delay') ?? 1000),
    autobindReuse: settings.get('net.ipv4.ip_autobind_reuse') === '1',
    stepWidth: Number(settings.get('net.ipv4.ip_local_port_step_width') ?? 0),
  };
}

const mostMs = 120_000;

/**
 * net/ipv4/tcp_timer.c:tcp_model_timeout: how long `retries` repetitions would take that begin with
 * `baseMs` and double. When so much time is gone, it is over, however many there were.
 */
function modelTimeout(retries: number, baseMs: number): number {
  const doublings = Math.min(retries, Math.floor(Math.log2(mostMs / baseMs)));
  return (2 ** (doublings + 1) - 1) * baseMs + (retries - doublings) * mostMs;
}

function endsAfter(retries: number, baseMs: number): Repetition['isOver'] {
  const timeoutMs = modelTimeout(retries, baseMs);
  return (repeated, elapsedMs) => repeated > 0 && elapsedMs >= timeoutMs;
}

/**
 * Up to TCP_TIMEWAIT_LEN the wait is what is set. Above it the kernel first runs a keepalive timer for
 * what is over 60 s, and then waits as long again (tcp_timer.c: tcp_keepalive_timer); measured on 6.18:
 * 61 → 2, 70 → 20, 90 → 60, 120 → 120 s.
 */
function finWait2Seconds(setting: number): number {
  return setting > 60 ? 2 * (setting - 60) : Math.max(0, setting);
}

/**
 * net/ipv4/tcp_timer.c: tcp_write_timeout, retransmits_timed_out, tcp_retransmit_timer,
 * tcp_orphan_retries. The moments of the SYN, with several values of both its settings, were measured
 * on 6.18 (`npm run verify:kernel`).
 */
function linuxTimers(settings: SysctlReader): ProfileTimers {
  const number = (key: string, otherwise: number): number =>
    Number(settings.get(`net.ipv4.${key}`) ?? otherwise);
  const flat = number('tcp_syn_linear_timeouts', 0);
  // TCP_TIMEOUT_INIT, TCP_RTO_MIN, TCP_RTO_MAX, include/net/tcp.h.
  const opening = { firstMs: 1000, mostMs };
  const data = doubling({ firstMs: (roundTripMs) => roundTripMs + 200, mostMs });
  return {
    // TCP_TIMEWAIT_LEN, include/net/tcp.h; no setting changes it.
    timeWaitMs: 60_000,
    finWait2Ms: finWait2Seconds(number('tcp_fin_timeout', 60)) * 1000,
    syn: {
      ...doubling({ ...opening, flat }),
      // The kernel counts the SYNs too (tcp_syn_retries and the linear ones): never over sooner by that.
      isOver: endsAfter(number('tcp_syn_retries', 6), 1000),
    },
    synAck: doubling({ ...opening, most: number('tcp_synack_retries', 5) }),
    data: { ...data, isOver: endsAfter(number('tcp_retries2', 15), 200) },
    // 0 stands for 8.
    orphan: { ...data, isOver: endsAfter(number('tcp_orphan_retries', 0) || 8, 200) },
  };
}

const linuxCommands: readonly ProfileCommand[] = [
  { does: 'show-range', command: 'sysctl net.ipv4.ip_local_port_range' },
  { does: 'set-range', command: 'sysctl -w net.ipv4.ip_local_port_range="49152 65535"' },
  { does: 'show-reserved', command: 'sysctl net.ipv4.ip_local_reserved_ports' },
  { does: 'set-reserved', command: 'sysctl -w net.ipv4.ip_local_reserved_ports=8080,20022' },
  { does: 'show-sockets', command: 'ss -tan' },
];

export interface LinuxOptions {
  readonly id: string;
  readonly name: string;
  readonly generation: LinuxGeneration;
  readonly release: string;
  readonly traits: Readonly<Record<TraitName, Trait>>;
  readonly commands?: readonly ProfileCommand[];
}

/** What a generation's settings are. */
function keysOf(generation: LinuxGeneration, release: string): LinuxKeyOptions {
  return {
    release,
    // 61000 until 4.1; 60999 since commit 07f4c90062f8, so that the range has an even size.
    range: [32768, generation === 'before-4.2' ? 61000 : 60999],
    warnsOfParity: isFrom(generation, '4.2-to-4.5'),
    has: {
      unprivilegedStart: isFrom(generation, '4.6-to-5.11'),
      loopbackReuse: isFrom(generation, '5.12-to-5.17'),
      autobindReuse: isFrom(generation, '5.12-to-5.17'),
      timeWaitReuseDelay: isFrom(generation, '6.18'),
      // 6.5 and later, commit ccce324dabfe: the profile of 5.18 stands for a later release.
      linearSynTimeouts: isFrom(generation, '5.18'),
      stepWidth: isFrom(generation, '7.1'),
    },
  };
}

/** A Linux of one generation. */
export function linuxOf(options: LinuxOptions): OsProfile {
  const { id, name, generation, release, traits, commands = linuxCommands } = options;
  return {
    id,
    name,
    settings: linuxKeys(keysOf(generation, release)),
    // Commit 500462a9de65 (4.8): before, a timer ended at its tick.
    hasTimerWheel: isFrom(generation, '4.6-to-5.11'),
    timers: linuxTimers,
    exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRINUSE', udpConnect: 'EAGAIN' },
    // Commit d57f4b874946 (6.18): free for connect() again once the last bound socket is gone.
    boundUntilEmpty: !isFrom(generation, '6.18'),
    connectSharesPorts: true,
    // The kernel keeps the option as one bit of what is set (net/ipv6/af_inet6.c:inet6_create).
    ipv6Only: (settings) =>
      Number(settings.get('net.ipv6.bindv6only') ?? 0) % 2 === 1 ? 'on' : 'off',
    portSettings: (settings) => linuxPortSettings(settings),
    algorithms: (random, protocol) => {
      if (protocol === 'udp') {
        const udp = createLinuxUdp(random);
        return { connect: udp, bind: udp };
      }
      const bind = isFrom(generation, '4.6-to-5.11')
        ? createLinuxBind(random)
        : createOlderLinuxBind(random);
      const connect = isOlder(generation)
        ? createOlderLinuxConnect(random, generation)
        : createLinuxConnect(random);
      return { connect, bind };
    },
    traits,
    commands,
  };
}

const measured = (recording: string): Trait => ({ evidence: 'measured', source: recording });

export const linux: OsProfile = linuxOf({
  id: 'linux',
  name: 'Linux',
  generation: '6.18',
  release: '6.18.44',
  traits: {
    range: measured('tests/golden/tool_transcripts.txt'),
    'tcp-choice': measured('tests/golden/parity_default.json, tiny_range_order.json'),
    'udp-choice': measured('tests/golden/udp.json'),
    'bind-choice': measured('tests/golden/bind0.json'),
    sharing: measured('tests/golden/interactions.json'),
    'time-wait': measured('tests/golden/tw.json'),
    'fin-wait': measured('npm run verify:kernel: an orphan with tcp_fin_timeout'),
    opening: measured('npm run verify:kernel: a SYN to a full queue'),
    retransmission: {
      evidence: 'source-code',
      source: 'net/ipv4/tcp_timer.c:tcp_retransmit_timer, tcp_write_timeout',
    },
    errors: measured('tests/golden/exhaustion.json'),
    'dual-stack': measured('tests/golden/answers.json'),
  },
});

const fromSource = (source: string): Trait => ({ evidence: 'source-code', source });

/** Of every Linux whose source was read. */
export const linuxTimerTraits = {
  'fin-wait': fromSource('net/ipv4/tcp.c:__tcp_close, tcp_fin_time'),
  opening: fromSource('net/ipv4/tcp_timer.c:tcp_write_timeout; include/net/tcp.h'),
  retransmission: fromSource('net/ipv4/tcp_timer.c:tcp_retransmit_timer, tcp_write_timeout'),
} as const satisfies Partial<Record<TraitName, Trait>>;

/** The same of another generation: for the history of the choice. */
export function linuxHistory(generation: LinuxGeneration, release: string): OsProfile {
  const hashtables = fromSource('net/ipv4/inet_hashtables.c:__inet_hash_connect');
  return linuxOf({
    id: `linux-${generation}`,
    name: `Linux ${release}`,
    generation,
    release,
    traits: {
      range: fromSource('net/ipv4/af_inet.c:inet_init_net'),
      'tcp-choice': hashtables,
      'udp-choice': fromSource('net/ipv4/udp.c:udp_lib_get_port'),
      'bind-choice': fromSource('net/ipv4/inet_connection_sock.c:inet_csk_get_port'),
      sharing: hashtables,
      'time-wait': fromSource('include/net/tcp.h:TCP_TIMEWAIT_LEN'),
      ...linuxTimerTraits,
      errors: hashtables,
      'dual-stack': fromSource('net/ipv6/af_inet6.c:inet6_create'),
    },
  });
}
