/**
 * A service's port taken by an outgoing connection, as it happens in the engine: the service stops,
 * a connection gets its number, the service cannot come back. With the number reserved it can.
 */

import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { World } from '../../network/world.ts';

export interface CollisionStep {
  readonly kind: 'reserves' | 'listens' | 'stops' | 'chosen' | 'fails' | 'starts';
  readonly port: number;
}

export interface Collision {
  /** The narrowed automatic range. */
  readonly low: number;
  readonly high: number;
  readonly steps: readonly CollisionStep[];
}

/**
 * @param port 1024–65535; the automatic range is narrowed to it and its neighbour.
 * @throws RangeError below 1024: the kernel refuses such a range.
 */
export function collide(port: number, isReserved: boolean): Collision {
  if (port < 1024 || port > 65535) throw new RangeError(`no automatic range reaches ${port}`);
  const low = port === 65535 ? 65534 : port;
  const high = low + 1;
  const world = new World(
    parseScenario({
      version: 1,
      seed: 22,
      hosts: [
        {
          name: 'server',
          os: 'linux',
          address: '10.0.0.10',
          sysctl: {
            'net.ipv4.ip_local_port_range': `${low} ${high}`,
            ...(isReserved ? { 'net.ipv4.ip_local_reserved_ports': String(port) } : {}),
          },
        },
        {
          name: 'site',
          os: 'linux',
          address: '10.0.0.20',
          listen: [{ protocol: 'tcp', port: 443 }],
        },
      ],
      actions: [],
    }),
  );
  const server = world.host('server');
  if (!server) throw new Error('the scenario has no server');
  const steps: CollisionStep[] = isReserved ? [{ kind: 'reserves', port }] : [];
  const first = server.listen('tcp', '0.0.0.0', port);
  if (!first.ok) throw new Error(`sshd did not start on ${port}: ${first.error}`);
  steps.push({ kind: 'listens', port });
  server.close(first.value);
  steps.push({ kind: 'stops', port });
  // At most two connections: the range has two numbers.
  for (let made = 0; made < 2; made += 1) {
    const connection = server.connect('tcp', '10.0.0.20', 443);
    if (!connection.ok) break;
    world.runUntil(world.nowMs + 100);
    const chosen = server.socket(connection.value)?.localPort ?? 0;
    steps.push({ kind: 'chosen', port: chosen });
    if (chosen === port || isReserved) break;
  }
  const second = server.listen('tcp', '0.0.0.0', port);
  steps.push({ kind: second.ok ? 'starts' : 'fails', port });
  return { low, high, steps };
}
