/**
 * IPv4 and IPv6 addresses as numbers and as text. An IPv4 address is its unsigned 32-bit number. 128 bits
 * are more than a number can hold: each IPv6 address that is named gets a number of its own above them,
 * by which it is compared and found; nothing else may depend on which number it is. What depends on
 * the address itself takes its words (`addressWords`).
 *
 * IPv4 is read in four decimal parts only (no leading zeros, no `10.1`), IPv6 in all forms of RFC 4291,
 * section 2.2, without zones, both as `inet_pton` does. IPv6 is written as RFC 5952 says.
 */

import type { Endpoint } from './protocol.ts';

export const WILDCARD_ADDRESS = 0;
/** 127.0.0.1. */
export const LOOPBACK_ADDRESS = 0x7f000001;

const FIRST_IPV6 = 2 ** 32;

/** Four 32-bit words, the most significant first. */
type Words = readonly [number, number, number, number];

/** The IPv6 addresses by their numbers, less FIRST_IPV6. */
const wordsOf: Words[] = [];
const numberOf = new Map<string, number>();

/** `::`. */
export const WILDCARD_IPV6 = numberFor([0, 0, 0, 0]);
/** `::1`. */
export const LOOPBACK_IPV6 = numberFor([0, 0, 0, 1]);

function numberFor(words: Words): number {
  const key = words.join();
  let number = numberOf.get(key);
  if (number === undefined) {
    number = FIRST_IPV6 + wordsOf.length;
    wordsOf.push(words);
    numberOf.set(key, number);
  }
  return number;
}

/** Whether an address's number stands for an IPv6 address. */
export function isIPv6(address: number): boolean {
  return address >= FIRST_IPV6;
}

/** The address as unsigned 32-bit words, the most significant first: one of IPv4, four of IPv6. */
export function addressWords(address: number): readonly number[] {
  return wordsOf[address - FIRST_IPV6] ?? [address];
}

/** An unsigned 32-bit number that depends on all bits of the address and on nothing else. */
export function foldAddress(address: number): number {
  if (!isIPv6(address)) return address;
  return addressWords(address).reduce((folded, word) => (Math.imul(folded, 31) + word) >>> 0, 0);
}

/** The address's number, or undefined where the text is no address. */
export function parseAddress(text: string): number | undefined {
  if (!text.includes(':')) return parseIPv4(text);
  const words = parseIPv6(text);
  return words === undefined ? undefined : numberFor(words);
}

function parseIPv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part)) return undefined;
    const byte = Number(part);
    if (byte > 255) return undefined;
    address = address * 256 + byte;
  }
  return address;
}

function parseIPv6(text: string): Words | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = '', tail] = halves;
  const isShort = tail !== undefined;
  // An IPv4 address may be what the text ends with.
  const left = parseGroups(head, !isShort);
  const right = parseGroups(tail ?? '', true);
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (isShort ? missing < 1 : missing !== 0) return undefined;
  const groups = [...left, ...Array.from({ length: missing }, () => 0), ...right];
  const word = (index: number): number =>
    ((groups[2 * index] ?? 0) * 0x10000 + (groups[2 * index + 1] ?? 0)) >>> 0;
  return [word(0), word(1), word(2), word(3)];
}

/** The 16-bit groups between single colons; none of an empty text. */
function parseGroups(text: string, mayEndInIPv4: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const isLast = mayEndInIPv4 && index === parts.length - 1;
    const address = isLast ? parseIPv4(part) : undefined;
    if (address === undefined) return undefined;
    groups.push(address >>> 16, address & 0xffff);
  }
  return groups;
}

const texts = new Map<number, string>();

/** The address as text: dotted IPv4, or IPv6 after RFC 5952. */
export function formatAddress(address: number): string {
  const known = texts.get(address);
  if (known !== undefined) return known;
  const text = isIPv6(address) ? formatIPv6(address) : formatIPv4(address);
  if (texts.size >= 65_536) texts.clear();
  texts.set(address, text);
  return text;
}

function formatIPv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
}

