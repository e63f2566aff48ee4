/**
 * Two clients behind a router of the engine's that behaves as Linux netfilter, two servers and a
 * stranger outside. All is read off the world: the table, what each client sees, what each server sees.
 */

import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { World } from '../../network/world.ts';
import {
  addressOf,
  CLIENT_PORT,
  clients,
  ROUTER_ADDRESS,
  STRANGER_ADDRESS,
  WAIT_MS,
} from './setup.ts';
import type { Action, Router } from './setup.ts';

/** Both directions and the handshake's third segment. */
const SETTLE_MS = 200;

export interface TableRow {
  readonly inside: string;
  readonly outside: string;
  readonly remote: string;
  readonly state: string;
  readonly secondsLeft: number;
}

export interface SocketLine {
  readonly host: string;
  readonly state: string;
  readonly local: string;
  readonly peer: string;
}

/** What came of the last action. */
export type Outcome =
  | { readonly kind: 'none' | 'waited' | 'closed' | 'stranger-dropped' | 'full' | 'same' }
  | { readonly kind: 'kept' | 'moved'; readonly inside: string; readonly outside: string };

export interface Room {
  readonly rows: readonly TableRow[];
  readonly sockets: readonly SocketLine[];
  readonly outcome: Outcome;
  readonly atMs: number;
}

function worldOf(router: Router): World {
  return new World(
    parseScenario({
      version: 1,
      seed: 140,
      hosts: [
        ...clients.map((name) => ({ name, os: 'linux', address: addressOf[name] })),
        ...['10', '20'].map((end) => ({
          name: `server${end}`,
          os: 'linux',
          address: `198.51.100.${end}`,
          listen: [{ port: 443, responds: false }],
        })),
        { name: 'stranger', os: 'linux', address: STRANGER_ADDRESS },
      ],
      nats: [
        {
          name: 'router',
          inside: clients,
          address: ROUTER_ADDRESS,
          behaviour: 'linux',
          ...(router === 'random' ? { preservePort: false } : {}),
          ...(router === 'one-port' ? { ports: '40000-40000' } : {}),
        },
      ],
      actions: [],
    }),
  );
}

/** Does all of it from the start; the same actions always give the same room. */
export function roomAfter(router: Router, actions: readonly Action[]): Room {
  const world = worldOf(router);
  let outcome: Outcome = { kind: 'none' };
  for (const action of actions) outcome = act(world, action);
  return { ...tablesOf(world), outcome, atMs: world.nowMs };
}

function act(world: World, action: Action): Outcome {
  if (action.kind === 'wait') {
    world.runUntil(world.nowMs + WAIT_MS);
    return { kind: 'waited' };
  }
  if (action.kind === 'stranger') {
    world.host('stranger')?.connect('tcp', ROUTER_ADDRESS, CLIENT_PORT, { request: 0 });
    world.runUntil(world.nowMs + SETTLE_MS);
    return { kind: 'stranger-dropped' };
  }
  const host = world.host(action.client);
  const [address = '', port = ''] = action.server.split(':');
  const isOfAction = (one: { remoteAddress: string }) => one.remoteAddress === address;
  const found = host?.sockets().find((one) => isOfAction(one) && one.state !== 'TIME-WAIT');
  if (action.kind === 'close') {
    if (found) host?.close(found.id);
    world.runUntil(world.nowMs + SETTLE_MS);
    return { kind: 'closed' };
  }
  if (found) return { kind: 'same' };
  const made = host?.connect('tcp', address, Number(port), {
    localPort: CLIENT_PORT,
    reuseAddress: true,
    request: 0,
  });
  world.runUntil(world.nowMs + SETTLE_MS);
  if (made?.ok !== true) return { kind: 'same' };
  const inside = `${addressOf[action.client]}:${CLIENT_PORT}`;
  const row = tablesOf(world).rows.find(
    (one) => one.inside === inside && one.remote === action.server,
  );
  if (!row) return { kind: 'full' };
  const isKept = row.outside.endsWith(`:${CLIENT_PORT}`);
  return { kind: isKept ? 'kept' : 'moved', inside, outside: row.outside };
}

function tablesOf(world: World): Pick<Room, 'rows' | 'sockets'> {
  const sockets = world.hosts
    .filter(({ name }) => name !== 'stranger')
    .flatMap((host) =>
      host
        .sockets()
        .filter(({ remotePort }) => remotePort !== 0)
        .map((one) => ({
          host: host.name,
          state: one.state === 'ESTABLISHED' ? 'ESTAB' : one.state,
          local: `${one.localAddress}:${one.localPort}`,
          peer: `${one.remoteAddress}:${one.remotePort}`,
        })),
    );
  const rows = (world.nats[0]?.entries() ?? []).map(
    ({ inside, outside, remote, state, secondsLeft }) => ({
      inside,
      outside,
      remote,
      state,
      secondsLeft: Math.ceil(secondsLeft),
    }),
  );
  return { rows, sockets };
}
