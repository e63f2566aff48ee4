/** Linux as measured: 6.18, which chooses ports as every release since 5.18 does. */

import { createLinuxBind } from '../port-selection/linux-bind.ts';
import { createLinuxConnect } from '../port-selection/linux-connect.ts';
import { createLinuxUdp } from '../port-selection/linux-udp.ts';
import {
  parsePortList,
  portRange,
  readPortRange,
  reservedPorts,
  reservedPortsKey,
  unprivilegedStart,
  unprivilegedStartKey,
} from '../sysctl/linux-ports.ts';
import { numberKey } from '../sysctl/numbers.ts';
import type { SysctlReader } from '../sysctl/sysctl-table.ts';
import type { OsProfile, PortSettings } from './profile.ts';

const int32 = 2 ** 31 - 1;

export function linuxPortSettings(settings: SysctlReader): PortSettings {
  const [low, high] = readPortRange(settings);
  const reuse = settings.get('net.ipv4.tcp_tw_reuse');
  return {
    low,
    high,
    reserved: parsePortList(settings.get(reservedPortsKey) ?? '') ?? [],
    reservedBlocksBind: false,
    firstUnprivileged: Number(settings.get(unprivilegedStartKey) ?? 1024),
    timeWaitReuse: reuse === '1' ? 'on' : reuse === '2' ? 'loopback' : 'off',
    timeWaitReuseDelayMs: Number(settings.get('net.ipv4.tcp_tw_reuse_delay') ?? 1000),
    autobindReuse: settings.get('net.ipv4.ip_autobind_reuse') === '1',
  };
}

export const linux: OsProfile = {
  id: 'linux',
  name: 'Linux',
  settings: [
    portRange(32768, 60999, true),
    reservedPorts,
    unprivilegedStart,
    numberKey('net.ipv4.tcp_fin_timeout', 60, -int32 - 1, int32),
    numberKey('net.ipv4.tcp_tw_reuse', 2, 0, 2),
    numberKey('net.ipv4.tcp_tw_reuse_delay', 1000, 1, 60_000),
    numberKey('net.ipv4.tcp_max_tw_buckets', 131_072, -int32 - 1, int32),
    numberKey('net.ipv4.ip_autobind_reuse', 0, 0, 1),
    numberKey('net.ipv4.tcp_timestamps', 1, 0, 2),
    numberKey('net.ipv4.tcp_syn_retries', 6, 1, 127),
    numberKey('net.ipv4.tcp_synack_retries', 5, 0, 255),
    numberKey('net.ipv4.tcp_rfc1337', 0, 0, 255),
    numberKey('net.ipv4.tcp_orphan_retries', 0, 0, 255),
    numberKey('net.core.somaxconn', 4096, 0, int32),
  ],
  timers: { timeWaitMs: 60_000 },
  exhausted: { tcpConnect: 'EADDRNOTAVAIL', bind: 'EADDRINUSE', udpConnect: 'EAGAIN' },
  boundPortsAreExclusive: true,
  boundUntilEmpty: false,
  portSettings: (settings) => linuxPortSettings(settings),
  algorithms: (random, protocol) => {
    if (protocol === 'udp') {
      const udp = createLinuxUdp(random);
      return { connect: udp, bind: udp };
    }
    return { connect: createLinuxConnect(random), bind: createLinuxBind(random) };
  },
  traits: {},
  commands: [],
};
