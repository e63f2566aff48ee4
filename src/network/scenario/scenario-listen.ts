/** Reads what a program listens on. */

import { isPort } from '../port-ranges.ts';
import type { ListenSpec } from './scenario.ts';
import { isAddress, isBoolean, isProtocol, isWhole, Reader } from './scenario-reader.ts';

export function readListen(reader: Reader): ListenSpec {
  return {
    protocol: reader.take('protocol', 'protocol', isProtocol, 'tcp'),
    port: reader.take('port', 'port', isPort),
    address: reader.take('address', 'address', isAddress, '0.0.0.0'),
    ...reader.optional('ipv6Only', 'boolean', isBoolean),
    ...reader.optional('backlog', 'backlog', isWhole(0, 65_535)),
    ...reader.optional('accepts', 'boolean', isBoolean),
    ...reader.optional('responds', 'boolean', isBoolean),
    ...reader.optional('answersClose', 'boolean', isBoolean),
    ...reader.optional('reuseAddress', 'boolean', isBoolean),
    ...reader.optional('reusePort', 'boolean', isBoolean),
  };
}

export function parseListen(value: unknown, path: string): ListenSpec {
  const reader = new Reader(value, path);
  const listen = readListen(reader);
  reader.finish();
  return listen;
}
