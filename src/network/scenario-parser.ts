/**
 * Makes a `Scenario` of unknown input: checks every field, fills in the defaults, puts the actions in
 * order of time (at one moment they keep the document's order). What it refuses it refuses with the
 * place in the document, a code for what was expected and what was found instead; the words for
 * people are made elsewhere. Written by hand because it ships inside a small widget.
 */

import { parseAddress, parseEndpoint } from './addresses.ts';
import { profileOf } from './os-profiles/profiles.ts';
import type { Action, HostSpec, ListenSpec, Protocol, Scenario } from './scenario.ts';
import { SysctlTable } from './sysctl/sysctl-table.ts';

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
  | 'fewer-actions';

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

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads the fields of one object, and refuses those that nobody has read. */
class Reader {
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
    if (!this.has(key)) return {};
    return { [key]: this.take(key, expected, isGood) } as Readonly<Partial<Record<Key, T>>>;
  }

  list<T>(key: string, read: (value: unknown, path: string) => T): T[] {
    const values = this.take(key, 'array', isArray, []);
    return values.map((value, index) => read(value, `${this.at(key)}[${index}]`));
  }

  finish(): void {
    for (const key of Object.keys(this.fields)) {
      if (!this.known.has(key)) throw new ScenarioError(this.at(key), 'known-key', key);
    }
  }
}

const isArray = (value: unknown): value is unknown[] => Array.isArray(value);
const isString = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isWhole =
  (low: number, high: number) =>
  (value: unknown): value is number =>
    Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
const isPort = isWhole(0, 65_535);
const isBytes = isWhole(0, 65_535);
const isCount = isWhole(1, SCENARIO_LIMITS.connections);
/** Up to 2^45 ms, a thousand years: sums of times stay exact. */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= 2 ** 45;
const isProtocol = (value: unknown): value is Protocol => value === 'tcp' || value === 'udp';
const isAddress = (value: unknown): value is string =>
  isString(value) && parseAddress(value) !== undefined;
const isEndpoint = (value: unknown): value is string =>
  isString(value) && parseEndpoint(value) !== undefined;
