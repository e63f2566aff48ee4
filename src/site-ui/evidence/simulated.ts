/**
 * The recordings' procedures, repeated on the engine when the site is built: the same numbers of
 * runs and connections, one seed for each run.
 */

import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { World, type HostInterface } from '../../network/world.ts';
import { linux } from '../../network/os-profiles/linux.ts';
import { createPortTable } from '../../network/ports/port-table.ts';
import { SysctlTable } from '../../network/sysctl/sysctl-table.ts';
import { Random } from '../../time-and-chance/random.ts';
import { recorded, type Runs, type SearchCost, type TimeWaitSeconds } from './recordings.ts';

const destination = '10.0.0.10';
const noLimit = '2147483647';

function makeWorld(seed: number, sysctl: Readonly<Record<string, string>>): World {
  const scenario = parseScenario({
    version: 1,
    seed,
    latencyMs: 0.1,
    hosts: [
      { name: 'client', os: 'linux', addresses: ['10.0.0.2'], sysctl },
      {
        name: 'server',
        os: 'linux',
        addresses: [destination],
        sysctl: { 'net.core.somaxconn': noLimit },
        listen: [{ protocol: 'tcp', port: 8080, address: '0.0.0.0' }],
      },
    ],
    actions: [],
  });
  return new World(scenario, { trace: 'none' });
}

function clientOf(world: World): HostInterface {
  const client = world.host('client');
  if (!client) throw new Error('The scenario has no client');
  return client;
}

/** Connects and says which socket, and from which port; null where no port was left. */
function connect(client: HostInterface, to: string): { id: number; port: number } | null {
  const made = client.connect('tcp', to, 8080, { request: 0 });
  if (!made.ok) return null;
  return { id: made.value, port: client.socket(made.value)?.localPort ?? 0 };
}

/** Ports of `count` connections, all kept open; `to` says where the nth goes. */
function openMany(
  seed: number,
  count: number,
  sysctl: Readonly<Record<string, string>>,
  to: (n: number) => string,
): number[] {
  const client = clientOf(makeWorld(seed, sysctl));
  const ports: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const made = connect(client, to(n));
    if (made === null) break;
    ports.push(made.port);
  }
  return ports;
}

const sameDestination = () => destination;
const freshDestination = (n: number) => `10.1.${n >> 8}.${n & 255}`;

/** Seconds from entering TIME-WAIT to the end of it. */
function timeWaitSeconds(finTimeout: string): number {
  const world = makeWorld(1, { 'net.ipv4.tcp_fin_timeout': finTimeout });
  const client = clientOf(world);
  const made = connect(client, destination);
  world.runUntil(100);
  client.close(made?.id ?? 0);
  world.runUntil(200);
  const waiting = client.sockets().find(({ state }) => state === 'TIME-WAIT');
  if (waiting?.expiresAtMs == null) throw new Error('Nothing went into TIME-WAIT');
  return (waiting.expiresAtMs - waiting.sinceMs) / 1000;
}

/** Seconds from the first close until a used-up range of ten ports gives one again. */
function recoverySeconds(twReuse: string): number {
  const world = makeWorld(1, {
    'net.ipv4.ip_local_port_range': '40000 40009',
    'net.ipv4.tcp_tw_reuse': twReuse,
  });
  const client = clientOf(world);
  for (let made = connect(client, destination); made; made = connect(client, destination)) {
    world.runUntil(world.nowMs + 10);
    client.close(made.id);
  }
  for (let elapsedMs = 100; elapsedMs < 300_000; elapsedMs += 10) {
    world.runUntil(elapsedMs);
    if (connect(client, destination)) return (elapsedMs - 10) / 1000;
  }
  throw new Error('No port came back');
}

function repeatTimeWait(): TimeWaitSeconds {
  return {
    finTimeout60: timeWaitSeconds('60'),
    finTimeout5: timeWaitSeconds('5'),
    reuseOff: recoverySeconds('0'),
    reuseOn: recoverySeconds('1'),
  };
}

/** Ports that one call gives, each socket kept open. */
function manyPorts(count: number, call: (host: HostInterface, n: number) => number): number[] {
  const client = clientOf(makeWorld(1, {}));
  return Array.from({ length: count }, (_, n) => call(client, n));
}

function boundPort(host: HostInterface): number {
  const bound = host.bind('tcp', '10.0.0.2', 0);
  return bound.ok ? (host.socket(bound.value)?.localPort ?? 0) : 0;
}

function datagramPort(host: HostInterface, n: number): number {
  const made = host.connect('udp', freshDestination(n), 9999, { request: 0 });
  return made.ok ? (host.socket(made.value)?.localPort ?? 0) : 0;
}

/** Candidates that the kernel looks at in each call, connections to one destination staying open. */
function searchCost(): SearchCost[] {
  const table = createPortTable(linux, new SysctlTable(linux.settings), new Random(1));
  const tuple = { localAddress: 1, remoteAddress: 2, remotePort: 80 };
  let opened = 0;
  return recorded.searchCost.map(({ open }) => {
    const calls = open - opened;
    let candidates = 0;
    for (; opened < open; opened += 1) {
      const choice = table.chooseForConnect({ ...tuple, nowMs: 0 });
      if (!choice.ok) throw new Error('No port was left');
      candidates += choice.why?.considered ?? 0;
      table.add({
        ...tuple,
        port: choice.port,
        isBound: false,
        isListening: false,
        reuseAddress: false,
        reusePort: false,
        uid: 0,
        timeWaitSinceMs: null,
        hasTimestamps: true,
      });
    }
    return { open, mean: candidates / calls };
  });
}

export const simulated: Runs = {
  sameDestination: recorded.sameDestination.map(({ length }, run) =>
    openMany(run + 1, length, {}, sameDestination),
  ),
  manyDestinations: openMany(1, recorded.manyDestinations.length, {}, freshDestination),
  tinyRange: recorded.tinyRange.map((_, run) =>
    openMany(run + 1, 13, { 'net.ipv4.ip_local_port_range': '40000 40009' }, sameDestination),
  ),
  besideReserved: openMany(
    1,
    recorded.besideReserved.length,
    { 'net.ipv4.ip_local_reserved_ports': '32768-60500' },
    freshDestination,
  ),
  timeWait: repeatTimeWait(),
  bindZero: manyPorts(recorded.bindZero.length, boundPort),
  datagram: manyPorts(recorded.datagram.length, datagramPort),
  searchCost: searchCost(),
};
