/**
 * Scenarios drawn from a seed: small, with every kind of host, setting and action, and with all that
 * is awkward: ranges of one port, everything reserved, filters, routers, actions at one moment.
 */

import { Random } from '../time-and-chance/random.ts';
import { linuxHistories } from './os-profiles/linux-history.ts';
import { profiles } from './os-profiles/profiles.ts';
import type {
  Action,
  FirewallRule,
  FirewallSpec,
  HostSpec,
  NatSpec,
  Scenario,
} from './scenario/scenario.ts';
import type { Protocol } from './protocol.ts';

export const RANGE = 'net.ipv4.ip_local_port_range';
export const RESERVED = 'net.ipv4.ip_local_reserved_ports';
const ranges = ['40000 40000', '40000 40001', '40000 40003', '40001 40004', '32768 60999'];
const reserved = ['', '40000', '40000-40004', '32768-60999', '40001,40003'];
const allSystems: readonly string[] = [...profiles, ...linuxHistories].map(({ id }) => id);
export const hostNames = ['a', 'b', 'c'];
const addresses: Readonly<Record<string, string>> = { a: '10.0.0.1', b: '10.0.0.2', c: '10.0.0.3' };
const targets = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '127.0.0.1', '10.9.9.9', '0.0.0.0'];
const ports = [80, 81, 40_000, 40_001, 0];

