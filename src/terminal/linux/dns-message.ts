/**
 * Questions and answers of DNS as bytes (RFC 1035, EDNS of RFC 6891), one character a byte: what `dig` sends
 * and a name server answers, and what captures show.
 */

import { addressWords, formatAddress, isIPv6, parseAddress } from '../../network/addresses.ts';

export const recordTypes = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  ANY: 255,
} as const;

export type RecordType = keyof typeof recordTypes;

export type ResponseCode = 'NOERROR' | 'FORMERR' | 'SERVFAIL' | 'NXDOMAIN' | 'NOTIMP' | 'REFUSED';

export const responseCodes: readonly ResponseCode[] = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
];

export interface DnsRecord {
  /** Without the dot at its end. */
  readonly name: string;
  readonly type: 'A' | 'AAAA' | 'PTR';
  readonly ttl: number;
  /** An address, or a name. */
  readonly data: string;
}

export interface DnsMessage {
  readonly id: number;
  readonly isResponse: boolean;
  readonly isAuthoritative: boolean;
  /** Whether the asker wants the server to ask others, and whether it would. */
  readonly wantsRecursion: boolean;
  readonly offersRecursion: boolean;
  readonly code: ResponseCode;
  readonly name: string;
  readonly type: RecordType;
  readonly answers: readonly DnsRecord[];
  /** The largest datagram it takes; null: no EDNS. */
  readonly ednsSize: number | null;
  /** Eight bytes of the asker's own, which dig sends along (RFC 7873); '' for none. */
  readonly cookie: string;
}

const IN = 1;
const OPT = 41;
const COOKIE = 10;

const word = (value: number) => String.fromCharCode((value >>> 8) & 0xff, value & 0xff);
const long = (value: number) => word(value >>> 16) + word(value & 0xffff);

function encodeName(name: string): string {
  const labels = name.split('.').filter((label) => label !== '');
  return `${labels.map((label) => String.fromCharCode(label.length) + label).join('')}\0`;
}

function encodeData({ data, type }: DnsRecord): string {
  if (type === 'PTR') return encodeName(data);
  const number = parseAddress(data) ?? 0;
  return isIPv6(number) ? addressWords(number).map(long).join('') : long(number);
}

export function encodeMessage(message: DnsMessage): string {
  const { answers, code, cookie, ednsSize, id, name, type } = message;
  const flags =
    (message.isResponse ? 0x8000 : 0) |
    (message.isAuthoritative ? 0x0400 : 0) |
    (message.wantsRecursion ? 0x0100 : 0) |
    (message.offersRecursion ? 0x0080 : 0) |
    // dig says that it understands signed answers (RFC 6840).
    (cookie === '' ? 0 : 0x0020) |
    responseCodes.indexOf(code);
  const head = [id, flags, 1, answers.length, 0, ednsSize === null ? 0 : 1].map(word).join('');
  const question = encodeName(name) + word(recordTypes[type]) + word(IN);
  // The name of each is the question's: a pointer to it.
  const records = answers.map((record) => {
    const data = encodeData(record);
    const fixed = word(0xc00c) + word(recordTypes[record.type]) + word(IN) + long(record.ttl);
    return fixed + word(data.length) + data;
  });
  const option = cookie === '' ? '' : word(COOKIE) + word(cookie.length) + cookie;
  const edns =
    ednsSize === null
      ? ''
      : `\0${word(OPT)}${word(ednsSize)}${long(0)}${word(option.length)}${option}`;
  return head + question + records.join('') + edns;
}

/** Reads a message's head and question; null where it is none. Records are not needed of what is sent here. */
export function decodeQuestion(
  bytes: string,
): Pick<DnsMessage, 'id' | 'isResponse' | 'wantsRecursion' | 'name' | 'type' | 'ednsSize'> | null {
  const number = (at: number) => (bytes.charCodeAt(at) << 8) | bytes.charCodeAt(at + 1);
  if (bytes.length < 17) return null;
  const labels: string[] = [];
  let at = 12;
  for (let size = bytes.charCodeAt(at); size > 0; size = bytes.charCodeAt(at)) {
    if (size > 63 || at + size >= bytes.length) return null;
    labels.push(bytes.slice(at + 1, at + 1 + size));
    at += size + 1;
  }
  const code = number(at + 1);
  const type = (Object.keys(recordTypes) as RecordType[]).find((one) => recordTypes[one] === code);
  if (type === undefined || at + 5 > bytes.length) return null;
  const hasEdns = number(10) > 0 && bytes.length >= at + 5 + 11;
  return {
    id: number(0),
    isResponse: (number(2) & 0x8000) !== 0,
    wantsRecursion: (number(2) & 0x0100) !== 0,
    name: labels.join('.'),
    type,
    ednsSize: hasEdns ? number(at + 5 + 3) : null,
  };
}

/** The name under which an address is asked for: RFC 1035 §3.5, RFC 3596 §2.5. Undefined for no address. */
export function reverseName(address: string): string | undefined {
  const number = parseAddress(address);
  if (number === undefined) return undefined;
  if (!isIPv6(number))
    return `${formatAddress(number).split('.').reverse().join('.')}.in-addr.arpa`;
  const digits = addressWords(number).map((part) => (part >>> 0).toString(16).padStart(8, '0'));
  return `${Array.from(digits.join('')).reverse().join('.')}.ip6.arpa`;
}
