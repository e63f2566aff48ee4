/**
 * Ten thousand worlds from ten thousand seeds, each with random hosts, settings and actions: tiny
 * ranges, everything reserved, jumps of the clock, closing in every state. None hangs, none crashes,
 * and what must always hold is looked at after every step.
 */

import { describe, expect, it } from 'vitest';
import { Random } from '../time-and-chance/random.ts';
import { formatEndpoint, parseAddress } from './addresses.ts';
import { linuxHistories } from './os-profiles/linux-history.ts';
import { profiles } from './os-profiles/profiles.ts';
import { Replay } from './replay.ts';
import type {
  Action,
  FirewallRule,
  FirewallSpec,
  HostSpec,
  NatSpec,
  Protocol,
  Scenario,
} from './scenario.ts';
import type { TraceEvent } from './trace.ts';
import { World, type WorldSnapshot } from './world.ts';

const RANGE = 'net.ipv4.ip_local_port_range';
const RESERVED = 'net.ipv4.ip_local_reserved_ports';
const ranges = ['40000 40000', '40000 40001', '40000 40003', '40001 40004', '32768 60999'];
const reserved = ['', '40000', '40000-40004', '32768-60999', '40001,40003'];
const systems = [...profiles, ...linuxHistories].map(({ id }) => id);
const hostNames = ['a', 'b', 'c'];
const addresses: Readonly<Record<string, string>> = { a: '10.0.0.1', b: '10.0.0.2', c: '10.0.0.3' };
const targets = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '127.0.0.1', '10.9.9.9', '0.0.0.0'];
const ports = [80, 81, 40_000, 40_001, 0];

