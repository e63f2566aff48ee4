/** The engine's Linux under a range and a list of reserved ports: what it accepts, and what it picks. */

import { linux } from '../../network/os-profiles/linux.ts';
import { createPortTable } from '../../network/ports/port-table.ts';
import { SysctlTable } from '../../network/sysctl/sysctl-table.ts';
import { Random } from '../../time-and-chance/random.ts';
import { BINS, DESTINATIONS, type ReservedRun, type TuneOutcome } from './tuning.ts';

const CLIENT = 0x0a000002;
const FIRST_SERVER = 0xc6336401;

/** A list as the kernel reads it back, `32768-60500,60600`, as runs. */
function runsOf(list: string): readonly ReservedRun[] {
  if (list === '') return [];
  return list.split(',').map((item): ReservedRun => {
    const [first = 0, last = first] = item.split('-').map(Number);
    return [first, last];
  });
}

/**
 * @param reserved the list as it would be written to `ip_local_reserved_ports`.
 * @param seed a whole number; one seed, one machine.
 */
export function tune(low: number, high: number, reserved: string, seed = 80): TuneOutcome {
  const settings = new SysctlTable(linux.settings);
  if (!settings.set('net.ipv4.ip_local_port_range', `${String(low)} ${String(high)}`).ok) {
    return { ok: false, refused: 'range' };
  }
  if (!settings.set('net.ipv4.ip_local_reserved_ports', reserved).ok) {
    return { ok: false, refused: 'reserved' };
  }
  const list = settings.get('net.ipv4.ip_local_reserved_ports')?.trim() ?? '';
  const runs = runsOf(list);
  let left = 0;
  let leftEven = 0;
  for (let port = low; port <= high; port++) {
    if (runs.some(([first, last]) => port >= first && port <= last)) continue;
    left++;
    if (port % 2 === 0) leftEven++;
  }
  const table = createPortTable(linux, settings, new Random(seed), 'tcp');
  const bins = new Array<number>(BINS).fill(0);
  const counts = new Map<number, number>();
  let next: number | null = null;
  let favourite: { port: number; count: number } | null = null;
  for (let index = 0; index < DESTINATIONS; index++) {
    const choice = table.chooseForConnect({
      localAddress: CLIENT,
      remoteAddress: FIRST_SERVER + index,
      remotePort: 443,
      nowMs: 0,
    });
    if (!choice.ok) break;
    const { port } = choice;
    next ??= port;
    const bin = Math.floor((port * BINS) / 65_536);
    bins[bin] = (bins[bin] ?? 0) + 1;
    const count = (counts.get(port) ?? 0) + 1;
    counts.set(port, count);
    if (count > (favourite?.count ?? 0)) favourite = { port, count };
  }
  return {
    ok: true,
    tuning: { low, high, reserved: runs },
    list,
    left,
    leftEven,
    next,
    bins,
    favourite,
  };
}
