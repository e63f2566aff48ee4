/** The argument of `lsof -i`: `[46][protocol][@host][:port,port-port]` (lsof 4.95.0, arg.c). */

import { formatAddress, parseAddress } from '../../../network/addresses.ts';
import type { SocketEntry } from '../../formats/socket-entry.ts';
import type { LinuxHost } from '../../linux/linux-host.ts';

export type SocketSelector = (row: SocketEntry) => boolean;

type Names = Pick<LinuxHost, 'resolve' | 'serviceNames'>;

export type SelectorResult =
  | { readonly ok: true; readonly value: SocketSelector }
  /** As lsof words it, with what was typed. */
  | { readonly ok: false; readonly problem: string };

export function parseSocketSelector(text: string, machine: Names): SelectorResult {
  const wrong = (what: string): SelectorResult => ({ ok: false, problem: `${what}: -i ${text}` });
  const [, family, protocol = '', tail = ''] = /^([46])?([^@:]*)(.*)$/s.exec(text) ?? [];
  const wanted = protocol.toLowerCase();
  if (wanted !== '' && wanted !== 'tcp' && wanted !== 'udp')
    return wrong(`unknown protocol name (${protocol}) in`);
  const [, host, ports] = /^(?:@(\[[^\]]*\]|[^:]*))?(?::(.*))?$/s.exec(tail) ?? [];
  if (tail !== '' && host === undefined && ports === undefined)
    return wrong('unacceptable Internet address in');
  if (host === '') return wrong('unacceptable Internet address in');
  const address = host === undefined ? undefined : readAddress(host, machine);
  if (host !== undefined && address === undefined) return wrong(`unknown host name (${host}) in`);
  if (address === '0.0.0.0' && ports === undefined)
    return wrong('incomplete Internet address specification');
  const ranges = ports === undefined ? [] : readPorts(ports, machine, wanted);
  if (typeof ranges === 'string') return wrong(ranges);
  return {
    ok: true,
    value: (row) =>
      (family === undefined || row.family === Number(family)) &&
      (wanted === '' || row.protocol === wanted) &&
      matchesEnds(row, address === '0.0.0.0' ? undefined : address, ranges),
  };
}

function readAddress(host: string, machine: Names): string | undefined {
  const inside = /^\[(.*)\]$/.exec(host)?.[1];
  const number = inside === undefined ? undefined : parseAddress(inside);
  return number === undefined ? (inside ?? machine.resolve(host)) : formatAddress(number);
}

type Range = readonly [low: number, high: number];

/** Either end of the connection may match, address and port together. */
function matchesEnds(
  row: SocketEntry,
  address: string | undefined,
  ranges: readonly Range[],
): boolean {
  const fits = (endAddress: string, port: number) =>
    (address === undefined || endAddress === address) &&
    (ranges.length === 0 ||
      (port !== 0 && ranges.some(([low, high]) => port >= low && port <= high)));
  if (address === undefined && ranges.length === 0) return true;
  return (
    fits(row.localAddress, row.localPort) ||
    (row.remotePort !== 0 && fits(row.remoteAddress, row.remotePort))
  );
}

/** A text is what is wrong. A comma at the very end is passed over. */
function readPorts(text: string, machine: Names, protocol: string): Range[] | string {
  if (text === '') return 'unacceptable port specification in';
  const ranges: Range[] = [];
  for (const part of text.replace(/,$/, '').split(',')) {
    if (part === '') return 'invalid service name';
    const numbers = /^(\d+)(?:-(\d*))?$/.exec(part);
    if (numbers !== null) {
      const low = Number(numbers[1]);
      const high = numbers[2] === undefined ? low : Number(numbers[2]);
      if (numbers[2] === '' || high < low) return 'unacceptable port specification in';
      ranges.push([low, high]);
      continue;
    }
    const entries = machine
      .serviceNames()
      .entries.filter((entry) => entry.name === part || entry.aliases.includes(part))
      .filter((entry) => protocol === '' || entry.protocol === protocol);
    if (entries.length === 0)
      return `unknown service ${part}${protocol === '' ? '' : ` for ${protocol}`} in`;
    for (const entry of entries) ranges.push([entry.port, entry.port]);
  }
  return ranges;
}