/** One of a list; throws where it is empty. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[random.below(list.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

function randomHost(random: Random, name: string, systems: readonly string[]): HostSpec {
  const sysctl: Record<string, string> = {};
  if (random.below(3) > 0) sysctl[RANGE] = pick(random, ranges);
  if (random.below(4) === 0) sysctl[RESERVED] = pick(random, reserved);
  if (random.below(6) === 0) sysctl['net.ipv4.tcp_max_tw_buckets'] = pick(random, ['0', '1', '2']);
  if (random.below(4) === 0) sysctl['net.ipv4.tcp_tw_reuse'] = pick(random, ['0', '1', '2']);
  const listen = [80, 40_000, 53].flatMap((port) =>
    random.below(2) === 0
      ? []
      : [
          {
            protocol: pick<Protocol>(random, ['tcp', 'tcp', 'udp']),
            port,
            address: pick(random, ['0.0.0.0', addresses[name] ?? '', '127.0.0.1']),
            backlog: random.below(3),
            accepts: random.below(4) > 0,
            responds: random.below(4) > 0,
            answersClose: random.below(4) > 0,
            reuseAddress: random.below(2) === 0,
            reusePort: random.below(2) === 0,
          },
        ],
  );
  return {
    name,
    os: random.below(3) === 0 ? pick(random, systems) : 'linux',
    addresses: [addresses[name] ?? ''],
    sysctl,
    listen,
  };
}

function randomAction(random: Random, index: number, latencyMs: number): Action {
  const atMs = random.below(12) * Math.max(1, latencyMs / 2);
  const host = pick(random, hostNames);
  const name = `n${random.below(index + 1)}`;
  const protocol = pick<Protocol>(random, ['tcp', 'tcp', 'tcp', 'udp']);
  const port = pick(random, ports);
  const by = random.below(2) === 0 ? {} : { by: pick(random, hostNames) };
  const options = { reuseAddress: random.below(3) === 0, reusePort: random.below(4) === 0 };
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4: {
      const explicit = random.below(4) === 0 ? { localPort: pick(random, ports) } : {};
      const count = random.below(3) === 0 ? { count: 1 + random.below(8) } : {};
      const closing = random.below(3) === 0 ? { closeAfterMs: random.below(60) } : {};
      const to = `${pick(random, targets)}:${port}`;
      const everyMs = random.below(3) * latencyMs;
      const data = { request: random.below(3) * 10, response: random.below(3) * 10 };
      return {
        atMs,
        do: 'connect',
        from: host,
        to,
        protocol,
        as: `n${index}`,
        everyMs,
        ...data,
        ...explicit,
        ...count,
        ...closing,
        ...options,
      };
    }
    case 5:
      return { atMs, do: 'close', connections: 'all', ...by };
    case 6:
      return { atMs, do: 'close', connection: pick(random, [name, `${name}#1`]), ...by };
    case 7:
      return { atMs, do: 'reset', connection: pick(random, [name, `${name}#1`]), ...by };
    case 8:
      return {
        atMs,
        do: 'bind',
        host,
        protocol,
        port,
        address: pick(random, ['0.0.0.0', '127.0.0.1', '10.0.0.1']),
        as: `n${index}`,
        ...options,
      };
    case 9:
      return { atMs, do: 'release', as: name };
    case 10:
      return {
        atMs,
        do: random.below(2) === 0 ? 'listen' : 'unlisten',
        host,
        protocol,
        port,
        address: '0.0.0.0',
        ...options,
      };
    default:
      return random.below(2) === 0
        ? { atMs, do: 'sysctl', host, key: RANGE, value: pick(random, [...ranges, 'x']) }
        : { atMs, do: 'sysctl', host, key: RESERVED, value: pick(random, [...reserved, 'x']) };
  }
}

function randomFirewall(random: Random): FirewallSpec {
  const rules = Array.from({ length: random.below(4) }, (): FirewallRule => ({
    chain: pick(random, ['in', 'out']),
    ...(random.below(2) === 0 ? { protocol: pick<Protocol>(random, ['tcp', 'udp']) } : {}),
    ...(random.below(3) === 0
      ? { remote: pick(random, ['10.0.0.0/30', '10.0.0.3', '0.0.0.0/0']) }
      : {}),
    ...(random.below(3) === 0 ? { localPort: pick(random, [80, '40000-40002']) } : {}),
    ...(random.below(3) === 0 ? { state: pick(random, ['new', 'established']) } : {}),
    action: pick(random, ['accept', 'drop', 'reject']),
    rejectWith: pick(random, ['tcp-reset', 'icmp-port-unreachable', 'icmp-admin-prohibited']),
  }));
  const policy = (): 'accept' | 'drop' => (random.below(4) === 0 ? 'drop' : 'accept');
  return { policyIn: policy(), policyOut: policy(), rules };
}

function randomNat(random: Random): NatSpec {
  const dependence = ['endpoint-independent', 'address-and-port-dependent'] as const;
  return {
    name: 'router',
    inside: pick(random, [['a'], ['a', 'b']]),
    address: '10.9.9.9',
    mapping: pick(random, dependence),
    filtering: pick(random, dependence),
    ports: pick(random, ['40000-40001', '40000-40000', '1024-65535']),
    preservePort: random.below(2) === 0,
    preserveParity: random.below(2) === 0,
    timeouts: { udpMs: 50, tcpEstablishedMs: 100_000, tcpTransitoryMs: 5000 },
    whenFull: pick(random, ['drop', 'icmp']),
  };
}

/**
 * The same scenario for the same seed and systems.
 * @param systems those that hosts may have, by id; all that there are, unless they are named
 */
export function randomScenario(seed: number, systems = allSystems): Scenario {
  const random = new Random(seed).fork('random-worlds');
  const latencyMs = pick(random, [0, 1, 10, 10, 10, 700, 3000]);
  const hosts = hostNames.map((name) => {
    const host = randomHost(random, name, systems);
    return random.below(6) === 0 ? { ...host, firewall: randomFirewall(random) } : host;
  });
  const nats = random.below(4) === 0 ? { nats: [randomNat(random)] } : {};
  const actions = Array.from({ length: 3 + random.below(12) }, (_, index) =>
    random.below(25) === 0
      ? ({
          atMs: random.below(60),
          do: 'firewall',
          host: pick(random, hostNames),
          firewall: randomFirewall(random),
        } as const)
      : randomAction(random, index, latencyMs),
  );
  return { version: 1, seed, latencyMs, hosts, ...nats, actions };
}
