/**
 * Makes a `Scenario` of unknown input: checks every field, fills in the defaults, puts the actions in
 * order of time (at one moment they keep the document's order). Written by hand because it ships
 * inside a small widget.
 */

import { parseAddress } from '../addresses.ts';
import { profileOf } from '../os-profiles/profiles.ts';
import type { HostSpec, Scenario } from './scenario.ts';
import { ActionParser } from './scenario-actions.ts';
import { parseListen } from './scenario-listen.ts';
import { parseFirewall, parseNats } from './scenario-middle-boxes.ts';
import {
  isHostAddress,
  isName,
  isObject,
  isString,
  isTime,
  isWhole,
  Reader,
  SCENARIO_LIMITS,
  ScenarioError,
} from './scenario-reader.ts';
import { SysctlTable } from '../sysctl/sysctl-table.ts';

export { type Expected, SCENARIO_LIMITS, ScenarioError } from './scenario-reader.ts';

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
  const nats = parseNats(reader, hosts);
  const names = new Set(hosts.map((host) => host.name));
  const actions = new ActionParser(names).parse(reader);
  reader.finish();
  return { version: 1, seed, latencyMs, ...untilMs, hosts, ...nats, actions };
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
  const prefixLengths = {
    ...reader.optional('prefixLength', 'prefix-length', isWhole(0, 32)),
    ...reader.optional('ipv6PrefixLength', 'ipv6-prefix-length', isWhole(0, 128)),
  };
  const sysctl = parseSysctl(reader, os);
  const listen = reader.list('listen', parseListen);
  const firewall = reader.has('firewall')
    ? { firewall: parseFirewall(reader.required('firewall'), reader.at('firewall')) }
    : {};
  // A system without such a wheel does not know the field.
  const timerHz =
    profileOf(os)?.hasTimerWheel === true
      ? reader.optional('timerHz', 'timer-hz', isWhole(100, 1000))
      : {};
  reader.finish();
  return { name, os, addresses, ...prefixLengths, sysctl, listen, ...firewall, ...timerHz };
}

function parseAddresses(reader: Reader): readonly string[] {
  if (!reader.has('addresses')) return [reader.take('address', 'host-address', isHostAddress)];
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

function checkHosts(hosts: readonly HostSpec[]): void {
  if (hosts.length > SCENARIO_LIMITS.hosts)
    throw new ScenarioError('hosts', 'fewer-hosts', hosts.length);
  const names = new Set<string>();
  // An IPv6 address can be written in several ways.
  const addresses = new Set<number | undefined>();
  for (const [index, host] of hosts.entries()) {
    if (names.has(host.name))
      throw new ScenarioError(`hosts[${index}].name`, 'new-name', host.name);
    names.add(host.name);
    for (const address of host.addresses) {
      const number = parseAddress(address);
      if (addresses.has(number))
        throw new ScenarioError(`hosts[${index}].addresses`, 'new-address', address);
      addresses.add(number);
    }
  }
}
