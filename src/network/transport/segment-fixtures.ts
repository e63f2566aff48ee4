/**
 * A connection between two hosts, stopped where wanted, and segments made by hand that arrive at one
 * end.
 */

import type { Host } from '../system-calls/host.ts';
import { Packet } from '../kernel/packet.ts';
import type { Socket } from '../kernel/socket.ts';
import { receive } from './tcp-receive.ts';
import type { World } from '../world.ts';
import { clientAndWeb, plainConnect } from '../world-fixtures.ts';

export const client = { name: 'client', address: 0x0a000002, port: 50_000 };
export const web = { name: 'web', address: 0x0a00000a, port: 80 };
export type End = typeof client;

export function hostOf(world: World, end: End): Host {
  const host = world.host(end.name);
  if (host === undefined) throw new Error('no host');
  return host;
}

export function socketOf(world: World, end: End): Socket | undefined {
  const [local, remote] = end === web ? [web, client] : [client, web];
  const { lookup } = hostOf(world, end).kernel;
  return lookup.connection(local.address, local.port, remote.address, remote.port);
}

/** The moment at which a connection to 10.0.0.10:80 has come so far, ten milliseconds a way. */
export function at(
  atMs: number,
  actions: readonly Readonly<Record<string, unknown>>[] = [],
): World {
  const world = clientAndWeb({ actions: [plainConnect, ...actions] });
  world.runUntil(atMs);
  return world;
}

export const closeAt100 = { atMs: 100, do: 'close', connection: 'page', by: 'client' };

/**
 * Hands a segment to one end, in its expected numbers but for `difference` (which adds to `seq` and
 * `ack`); what that end then sends, as flags.
 */
export function arrive(
  world: World,
  end: End,
  flags: number,
  { seq = 0, ack = 0, ...difference }: Partial<Packet> = {},
): string[] {
  const [local, remote] = end === web ? [web, client] : [client, web];
  const kernel = hostOf(world, end).kernel;
  const socket = socketOf(world, end);
  const packet = Object.assign(
    new Packet('segment'),
    {
      sourceAddress: remote.address,
      sourcePort: remote.port,
      destinationAddress: local.address,
      destinationPort: local.port,
      flags,
      sender: socket?.peer ?? 99,
      acknowledges: socket?.id ?? 0,
      name: 'by-hand',
    },
    difference,
    { seq: (socket?.receiveNext ?? 0) + seq, ack: (socket?.sendNext ?? 0) + ack },
  );
  const before = world.trace.length;
  receive(kernel, packet);
  return world.trace
    .slice(before)
    .flatMap((event) =>
      event.event === 'segment' && event.phase === 'sent' ? [event.flags.join(' ')] : [],
    );
}

export const stateOf = (world: World, end: End): string | undefined => socketOf(world, end)?.state;
