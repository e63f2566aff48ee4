/**
 * The words of the filter language of `ss` as its reader takes them (iproute2 6.1, misc/ssfilter.y
 * and parse_hostcond in misc/ss.c): states, hosts and ports. Words are parted by blanks and by
 * nothing else. Left out: Unix, netlink, packet and vsock addresses, `cgroup`.
 */

import { addressWords, parseAddress } from '../../network/addresses.ts';
import type { SocketEntryState, SocketEntry } from './socket-entry.ts';
import type { ServiceNames } from './service-names.ts';

/** What a wrong filter makes `ss` print, and its exit status. */
export class FilterError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

const connected: readonly SocketEntryState[] = [
  'SYN-SENT',
  'SYN-RECV',
  'ESTAB',
  'FIN-WAIT-1',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'CLOSING',
  'LAST-ACK',
  'TIME-WAIT',
];
const all: readonly SocketEntryState[] = [...connected, 'LISTEN', 'UNCONN'];
const bucket: readonly SocketEntryState[] = ['SYN-RECV', 'TIME-WAIT'];

export const allStates: ReadonlySet<SocketEntryState> = new Set(all);

const stateGroups: Readonly<Record<string, readonly SocketEntryState[]>> = {
  all,
  connected,
  synchronized: connected.filter((state) => state !== 'SYN-SENT'),
  bucket,
  big: all.filter((state) => !bucket.includes(state)),
  established: ['ESTAB'],
  'syn-sent': ['SYN-SENT'],
  'syn-recv': ['SYN-RECV'],
  'syn-rcv': ['SYN-RECV'],
  'fin-wait-1': ['FIN-WAIT-1'],
  'fin-wait-2': ['FIN-WAIT-2'],
  'time-wait': ['TIME-WAIT'],
  unconnected: ['UNCONN'],
  close: ['UNCONN'],
  closed: ['UNCONN'],
  'close-wait': ['CLOSE-WAIT'],
  'last-ack': ['LAST-ACK'],
  listening: ['LISTEN'],
  closing: ['CLOSING'],
  unknown: [],
};

/** The states behind a name after `state` or `exclude`, in any case of letters. */
export function statesNamed(name: string): readonly SocketEntryState[] {
  const group = stateGroups[name.toLowerCase()];
  if (group === undefined) throw new FilterError(`ss: wrong state name: ${name}`, 255);
  return group;
}

/** An address with its length in bits, or any; a port, or any. */
export interface HostCondition {
  readonly address: { readonly family: 4 | 6; readonly bits: string } | undefined;
  readonly port: number | undefined;
}

export interface NameLookup {
  readonly services: ServiceNames;
  /** An address for a host's name. */
  resolve(name: string): string | undefined;
}

const unreadable = 'Cannot parse dst/src address.';

/** @param isPort whether the last keyword was `sport` or `dport`: the word is a port then */
export function readHostCondition(word: string, isPort: boolean, names: NameLookup): HostCondition {
  if (isPort)
    return {
      address: undefined,
      port: word.startsWith('*') ? undefined : readPort(word.replace(/^:/, ''), names),
    };
  const [, family, rest = ''] = /^(?:(inet6?):)?(.*)$/s.exec(word) ?? [];
  if (rest.startsWith('[')) {
    const end = rest.indexOf(']');
    const tail = end === -1 ? '' : rest.slice(end + 1);
    const address = addressBits(rest.slice(1, end === -1 ? undefined : end), names, 6);
    return { address, port: readPort(tail.replace(/^:/, ''), names) };
  }
  const colon = rest.lastIndexOf(':');
  const host = colon === -1 ? rest : rest.slice(0, colon);
  const port = readPort(colon === -1 ? '' : rest.slice(colon + 1), names);
  if (host === '' || host === '*') return { address: undefined, port };
  return { address: addressBits(host, names, family === 'inet6' ? 6 : 4), port };
}

/** Numbers in C's notation (`0x1bb`, `0443`), or a service's name; −1 and `*` are any port. */
function readPort(text: string, names: NameLookup): number | undefined {
  if (text === '' || text === '*') return undefined;
  if (/^[+-]?(?:0x[0-9a-f]+|\d+)$/i.test(text)) {
    const digits = text.replace(/^[+-]/, '');
    const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
    return text.startsWith('-') ? (value === 1 ? undefined : -value) : value;
  }
  const { services } = names;
  const entry = services.byName(text, 'tcp') ?? services.byName(text, 'udp');
  if (entry === undefined)
    throw new FilterError(`Error: "${text}" does not look like a port.\n${unreadable}`, 1);
  return entry.port;
}

function addressBits(
  text: string,
  names: NameLookup,
  family: 4 | 6,
): HostCondition['address'] | undefined {
  if (['default', 'any', 'all'].includes(text)) return undefined;
  const [host = '', mask] = text.split('/');
  const whole = family === 6 || host.includes(':') ? sixBits(host) : fourBits(host);
  const named = whole === undefined && mask === undefined ? names.resolve(host) : undefined;
  const bits = whole ?? (named === undefined ? undefined : (fourBits(named) ?? sixBits(named)));
  const length = mask === undefined ? bits?.length : maskLength(mask);
  if (bits === undefined || length === undefined || length > bits.length)
    throw new FilterError(
      `Error: an inet prefix is expected rather than "${text}".\n${unreadable}`,
      1,
    );
  return { family: bits.length === 32 ? 4 : 6, bits: bits.slice(0, length) };
}

/** `10.0.0.2`, and as iproute2 reads fewer parts: `127` is 127.0.0.0. */
function fourBits(text: string): string | undefined {
  const parts = text.split('.');
  if (parts.length > 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    return undefined;
  return [0, 1, 2, 3].map((at) => binary(Number(parts[at] ?? 0), 8)).join('');
}

function sixBits(text: string): string | undefined {
  const address = text.includes(':') ? parseAddress(text) : undefined;
  return address === undefined
    ? undefined
    : addressWords(address)
        .map((word) => binary(word, 32))
        .join('');
}

function maskLength(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  const bits = text.includes('.') ? fourBits(text) : undefined;
  return bits === undefined ? undefined : /^(1*)0*$/.exec(bits)?.[1]?.length;
}

function binary(value: number, digits: number): string {
  return value.toString(2).padStart(digits, '0');
}

export function matchesHost(condition: HostCondition, row: SocketEntry, side: 'src' | 'dst') {
  const { address, port } = condition;
  const rowPort = side === 'src' ? row.localPort : row.remotePort;
  if (port !== undefined && rowPort !== port) return false;
  if (address === undefined || address.bits === '')
    return address?.family !== 4 || row.family === 4;
  if (address.family !== row.family) return false;
  const text = side === 'src' ? row.localAddress : row.remoteAddress;
  const bits = row.family === 4 ? fourBits(text) : sixBits(text);
  return bits?.startsWith(address.bits) ?? false;
}