const isName = (value: unknown): value is string => isString(value) && NAME.test(value);
const isConnectionName = (value: unknown): value is string =>
  isString(value) && NAME.test(value.replace(/#\d+$/, ''));

/** A host's own address: not the wildcard, loopback, multicast, reserved or broadcast. */
function isHostAddress(value: unknown): value is string {
  if (!isString(value)) return false;
  const address = parseAddress(value);
  if (address === undefined) return false;
  const first = address >>> 24;
  return first > 0 && first !== 127 && first < 224;
}

/** Throws a ScenarioError where the input is no valid scenario. */
export function parseScenario(input: unknown): Scenario {
  const reader = new Reader(input, '');
  reader.take('version', 'version-1', (value): value is 1 => value === 1);
  const seed = reader.take('seed', 'seed', isWhole(0, 0xffff_ffff), 1);
  const latencyMs = reader.take('latencyMs', 'time', isTime, 10);
  const untilMs = reader.optional('untilMs', 'time', isTime);
  if (!reader.has('hosts')) throw new ScenarioError('hosts', 'array', undefined);
  const hosts = reader.list('hosts', parseHost);
  checkHosts(hosts);
  const names = new Set(hosts.map((host) => host.name));
  const actions = new ActionParser(names).parse(reader);
  reader.finish();
  return { version: 1, seed, latencyMs, ...untilMs, hosts, actions };
}

function parseHost(value: unknown, path: string): HostSpec {
  const reader = new Reader(value, path);
  const name = reader.take('name', 'name', isName);
  const os = reader.take(
    'os',
    'known-os',
    (id): id is string => isString(id) && profileOf(id) !== undefined,
  );
  const addresses = parseAddresses(reader);
  const sysctl = parseSysctl(reader, os);
  const listen = reader.list('listen', parseListen);
  reader.finish();
  return { name, os, addresses, sysctl, listen };
}

function parseAddresses(reader: Reader): readonly string[] {
  if (!reader.has('addresses')) return [reader.take('address', 'host-address', isHostAddress)];
  if (reader.has('address')) throw new ScenarioError(reader.at('address'), 'known-key', 'address');
  const addresses = reader.list('addresses', (address, path) => {
    if (!isHostAddress(address)) throw new ScenarioError(path, 'host-address', address);
    return address;
  });
  if (addresses.length === 0) throw new ScenarioError(reader.at('addresses'), 'host-address', []);
  return addresses;
}

/** The system itself says what it takes. */
function parseSysctl(reader: Reader, os: string): Readonly<Record<string, string>> {
  const values = reader.take('sysctl', 'object', isObject, {});
  const table = new SysctlTable(profileOf(os)?.settings ?? []);
  const sysctl: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    const path = `${reader.at('sysctl')}[${JSON.stringify(key)}]`;
    if (!isString(value)) throw new ScenarioError(path, 'string', value);
    const result = table.set(key, value);
    if (!result.ok)
      throw new ScenarioError(
        path,
        result.error === 'ENOENT' ? 'sysctl-key' : 'sysctl-value',
        value,
      );
    sysctl[key] = value;
  }
  return sysctl;
}

function readListen(reader: Reader): ListenSpec {
  return {
    protocol: reader.take('protocol', 'protocol', isProtocol, 'tcp'),
    port: reader.take('port', 'port', isPort),
    address: reader.take('address', 'address', isAddress, '0.0.0.0'),
    ...reader.optional('backlog', 'backlog', isWhole(0, 65_535)),
    ...reader.optional('accepts', 'boolean', isBoolean),
    ...reader.optional('responds', 'boolean', isBoolean),
    ...reader.optional('answersClose', 'boolean', isBoolean),
    ...reader.optional('reuseAddress', 'boolean', isBoolean),
    ...reader.optional('reusePort', 'boolean', isBoolean),
  };
}

function parseListen(value: unknown, path: string): ListenSpec {
  const reader = new Reader(value, path);
  const listen = readListen(reader);
  reader.finish();
  return listen;
}

function checkHosts(hosts: readonly HostSpec[]): void {
  if (hosts.length > SCENARIO_LIMITS.hosts)
    throw new ScenarioError('hosts', 'fewer-hosts', hosts.length);
  const names = new Set<string>();
  const addresses = new Set<string>();
  for (const [index, host] of hosts.entries()) {
    if (names.has(host.name))
      throw new ScenarioError(`hosts[${index}].name`, 'new-name', host.name);
    names.add(host.name);
    for (const address of host.addresses) {
      if (addresses.has(address))
        throw new ScenarioError(`hosts[${index}].addresses`, 'new-address', address);
      addresses.add(address);
    }
  }
}

class ActionParser {
  private readonly hosts: ReadonlySet<string>;
  private readonly names = new Set<string>();
  private connections = 0;
  private unnamed = 0;

  constructor(hosts: ReadonlySet<string>) {
    this.hosts = hosts;
  }

  parse(document: Reader): readonly Action[] {
    const values = document.take('actions', 'array', isArray, []);
    if (values.length > SCENARIO_LIMITS.actions)
      throw new ScenarioError('actions', 'fewer-actions', values.length);
    const given = values.flatMap((value) =>
      isObject(value) && isString(value['as']) ? [value['as']] : [],
    );
    const taken = new Set(given);
    const actions = values.map((value, index) =>
      this.parseAction(value, `actions[${index}]`, taken),
    );
    return actions.sort((a, b) => a.atMs - b.atMs);
  }

  private parseAction(value: unknown, path: string, taken: ReadonlySet<string>): Action {
    const reader = new Reader(value, path);
    const atMs = reader.take('atMs', 'time', isTime);
    const name = reader.take('do', 'action', isString);
    const action = this.read(reader, atMs, name, taken);
    reader.finish();
    return action;
  }

  private read(reader: Reader, atMs: number, name: string, taken: ReadonlySet<string>): Action {
    switch (name) {
      case 'listen':
        return { atMs, do: name, host: this.host(reader, 'host'), ...readListen(reader) };
      case 'unlisten':
        return {
          atMs,
          do: name,
          host: this.host(reader, 'host'),
          protocol: reader.take('protocol', 'protocol', isProtocol, 'tcp'),
          port: reader.take('port', 'port', isPort),
          address: reader.take('address', 'address', isAddress, '0.0.0.0'),
        };
      case 'connect':
        return {
          atMs,
          do: name,
          from: this.host(reader, 'from'),
          to: reader.take('to', 'endpoint', isEndpoint),
          protocol: reader.take('protocol', 'protocol', isProtocol, 'tcp'),
          ...reader.optional('localAddress', 'address', isAddress),
          ...reader.optional('localPort', 'port', isPort),
          as: this.newName(reader, 'connection', taken),
          ...this.count(reader),
          everyMs: reader.take('everyMs', 'time', isTime, 0),
          ...reader.optional('request', 'bytes', isBytes),
          ...reader.optional('response', 'bytes', isBytes),
          ...reader.optional('closeAfterMs', 'time', isTime),
          ...reader.optional('reuseAddress', 'boolean', isBoolean),
          ...reader.optional('reusePort', 'boolean', isBoolean),
        };
      case 'close':
        if (reader.has('connections')) {
          const connections = reader.take(
            'connections',
            'all',
            (value): value is 'all' => value === 'all',
          );
          if (reader.has('connection')) {
            throw new ScenarioError(reader.path, 'one-of-connection-or-connections', reader.fields);
          }
          return { atMs, do: name, connections, ...this.by(reader) };
        }
        if (!reader.has('connection')) {
          throw new ScenarioError(reader.path, 'one-of-connection-or-connections', reader.fields);
        }
        return { atMs, do: name, connection: this.connection(reader), ...this.by(reader) };
      case 'reset':
        return { atMs, do: name, connection: this.connection(reader), ...this.by(reader) };
      case 'bind':
        return {
          atMs,
          do: name,
          host: this.host(reader, 'host'),
          protocol: reader.take('protocol', 'protocol', isProtocol, 'tcp'),
          port: reader.take('port', 'port', isPort, 0),
          address: reader.take('address', 'address', isAddress, '0.0.0.0'),
          as: this.newName(reader, 'socket', taken),
          ...this.count(reader),
          ...reader.optional('reuseAddress', 'boolean', isBoolean),
          ...reader.optional('reusePort', 'boolean', isBoolean),
        };
      case 'release':
        return { atMs, do: name, as: reader.take('as', 'name', isConnectionName) };
      case 'sysctl':
        return {
          atMs,
          do: name,
          host: this.host(reader, 'host'),
          key: reader.take('key', 'string', isString),
          value: reader.take('value', 'string', isString),
        };
      default:
        throw new ScenarioError(reader.at('do'), 'action', name);
    }
  }

  private host(reader: Reader, key: string): string {
    return reader.take(
      key,
      'known-host',
      (name): name is string => isString(name) && this.hosts.has(name),
    );
  }

  private by(reader: Reader): { readonly by?: string } {
    return reader.has('by') ? { by: this.host(reader, 'by') } : {};
  }

  private connection(reader: Reader): string {
    return reader.take('connection', 'name', isConnectionName);
  }

  private count(reader: Reader): { readonly count?: number } {
    const count = reader.optional('count', 'count', isCount);
    this.connections += count.count ?? 1;
    if (this.connections > SCENARIO_LIMITS.connections) {
      throw new ScenarioError(reader.at('count'), 'fewer-connections', count.count ?? 1);
    }
    return count;
  }

  /** The name given, or `connection-1`, `connection-2` … leaving out names given elsewhere. */
  private newName(reader: Reader, kind: string, taken: ReadonlySet<string>): string {
    if (reader.has('as')) {
      const name = reader.take('as', 'name', isName);
      if (this.names.has(name)) throw new ScenarioError(reader.at('as'), 'new-name', name);
      this.names.add(name);
      return name;
    }
    for (;;) {
      const name = `${kind}-${++this.unnamed}`;
      if (!taken.has(name)) return name;
    }
  }
}
