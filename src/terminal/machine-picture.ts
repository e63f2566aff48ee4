/** The live picture's facts, read off the simulated machine's host. */

import type { ReplaySocket } from '../network/trace/replay.ts';
import type { LinuxHost } from './linux/linux-host.ts';
import type { MachinePicture } from './machine.ts';

export function pictureOf({ host, world }: LinuxHost): MachinePicture {
  const sockets = host.sockets().flatMap((socket) => {
    const { state } = socket;
    return isShown(state) ? [{ ...socket, state, host: host.name }] : [];
  });
  const [low = 0, high = 65_535] = (host.sysctl.get('net.ipv4.ip_local_port_range') ?? '')
    .split(/\s+/)
    .map(Number);
  return { nowMs: world.nowMs, automaticPorts: [low, high], sockets };
}

function isShown(state: string): state is ReplaySocket['state'] {
  return state !== 'CLOSED';
}
