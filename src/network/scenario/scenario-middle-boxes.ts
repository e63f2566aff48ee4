/** Reads packet filters and routers with address translation. */

import { isPortMatch } from './port-match.ts';
import { parsePrefix } from '../addresses.ts';
import type { FirewallRule, FirewallSpec, HostSpec, NatSpec, PortMatch } from './scenario.ts';
import {
  isBoolean,
  isIPv4HostAddress,
  isName,
  isObject,
  isProtocol,
  isString,
  isTime,
  isWhole,
  oneOf,
  Reader,
  SCENARIO_LIMITS,
  ScenarioError,
} from './scenario-reader.ts';

const isPrefix = (value: unknown): value is string =>
  isString(value) && parsePrefix(value) !== undefined;
const isPorts = (value: unknown): value is PortMatch => isPortMatch(value);
const isPool = (value: unknown): value is string =>
  isString(value) && isPortMatch(value) && !value.startsWith('0');
const isPolicy = oneOf('accept', 'drop');
const isDependence = oneOf('endpoint-independent', 'address-and-port-dependent');

export function parseFirewall(value: unknown, path: string): FirewallSpec {
  const reader = new Reader(value, path);
  const firewall = {
    ...reader.optional('family', 'address-family', oneOf('ipv4', 'ipv6')),
    policyIn: reader.take('policyIn', 'policy', isPolicy, 'accept'),
    policyOut: reader.take('policyOut', 'policy', isPolicy, 'accept'),
    rules: reader.list('rules', parseRule),
  };
  reader.finish();
  return firewall;
}

function parseRule(value: unknown, path: string): FirewallRule {
  const reader = new Reader(value, path);
  const rule = {
    chain: reader.take('chain', 'chain', oneOf('in', 'out'), 'in'),
    ...reader.optional('protocol', 'protocol', isProtocol),
    ...reader.optional('remote', 'prefix', isPrefix),
    ...reader.optional('localPort', 'port-match', isPorts),
    ...reader.optional('remotePort', 'port-match', isPorts),
    ...reader.optional('state', 'flow-state', oneOf('new', 'established')),
    action: reader.take('action', 'verdict', oneOf('accept', 'drop', 'reject')),
    ...reader.optional(
      'rejectWith',
      'rejection',
      oneOf('icmp-port-unreachable', 'icmp-admin-prohibited', 'tcp-reset'),
    ),
  };
  reader.finish();
  return rule;
}

/** The routers: their names and addresses are their own, and no host is behind two of them. */
export function parseNats(
  document: Reader,
  hosts: readonly HostSpec[],
): { readonly nats?: readonly NatSpec[] } {
  if (!document.has('nats')) return {};
  const nats = document.list('nats', (value, path) => parseNat(value, path, hosts));
  if (nats.length > SCENARIO_LIMITS.hosts)
    throw new ScenarioError('nats', 'fewer-nats', nats.length);
  const names = new Set(hosts.map(({ name }) => name));
  const addresses = new Set(hosts.flatMap((host) => host.addresses));
  const free = new Set(names);
  for (const [index, nat] of nats.entries()) {
    const path = `nats[${index}]`;
    if (names.has(nat.name)) throw new ScenarioError(`${path}.name`, 'new-name', nat.name);
    names.add(nat.name);
    if (addresses.has(nat.address))
      throw new ScenarioError(`${path}.address`, 'new-address', nat.address);
    addresses.add(nat.address);
    for (const [place, host] of nat.inside.entries()) {
      if (!free.delete(host)) {
        throw new ScenarioError(`${path}.inside[${place}]`, 'host-not-behind-another', host);
      }
    }
  }
  return { nats };
}

/** Idle times: RFC 4787 REQ-5 (5 minutes recommended), RFC 5382 REQ-5 (2 h 4 min and 4 min). */
function parseTimeouts(value: unknown, path: string): NatSpec['timeouts'] {
  const reader = new Reader(value, path);
  const timeouts = {
    udpMs: reader.take('udpMs', 'time', isTime, 300_000),
    tcpEstablishedMs: reader.take('tcpEstablishedMs', 'time', isTime, 7_440_000),
    tcpTransitoryMs: reader.take('tcpTransitoryMs', 'time', isTime, 240_000),
  };
  reader.finish();
  return timeouts;
}

function parseNat(value: unknown, path: string, hosts: readonly HostSpec[]): NatSpec {
  const reader = new Reader(value, path);
  const behaviour = reader.optional('behaviour', 'router-behaviour', oneOf('linux'));
  const nat = {
    name: reader.take('name', 'name', isName),
    inside: reader.list('inside', (name, place) => {
      const host = hosts.find((one) => one.name === name);
      if (host === undefined) throw new ScenarioError(place, 'known-host', name);
      return host.name;
    }),
    address: reader.take('address', 'ipv4-host-address', isIPv4HostAddress),
    mapping: reader.take('mapping', 'dependence', isDependence, 'address-and-port-dependent'),
    filtering: reader.take('filtering', 'dependence', isDependence, 'address-and-port-dependent'),
    ports: reader.take('ports', 'port-pool', isPool, '1024-65535'),
    preservePort: reader.take('preservePort', 'boolean', isBoolean, true),
    preserveParity: reader.take('preserveParity', 'boolean', isBoolean, false),
    timeouts: parseTimeouts(reader.take('timeouts', 'object', isObject, {}), `${path}.timeouts`),
    ...behaviour,
    ...(behaviour.behaviour === undefined
      ? {}
      : {
          ...reader.optional('input', 'policy', isPolicy),
          ...reader.optional('maxEntries', 'count', isWhole(1, SCENARIO_LIMITS.connections)),
        }),
    whenFull: reader.take('whenFull', 'when-full', oneOf('drop', 'icmp'), 'drop'),
  };
  reader.finish();
  return nat;
}
