/**
 * The recordings' procedures, repeated on the engine when the site is built: the same numbers of
 * runs and connections, one seed for each run.
 */

import { parseScenario } from '../../network/scenario-parser.ts';
import { World, type HostInterface } from '../../network/world.ts';
import { recorded, type Runs, type TimeWaitSeconds } from './recordings.ts';

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
};
