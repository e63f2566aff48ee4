/**
 * Addresses of either family as the machine's programs write them. An IPv4-mapped address is an IPv4
 * address to everybody but the socket that shows it.
 */

import {
  isIPv6,
  isLoopback,
  mappedIPv4,
  parseAddress,
  formatAddress,
} from '../../network/addresses.ts';
import type { SocketInfo } from '../../network/world.ts';

/** Whether a text is an address, IPv4 also with leading zeros. */
export function isAddress(text: string): boolean {
  if (text.includes(':')) return parseAddress(text) !== undefined;
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** Of a text that is an address: 6 where it is written with colons, IPv4-mapped ones too. */
export function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** The IPv4 address of an IPv4-mapped one; any other as it is. */
export function plainAddress(address: string): string {
  const number = familyOf(address) === 6 ? parseAddress(address) : undefined;
  const mapped = number === undefined ? undefined : mappedIPv4(number);
  return mapped === undefined ? address : formatAddress(mapped);
}

/** 127.0.0.0/8 and `::1`, and the former as an IPv4-mapped address. */
export function isLoopbackAddress(address: string): boolean {
  const number = parseAddress(plainAddress(address));
  return number !== undefined && isLoopback(number);
}

/** Whether a socket that waits for peers hears what is sent to an address. */
export function hears(socket: SocketInfo, address: string): boolean {
  const own = plainAddress(socket.localAddress);
  const asked = plainAddress(address);
  if (own === asked) return true;
  if (familyOf(asked) === 6) return own === '::';
  return own === '0.0.0.0' || (own === '::' && socket.ipv6Only !== true);
}

/** An EUI-64 link-local address, as the kernel makes one of a hardware address (RFC 4291, appendix A). */
export function linkLocalOf(hardware: string): string {
  const bytes = hardware.split(':').map((part) => Number.parseInt(part, 16));
  const [first = 0, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0] = bytes;
  const group = (high: number, low: number): string => ((high << 8) | low).toString(16);
  const text = `fe80::${group(first ^ 2, second)}:${group(third, 0xff)}:${group(0xfe, fourth)}:${group(fifth, sixth)}`;
  const number = parseAddress(text);
  return number !== undefined && isIPv6(number) ? formatAddress(number) : text;
}
