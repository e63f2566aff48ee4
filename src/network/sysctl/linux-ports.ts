/**
 * The Linux settings that govern ports: ip_local_port_range, ip_local_reserved_ports and
 * ip_unprivileged_port_start. net/ipv4/sysctl_net_ipv4.c (ipv4_local_port_range,
 * ipv4_privileged_ports, set_local_port_range), kernel/sysctl.c:proc_do_large_bitmap. Values accepted
 * and refused measured on 6.18.
 */

import { readNumber, readNumbers } from './numbers.ts';
import type { SysctlKey, SysctlReader, SysctlWrite } from './sysctl-table.ts';

const portRangeKey = 'net.ipv4.ip_local_port_range';
export const reservedPortsKey = 'net.ipv4.ip_local_reserved_ports';
export const unprivilegedStartKey = 'net.ipv4.ip_unprivileged_port_start';

/** Said once where both ends of the range are even, or both odd (4.2 and later). */
export const parityWarning = 'ip_local_port_range: prefer different parity for start/end values.';

/** The range now in force, both ends included. */
export function readPortRange(settings: SysctlReader): [low: number, high: number] {
  const [low = 0, high = 0] = readNumbers(settings.get(portRangeKey) ?? '', 2) ?? [];
  return [low, high];
}

/** `low` and `high` are where the range is on a fresh system. */
export function portRange(low: number, high: number, warnsOfParity: boolean): SysctlKey {
  return {
    key: portRangeKey,
    initial: `${low}\t${high}`,
    write(text, settings): SysctlWrite | null {
      const numbers = readNumbers(text, 2);
      if (numbers === null) return null;
      // One number alone leaves the high end as it is.
      const [newLow = 0, newHigh = readPortRange(settings)[1]] = numbers;
      const least = Number(settings.get(unprivilegedStartKey) ?? 1);
      const isValid = newLow >= 1 && newLow <= newHigh && newHigh <= 65535 && newLow >= least;
      if (!isValid) return null;
      const value = `${newLow}\t${newHigh}`;
      const sameParity = (newLow & 1) === (newHigh & 1);
      return warnsOfParity && sameParity ? { value, warning: parityWarning } : { value };
    },
  };
}

export const unprivilegedStart: SysctlKey = {
  key: unprivilegedStartKey,
  initial: '1024',
  write(text, settings): SysctlWrite | null {
    const value = readNumbers(text, 1)?.[0];
    if (value === undefined || value < 0) return null;
    return value > readPortRange(settings)[0] ? null : { value: String(value) };
  },
};

export type PortInterval = readonly [low: number, high: number];

/**
 * A list like `8080,9148` or `35000-35010,36000`, or null where the kernel refuses it: no space
 * inside, no comma in front or twice, no range backwards, nothing above 65535. A line end is as good
 * as a comma; nothing at all is the empty list.
 */
export function parsePortList(text: string): PortInterval[] | null {
  const lines = text.split('\n').filter((line) => line !== '');
  const intervals: PortInterval[] = [];
  for (const line of lines) {
    for (const item of line.replace(/,$/, '').split(',')) {
      const [first = '', second = first, ...rest] = item.split('-');
      const low = readNumber(first);
      const high = readNumber(second);
      if (low === null || high === null || rest.length > 0 || low > high || high > 65535) {
        return null;
      }
      intervals.push([low, high]);
    }
  }
  return intervals;
}

/** As the kernel prints it: ascending, neighbours joined, `a-b` for two or more. */
function printPortList(intervals: readonly PortInterval[]): string {
  const merged: [number, number][] = [];
  for (const [low, high] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged.map(([low, high]) => (low === high ? `${low}` : `${low}-${high}`)).join(',');
}

/** A key that holds a list of ports. */
export function portListKey(key: string, initial: string): SysctlKey {
  return {
    key,
    initial,
    write(text): SysctlWrite | null {
      const intervals = parsePortList(text);
      return intervals === null ? null : { value: printPortList(intervals) };
    },
  };
}

/** The list that such a key holds; none where the key does not exist. */
export function readPortList(settings: SysctlReader, key: string): readonly PortInterval[] {
  return parsePortList(settings.get(key) ?? '') ?? [];
}

export const reservedPorts = portListKey(reservedPortsKey, '');
