/**
 * IPv4 addresses as unsigned 32-bit numbers and as dotted text. Only the four-part decimal form is
 * read (no leading zeros, no `10.1`), as `inet_pton` does.
 */

import type { Endpoint } from './protocol.ts';

export const WILDCARD_ADDRESS = 0;
/** 127.0.0.1. */
export const LOOPBACK_ADDRESS = 0x7f000001;

/** The address's number, or undefined where the text is no IPv4 address. */
export function parseAddress(text: string): number | undefined {
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

const texts = new Map<number, string>();

/** Dotted text of an address. */
export function formatAddress(address: number): string {
  const known = texts.get(address);
  if (known !== undefined) return known;
  const text = `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
  if (texts.size >= 65_536) texts.clear();
  texts.set(address, text);
  return text;
}

export function formatEndpoint(address: number, port: number): Endpoint {
  return `${formatAddress(address)}:${port}`;
}

/** `10.0.0.1:80` as numbers, or undefined. Port 0 is allowed: a system answers it as any other. */
export function parseEndpoint(text: string): { address: number; port: number } | undefined {
  const match = /^([\d.]+):(0|[1-9]\d{0,4})$/.exec(text);
  if (match === null) return undefined;
  const address = parseAddress(match[1] ?? '');
  const port = Number(match[2]);
  return address === undefined || port > 65_535 ? undefined : { address, port };
}

/** 127.0.0.0/8. */
export function isLoopback(address: number): boolean {
  return address >>> 24 === 127;
}

/** 224.0.0.0/4 and 255.255.255.255: no TCP connection can go there. */
export function isMulticastOrBroadcast(address: number): boolean {
  return address >>> 28 === 14 || address === 0xffff_ffff;
}

/** The mask of a prefix length from 0 to 32. */
export function maskOf(prefixLength: number): number {
  return prefixLength === 0 ? 0 : (0xffff_ffff << (32 - prefixLength)) >>> 0;
}

/** The network and mask of `10.0.0.0/8` or of one address; undefined where the text is neither. */
export function parsePrefix(text: string): { network: number; mask: number } | undefined {
  const [address = '', length = '32', ...rest] = text.split('/');
  const network = parseAddress(address);
  const isLength = /^(\d|[12]\d|3[0-2])$/.test(length);
  if (network === undefined || !isLength || rest.length > 0) return undefined;
  const mask = maskOf(Number(length));
  return { network: (network & mask) >>> 0, mask };
}
