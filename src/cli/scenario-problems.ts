/** The parser's codes in words, for the command line. */

import {
  type Expected,
  SCENARIO_LIMITS,
  type ScenarioError,
} from '../network/scenario/scenario-parser.ts';
import { linuxHistories } from '../network/os-profiles/linux-history.ts';
import { profiles } from '../network/os-profiles/profiles.ts';

const EXPECTED: Readonly<Record<Expected, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  boolean: 'true or false',
  'known-key': 'only fields of the scenario format',
  value: 'a value',
  'version-1': 'the version number 1',
  seed: 'a whole number from 0 to 4294967295',
  port: 'a port: a whole number from 0 to 65535',
  time: 'a time in milliseconds: a number of 0 or more',
  bytes: 'a number of bytes: a whole number from 0 to 65535',
  count: `a count: a whole number from 1 to ${SCENARIO_LIMITS.connections}`,
  backlog: 'a queue length: a whole number from 0 to 65535',
  protocol: '"tcp" or "udp"',
  address: 'an IPv4 or IPv6 address',
  'host-address': 'a unicast address other than loopback or link-local',
  'ipv4-host-address': 'a unicast IPv4 address other than loopback',
  'address-family': '"ipv4" or "ipv6"',
  'new-address': 'an address that no other host has',
  endpoint: 'an address and a port, as in "10.0.0.10:80" or "[fd00::10]:80"',
  name: 'a name: one word of letters, digits, "_", "-", "." or ":", at most 64 characters',
  'new-name': 'a name that is not used yet',
  'known-os': `one of ${[...profiles, ...linuxHistories].map(({ id }) => `"${id}"`).join(', ')}`,
  'known-host': 'the name of a host of this scenario',
  action:
    'one of "listen", "unlisten", "connect", "close", "reset", "bind", "release", "firewall", "sysctl"',
  'one-of-connection-or-connections': 'either "connection" or "connections": "all"',
  all: '"all"',
  'sysctl-key': 'a key that this system has',
  'sysctl-value': 'a value that this system accepts (it answers EINVAL)',
  'fewer-connections': `at most ${SCENARIO_LIMITS.connections} connections and sockets in all`,
  'fewer-hosts': `at most ${SCENARIO_LIMITS.hosts} hosts`,
  'fewer-actions': `at most ${SCENARIO_LIMITS.actions} actions`,
  'fewer-nats': `at most ${SCENARIO_LIMITS.hosts} routers`,
  chain: '"in" or "out"',
  policy: '"accept" or "drop"',
  verdict: '"accept", "drop" or "reject"',
  'flow-state': '"new" or "established"',
  rejection: '"icmp-port-unreachable", "icmp-admin-prohibited" or "tcp-reset"',
  prefix: 'an address or a prefix, as in "10.0.0.0/8" or "fd00::/8"',
  'port-match': 'a port from 0 to 65535 or a range, as in "1000-2000"',
  'prefix-length': 'the length of a network prefix, from 0 to 32',
  'ipv6-prefix-length': 'the length of an IPv6 network prefix, from 0 to 128',
  'timer-hz': 'how often a second the clock ticks, a whole number from 100 to 1000',
  'port-pool': 'a range of ports from 1 on, as in "1024-65535"',
  dependence: '"endpoint-independent" or "address-and-port-dependent"',
  'when-full': '"drop" or "icmp"',
  'router-behaviour': '"linux"',
  'host-not-behind-another': 'a host that is behind no other router',
};

/** `path: expected …, found …` in one line. */
export function explain({ path, expected, found }: ScenarioError): string {
  const place = path === '' ? 'the document' : path;
  return `${place}: expected ${EXPECTED[expected]}, found ${found}`;
}
