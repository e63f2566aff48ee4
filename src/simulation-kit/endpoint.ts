/** The two halves of an endpoint such as `10.0.0.2:40962` or `[fd00::2]:40962`. */

import type { Endpoint } from '../network/protocol.ts';

export function addressOf(endpoint: Endpoint): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1');
}

/** An address as it is written before a colon and a port: IPv6 in brackets. */
export function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

/** 0 for a wildcard port (`0.0.0.0:*`). */
export function portOf(endpoint: Endpoint): number {
  const port = Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
  return Number.isInteger(port) ? port : 0;
}
