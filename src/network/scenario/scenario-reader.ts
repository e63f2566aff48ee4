/**
 * Reads unknown input field by field. What it refuses it refuses with the place in the document, a
 * code for what was expected and what was found instead; the words for people are made elsewhere.
 */

import {
  isIPv6,
  isLinkLocal,
  isLoopback,
  isMulticastOrBroadcast,
  mappedIPv4,
  parseAddress,
  parseEndpoint,
  WILDCARD_IPV6,
} from '../addresses.ts';
import type { Protocol } from '../protocol.ts';

/** What should have been there. */
export type Expected =
  | 'object'
  | 'array'
  | 'string'
  | 'boolean'
  | 'known-key'
  | 'value'
  | 'version-1'
  | 'seed'
  | 'port'
  | 'time'
  | 'bytes'
  | 'count'
  | 'backlog'
  | 'protocol'
  | 'address'
  | 'host-address'
  | 'ipv4-host-address'
  | 'address-family'
  | 'new-address'
  | 'endpoint'
  | 'name'
  | 'new-name'
  | 'known-os'
  | 'known-host'
  | 'action'
  | 'one-of-connection-or-connections'
  | 'all'
  | 'sysctl-key'
  | 'sysctl-value'
  | 'fewer-connections'
  | 'fewer-hosts'
  | 'fewer-actions'
  | 'fewer-nats'
  | 'chain'
  | 'policy'
  | 'verdict'
  | 'flow-state'
  | 'rejection'
  | 'prefix'
  | 'prefix-length'
  | 'ipv6-prefix-length'
  | 'timer-hz'
  | 'port-match'
  | 'port-pool'
  | 'dependence'
  | 'when-full'
  | 'router-behaviour'
  | 'host-not-behind-another';

/**
 * Limits that keep a pasted scenario from using up a machine: a million connections take minutes in
 * a browser but end; a real host could not hold more hosts' worth of them either.
 */
export const SCENARIO_LIMITS = { hosts: 1000, actions: 100_000, connections: 1_000_000 } as const;

export class ScenarioError extends Error {
  /** As in `hosts[1].listen[0].port`; empty for the whole document. */
  readonly path: string;
  readonly expected: Expected;
  /** The offending value as JSON, shortened; `nothing` where it is missing. */
  readonly found: string;

  constructor(path: string, expected: Expected, found: unknown) {
    const shown = show(found);
    super(`${path}: ${expected}: ${shown}`);
    this.name = 'ScenarioError';
    this.path = path;
    this.expected = expected;
    this.found = shown;
  }
}

const LONGEST_SHOWN = 60;
/** Names go into traces, tables and addresses: one word, not too long, no `#`, which counts. */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.:-]{0,63}$/u;

function show(found: unknown): string {
  if (found === undefined) return 'nothing';
  if (typeof found === 'number') return String(found);
  const text = JSON.stringify(found);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN - 1)}…` : text;
}

export type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the fields of one object, and refuses those that nobody has read. */
export class Reader {
  readonly path: string;
  readonly fields: Fields;
  private readonly known = new Set<string>();

  constructor(value: unknown, path: string) {
    if (!isObject(value)) throw new ScenarioError(path, 'object', value);
    this.path = path;
    this.fields = value;
  }

  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  has(key: string): boolean {
    this.known.add(key);
    return this.fields[key] !== undefined;
  }

  take<T>(
    key: string,
    expected: Expected,
    isGood: (value: unknown) => value is T,
    fallback?: T,
  ): T {
    this.known.add(key);
    const value = this.fields[key];
    if (value === undefined && fallback !== undefined) return fallback;
    if (!isGood(value)) throw new ScenarioError(this.at(key), expected, value);
    return value;
  }

  /** The field under its key where it is there, else nothing. */
  optional<Key extends string, T>(
    key: Key,
    expected: Expected,
    isGood: (value: unknown) => value is T,
  ): Readonly<Partial<Record<Key, T>>> {
    const found = this.has(key) ? { [key]: this.take(key, expected, isGood) } : {};
    return found as Readonly<Partial<Record<Key, T>>>;
  }

  list<T>(key: string, read: (value: unknown, path: string) => T): T[] {
    const values = this.take(key, 'array', isArray, []);
    return values.map((value, index) => read(value, `${this.at(key)}[${index}]`));
  }

  /** The value under a key, whatever it is. */
  required(key: string): unknown {
    this.known.add(key);
    return this.fields[key];
  }

  finish(): void {
    for (const key of Object.keys(this.fields)) {
      if (!this.known.has(key)) throw new ScenarioError(this.at(key), 'known-key', key);
    }
  }
}

export const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
export const isString = (value: unknown): value is string => typeof value === 'string';
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
/** One of these words. */
export const oneOf =
  <const T extends string>(...words: readonly T[]) =>
  (value: unknown): value is T =>
    words.some((word) => word === value);
export const isWhole =
  (low: number, high: number) =>
  (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
export const isBytes = isWhole(0, 65_535);
export const isCount = isWhole(1, SCENARIO_LIMITS.connections);
/** Up to 2^45 ms, a thousand years: sums of times stay exact. */
export const isTime = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= 2 ** 45;
export const isProtocol = (value: unknown): value is Protocol => value === 'tcp' || value === 'udp';
export const isAddress = (value: unknown): value is string =>
  isString(value) && parseAddress(value) !== undefined;
export const isEndpoint = (value: unknown): value is string =>
  isString(value) && parseEndpoint(value) !== undefined;
export const isName = (value: unknown): value is string => isString(value) && NAME.test(value);
export const isConnectionName = (value: unknown): value is string =>
  isString(value) && NAME.test(value.replace(/#\d+$/, ''));

/**
 * A host's own address: not the wildcard, loopback, multicast, reserved or broadcast; of IPv6 neither
 * IPv4-mapped nor link-local.
 */
export function isHostAddress(value: unknown): value is string {
  if (!isString(value)) return false;
  const address = parseAddress(value);
  if (address === undefined || !isIPv6(address)) return isIPv4HostAddress(value);
  const isSpecial =
    address === WILDCARD_IPV6 ||
    isLoopback(address) ||
    isMulticastOrBroadcast(address) ||
    isLinkLocal(address);
  return !isSpecial && mappedIPv4(address) === undefined;
}

/** The same of IPv4 alone. */
export function isIPv4HostAddress(value: unknown): value is string {
  if (!isString(value)) return false;
  const address = parseAddress(value);
  if (address === undefined || isIPv6(address)) return false;
  const first = address >>> 24;
  return first > 0 && first !== 127 && first < 224;
}
