/**
 * A client that connects, asks, gets its answer and closes, so many times a second, in a world of the
 * engine: 100 ports, one server address and port, `tcp_tw_reuse` off, as in the recording `remedies`.
 */

import { World } from '../../network/world.ts';
import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import {
  PARTS,
  PORTS,
  secondsOf,
  WIDER,
  type LoadPart,
  type LoadResult,
  type LoadSetup,
  type Remedy,
} from './setup.ts';

const SERVER = '10.0.0.10';
/** Of the recording's kernel: its TIME-WAITs end in lumps of two seconds. */
const HZ = 250;

function sysctlOf(isOn: (remedy: Remedy) => boolean): Readonly<Record<string, string>> {
  const high = 40_000 + (isOn('wider-range') ? WIDER : PORTS) - 1;
  return {
    'net.ipv4.ip_local_port_range': `40000 ${String(high)}`,
    'net.ipv4.tcp_tw_reuse': isOn('reuse-on') ? '1' : isOn('reuse-loopback') ? '2' : '0',
    ...(isOn('reuse-delay') ? { 'net.ipv4.tcp_tw_reuse_delay': '100' } : {}),
    ...(isOn('fin-timeout') ? { 'net.ipv4.tcp_fin_timeout': '5' } : {}),
  };
}

/** @param seed a whole number; one seed, one run. */
export function runLoad({ rate, remedies }: LoadSetup, seed = 1): LoadResult {
  const isOn = (remedy: Remedy): boolean => remedies.includes(remedy);
  const walked = { last: 0 };
  const world = new World(
    parseScenario({
      version: 1,
      seed,
      latencyMs: 0,
      hosts: [
        {
          name: 'client',
          os: 'linux',
          address: '10.0.0.2',
          timerHz: HZ,
          sysctl: sysctlOf(isOn),
        },
        {
          name: 'server',
          os: 'linux',
          address: SERVER,
          timerHz: HZ,
          listen: [80, 81].map((port) => ({ port })),
        },
      ],
    }),
    {
      trace: (event) => {
        if (event.event === 'port-chosen') walked.last = event.why.considered;
      },
    },
  );
  const client = world.host('client');
  const server = world.host('server');
  if (client === undefined || server === undefined) throw new Error('the hosts are missing');

  const seconds = secondsOf(rate);
  const attempts = Math.round(rate * seconds);
  const parts = Array.from({ length: PARTS }, () => ({ ok: 0, failed: 0, walked: 0 }));
  let ok = 0;
  let firstFailed: number | null = null;
  let error: string | null = null;
  let kept: number | null = null;
  const settle = (): void => {
    world.runUntil(world.nowMs);
  };

  for (let attempt = 0; attempt < attempts; attempt++) {
    const atMs = Math.round((attempt * 1000) / rate);
    world.runUntil(atMs);
    const part = parts[Math.floor((atMs * PARTS) / (seconds * 1000))];
    if (part === undefined) throw new Error('an attempt after the end');
    if (kept !== null) {
      client.send(kept, 120, 480);
      settle();
      ok++;
      part.ok++;
      continue;
    }
    const port = 80 + (isOn('second-destination') ? attempt % 2 : 0);
    const result = client.connect('tcp', SERVER, port, { reuseAddress: isOn('reuse-address') });
    if (!result.ok) {
      firstFailed ??= attempt + 1;
      error ??= `connect: ${result.error}`;
      part.failed++;
      continue;
    }
    settle();
    ok++;
    part.ok++;
    part.walked += walked.last;
    if (isOn('keep-alive')) kept = result.value;
    else if (isOn('reset')) client.reset(result.value);
    else if (isOn('server-closes')) {
      const localPort = client.socket(result.value)?.localPort;
      for (const { id, state, remotePort } of server.sockets()) {
        if (state === 'ESTABLISHED' && remotePort === localPort) server.close(id);
      }
      settle();
      client.close(result.value);
    } else client.close(result.value);
    settle();
  }
  const waiting = (host: typeof client): number =>
    host.sockets().filter(({ state }) => state === 'TIME-WAIT').length;
  return {
    attempts,
    ok,
    firstFailed,
    error,
    timeWait: { client: waiting(client), server: waiting(server) },
    parts: parts.map((part): LoadPart => {
      const { ok: made, failed, walked: sum } = part;
      return { ok: made, failed, walked: made > 0 ? Math.round(sum / made) : 0 };
    }),
  };
}
