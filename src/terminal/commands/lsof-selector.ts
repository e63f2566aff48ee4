/** The argument of `lsof -i`: `[46][protocol][@host][:port,port-port]`. */

import type { SocketRow } from '../formats/socket-row.ts';
import type { LinuxHost } from '../linux/linux-host.ts';

export type SocketSelector = (row: SocketRow) => boolean;

export function parseSocketSelector(
  text: string,
  machine: Pick<LinuxHost, 'resolve' | 'serviceNames'>,
):
  | { readonly ok: true; readonly value: SocketSelector }
  | { readonly ok: false; readonly problem: string } {
  const match = /^([46])?([a-z]*)(?:@([^:]+))?(?::(.*))?$/i.exec(text);
  if (match === null) return { ok: false, problem: `unacceptable Internet address` };
  const [, family, protocol = '', host, ports] = match;
  const wantedProtocol = protocol.toLowerCase();
  if (wantedProtocol !== '' && wantedProtocol !== 'tcp' && wantedProtocol !== 'udp') {
    return { ok: false, problem: `unknown protocol name (${protocol})` };
  }
  const address = host === undefined ? undefined : machine.resolve(host);
  if (host !== undefined && address === undefined)
    return { ok: false, problem: `unknown host name (${host})` };
  const ranges = ports === undefined ? [] : readPorts(ports, machine);
  if (ranges === undefined)
    return {
      ok: false,
      problem: `unknown service ${ports ?? ''} for ${wantedProtocol === '' ? 'TCP/UDP' : wantedProtocol.toUpperCase()}`,
    };
  return {
    ok: true,
    value: (row) =>
      (family === undefined || row.family === Number(family)) &&
      (wantedProtocol === '' || row.protocol === wantedProtocol) &&
      matchesEnds(row, address, ranges),
  };
}

type Range = readonly [low: number, high: number];

/** Either end of the connection may match, address and port together. */
function matchesEnds(
  row: SocketRow,
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

function readPorts(text: string, machine: Pick<LinuxHost, 'serviceNames'>): Range[] | undefined {
  const ranges: Range[] = [];
  for (const part of text.split(',')) {
    const numbers = /^(\d+)(?:-(\d+))?$/.exec(part);
    if (numbers !== null) {
      ranges.push([Number(numbers[1]), Number(numbers[2] ?? numbers[1])]);
      continue;
    }
    const entries = machine
      .serviceNames()
      .entries.filter((entry) => entry.name === part || entry.aliases.includes(part));
    if (entries.length === 0) return undefined;
    for (const entry of entries) ranges.push([entry.port, entry.port]);
  }
  return ranges;
}
