/** Reads the actions of a scenario and puts them in order of time. */

import { isPort } from '../port-ranges.ts';
import type { Action } from './scenario.ts';
import { readListen } from './scenario-listen.ts';
import { parseFirewall } from './scenario-middle-boxes.ts';
import {
  isAddress,
  isArray,
  isBoolean,
  isBytes,
  isConnectionName,
  isCount,
  isEndpoint,
  isName,
  isObject,
  isProtocol,
  isString,
  isTime,
  Reader,
  SCENARIO_LIMITS,
  ScenarioError,
} from './scenario-reader.ts';

export class ActionParser {
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
    const taken = new Set(values.map((value) => isObject(value) && value['as']));
    const actions = values.map((value, index) =>
      this.parseAction(value, `actions[${index}]`, taken),
    );
    return actions.sort((a, b) => a.atMs - b.atMs);
  }

  private parseAction(value: unknown, path: string, taken: ReadonlySet<unknown>): Action {
    const reader = new Reader(value, path);
    const atMs = reader.take('atMs', 'time', isTime);
    const name = reader.take('do', 'action', isString);
    const action = this.read(reader, atMs, name, taken);
    reader.finish();
    return action;
  }

  private read(reader: Reader, atMs: number, name: string, taken: ReadonlySet<unknown>): Action {
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
          ...reader.optional('ipv6Only', 'boolean', isBoolean),
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
          ...reader.optional('ipv6Only', 'boolean', isBoolean),
          as: this.newName(reader, 'socket', taken),
          ...this.count(reader),
          ...reader.optional('reuseAddress', 'boolean', isBoolean),
          ...reader.optional('reusePort', 'boolean', isBoolean),
        };
      case 'release':
        return { atMs, do: name, as: reader.take('as', 'name', isConnectionName) };
      case 'firewall':
        return {
          atMs,
          do: name,
          host: this.host(reader, 'host'),
          firewall: parseFirewall(reader.required('firewall'), reader.at('firewall')),
        };
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
  private newName(reader: Reader, kind: string, taken: ReadonlySet<unknown>): string {
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
