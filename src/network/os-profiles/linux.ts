/** Linux as measured: 6.18, which chooses ports as every release since 5.18 does. */

import { createLinuxBind } from '../port-selection/linux-bind.ts';
import { createLinuxConnect } from '../port-selection/linux-connect.ts';
import { createLinuxUdp } from '../port-selection/linux-udp.ts';
import {
  parsePortList,
  readPortRange,
  reservedPortsKey,
  unprivilegedStartKey,
} from '../sysctl/linux-ports.ts';
import { linuxKeys } from '../sysctl/linux-keys.ts';
import type { SysctlReader } from '../sysctl/sysctl-table.ts';
import type { OsProfile, PortSettings } from './profile.ts';

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
  settings: linuxKeys({
    release: '6.18.44',
    range: [32768, 60999],
    warnsOfParity: true,
    has: {
      timeWaitReuseDelay: true,
      loopbackReuse: true,
      stepWidth: false,
      autobindReuse: true,
      unprivilegedStart: true,
    },
  }),
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