/** RFC 5952, section 4: lower case, no leading zeros, `::` for the first longest run of two or more. */
function formatIPv6(address: number): string {
  const mapped = mappedIPv4(address);
  if (mapped !== undefined) return `::ffff:${formatIPv4(mapped)}`;
  const groups = addressWords(address).flatMap((word) => [word >>> 16, word & 0xffff]);
  let start = 0;
  let length = 1;
  for (let from = 0; from < 8; from++) {
    let to = from;
    while (groups[to] === 0) to++;
    if (to - from > length) {
      start = from;
      length = to - from;
    }
  }
  const hex = (part: readonly number[]): string =>
    part.map((group) => group.toString(16)).join(':');
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

/** The IPv4 address in `::ffff:10.0.0.2` (RFC 4291, section 2.5.5.2), or undefined. */
export function mappedIPv4(address: number): number | undefined {
  if (!isIPv6(address)) return undefined;
  const [first, second, third, fourth] = addressWords(address);
  return first === 0 && second === 0 && third === 0xffff ? fourth : undefined;
}

/** `::ffff:10.0.0.2` of 10.0.0.2. */
export function mapIPv4(address: number): number {
  return numberFor([0, 0, 0xffff, address]);
}

/** `10.0.0.2:80` or `[fd00::2]:80`. */
export function formatEndpoint(address: number, port: number): Endpoint {
  return isIPv6(address)
    ? `[${formatAddress(address)}]:${port}`
    : `${formatAddress(address)}:${port}`;
}

/** One end of a connection, as numbers. */
export interface EndpointNumbers {
  readonly address: number;
  readonly port: number;
}

const endpoints = new Map<string, EndpointNumbers>();

/**
 * `10.0.0.1:80` or `[fd00::1]:80` as numbers, or undefined. Port 0 is allowed: a system answers it as
 * any other.
 */
export function parseEndpoint(text: string): EndpointNumbers | undefined {
  const known = endpoints.get(text);
  if (known !== undefined) return known;
  const endpoint = readEndpoint(text);
  if (endpoints.size >= 65_536) endpoints.clear();
  if (endpoint !== undefined) endpoints.set(text, endpoint);
  return endpoint;
}

function readEndpoint(text: string): EndpointNumbers | undefined {
  const match = /^(?:([\d.]+)|\[([\da-f:.]+)\]):(0|[1-9]\d{0,4})$/i.exec(text);
  if (match === null) return undefined;
  const address = parseAddress(match[1] ?? match[2] ?? '');
  const port = Number(match[3]);
  if (address === undefined || port > 65_535) return undefined;
  return isIPv6(address) === (match[2] !== undefined) ? { address, port } : undefined;
}

/** 127.0.0.0/8 and `::1`. */
export function isLoopback(address: number): boolean {
  return isIPv6(address) ? address === LOOPBACK_IPV6 : address >>> 24 === 127;
}

/** 224.0.0.0/4, 255.255.255.255 and ff00::/8: no TCP connection can go there. */
export function isMulticastOrBroadcast(address: number): boolean {
  if (isIPv6(address)) return (addressWords(address)[0] ?? 0) >>> 24 === 0xff;
  return address >>> 28 === 14 || address === 0xffff_ffff;
}

/** fe80::/10: an address that means something on one link only. */
export function isLinkLocal(address: number): boolean {
  return isIPv6(address) && (addressWords(address)[0] ?? 0) >>> 22 === 0x3fa;
}

/** Neighbouring addresses of one family: those whose first `length` bits are the network's. */
export interface AddressPrefix {
  readonly network: number;
  /** 0–32 of IPv4, 0–128 of IPv6. */
  readonly length: number;
}

/** `10.0.0.0/8`, `fd00::/8`, or one address; undefined where the text is neither. Bits past the length are passed over. */
export function parsePrefix(text: string): AddressPrefix | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const network = parseAddress(address);
  if (network === undefined || rest.length > 0) return undefined;
  const whole = isIPv6(network) ? 128 : 32;
  if (length === undefined) return { network, length: whole };
  const bits = /^(0|[1-9]\d{0,2})$/.test(length) ? Number(length) : NaN;
  return bits <= whole ? { network, length: bits } : undefined;
}

/** Whether an address lies in a prefix. */
export function isWithin({ network, length }: AddressPrefix, address: number): boolean {
  if (isIPv6(network) !== isIPv6(address)) return false;
  if (!isIPv6(network)) return ((network ^ address) & maskOf(length)) === 0;
  const words = addressWords(address);
  return addressWords(network).every((word, index) => {
    const bits = Math.max(0, Math.min(32, length - 32 * index));
    return ((word ^ (words[index] ?? 0)) & maskOf(bits)) === 0;
  });
}

/** The mask of a prefix length from 0 to 32. */
export function maskOf(prefixLength: number): number {
  return prefixLength === 0 ? 0 : (0xffff_ffff << (32 - prefixLength)) >>> 0;
}