function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[random.below(list.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

function randomHost(random: Random, name: string): HostSpec {
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

function randomScenario(seed: number): Scenario {
  const random = new Random(seed).fork('random-worlds');
  const latencyMs = pick(random, [0, 1, 10, 10, 10, 700, 3000]);
  const hosts = hostNames.map((name) => {
    const host = randomHost(random, name);
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

/** No two sockets of a host share protocol and four-tuple (listeners that share a port apart). */
function checkTuples(world: World): void {
  for (const host of world.hosts) {
    const seen = new Set<string>();
    for (const {
      protocol,
      localAddress,
      localPort,
      remoteAddress,
      remotePort,
      state,
    } of host.sockets()) {
      if (protocol !== 'tcp' || state === 'LISTEN' || state === 'BOUND') continue;
      const tuple = `${localAddress}:${localPort} ${remoteAddress}:${remotePort}`;
      expect(seen, tuple).not.toContain(tuple);
      seen.add(tuple);
    }
  }
}

/** Every automatic port lies in the range and is not reserved, as the trace itself tells both. */
function checkChoices(trace: readonly TraceEvent[]): void {
  const blocked = new Map<string, (port: number) => boolean>();
  for (const event of trace) {
    if (event.event === 'sysctl' && event.key === RESERVED)
      blocked.set(event.host, inList(event.value));
    if (event.event !== 'port-chosen') continue;
    const [low, high] = event.why.range;
    expect(event.port).toBeGreaterThanOrEqual(low);
    expect(event.port).toBeLessThanOrEqual(high);
    expect(blocked.get(event.host)?.(event.port) ?? false).toBe(false);
  }
}

function inList(list: string): (port: number) => boolean {
  const parts = list.split(',').filter((part) => part !== '');
  const intervals = parts.map((part) => part.split('-').map(Number));
  return (port) => intervals.some(([low = 0, high = low]) => port >= low && port <= high);
}

/** Every state change starts from the state the socket had; nothing is changed after it has gone. */
function checkStates(trace: readonly TraceEvent[]): void {
  const states = new Map<number, string>();
  let lastMs = 0;
  for (const event of trace) {
    expect(event.atMs).toBeGreaterThanOrEqual(lastMs);
    lastMs = event.atMs;
    if (event.event !== 'state') continue;
    expect(event.was).toBe(states.get(event.socket) ?? null);
    if (event.state === 'CLOSED') states.delete(event.socket);
    else states.set(event.socket, event.state);
  }
}

function checkReplay(world: World, atMs: number): void {
  const replay = new Replay(world.trace);
  replay.seekIndex(world.trace.length);
  replay.seekTime(atMs);
  for (const host of world.hosts) {
    const shown = replay
      .sockets(host.name)
      .map(({ id, state, localPort, sinceMs, expiresAtMs }) => ({
        id,
        state,
        localPort,
        sinceMs,
        expiresAtMs,
      }));
    const own = host.sockets().map(({ id, state, localPort, sinceMs, expiresAtMs }) => ({
      id,
      state,
      localPort,
      sinceMs,
      expiresAtMs,
    }));
    expect(shown).toEqual(own);
  }
}

/** A refused call leaves the host's sockets, settings and what is to come as they were. */
function checkFailedCall(world: World, random: Random): void {
  const host = world.host(pick(random, hostNames));
  if (host === undefined) return;
  const before = [host.sockets(), host.sysctl.get(RANGE), world.nextMs];
  const calls = [
    () => host.bind('tcp', '192.0.2.1', 0),
    () => host.listen('tcp', '0.0.0.0', 80, { privileged: false }),
    () => host.connect('tcp', '224.0.0.1', 80),
    () => host.connect('tcp', 'nonsense', 80),
    () => host.sysctl.set(RANGE, '5 4'),
    () => host.close(999_999),
    () => host.connect('tcp', '10.0.0.1', 80, { localPort: 80, privileged: false }),
  ];
  for (const call of calls) {
    const result = call();
    if (host.os === 'linux') expect(result.ok).toBe(false);
    if (result.ok) return;
    expect([host.sockets(), host.sysctl.get(RANGE), world.nextMs]).toEqual(before);
  }
}

/** More than any of these worlds can need; an endless exchange would pass it. */
const MOST_EVENTS = 20_000;

function checkWorld(seed: number): void {
  const random = new Random(seed).fork('checks');
  const scenario = randomScenario(seed);
  const world = new World(scenario);
  for (let i = 0; i < 3; i++) {
    const atMs = world.nowMs + random.below(4) * scenario.latencyMs + random.below(100);
    world.runUntil(atMs);
    checkTuples(world);
    checkReplay(world, atMs);
  }
  if (seed % 8 === 0) checkFailedCall(world, random);
  world.runWhile(() => world.eventsProcessed < MOST_EVENTS);
  expect(world.eventsProcessed).toBeLessThan(MOST_EVENTS);
  checkTuples(world);
  checkStates(world.trace);
  checkChoices(world.trace);
  if (seed % 16 === 0) {
    const again = World.restore(JSON.parse(JSON.stringify(world.snapshot())) as WorldSnapshot);
    expect(again.trace).toEqual(world.trace);
    expect(again.nowMs).toBe(world.nowMs);
  }
  for (const host of world.hosts) {
    for (const { state } of host.sockets()) {
      expect([
        'LISTEN',
        'BOUND',
        'UNCONN',
        'ESTAB',
        'ESTABLISHED',
        'CLOSE-WAIT',
        'FIN-WAIT-2',
      ]).toContain(state);
    }
  }
}

function checkWorlds(first: number, count: number): void {
  for (let seed = first; seed < first + count; seed++) {
    try {
      checkWorld(seed);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
}

describe('random worlds', () => {
  // What is broken for most is told at once; mutations are tried against these alone.
  it('the first forty seeds', () => {
    checkWorlds(0, 40);
  });

  it.each(Array.from({ length: 20 }, (_, part) => part * 500))(
    'seeds %i and the next 499',
    (first) => {
      checkWorlds(first, 500);
    },
  );

  it('makes endpoints that can be read back', () => {
    expect(formatEndpoint(parseAddress('10.0.0.1') ?? 0, 80)).toBe('10.0.0.1:80');
  });
});
