/**
 * What the learner has made of a scenario: another seed, other systems, more hosts, and the actions so
 * far. A session is small plain data; together with the lesson's scenario it gives the whole
 * scenario that the engine runs, so undo is the session before, and a link is a session and a moment.
 */

import type { HostSpec, Scenario } from '../../network/scenario/scenario.ts';
import { QUIC_PORT } from './requestable-services.ts';

interface Dated {
  /** Names the action's connections; unique in the session and never used again. */
  readonly id: number;
  readonly atMs: number;
}

export type LearnerAction = Dated &
  (
    | {
        readonly kind: 'connect';
        readonly client: number;
        readonly server: number;
        readonly port: number;
        readonly count: number;
        /** Over HTTP/3: by UDP, to the port that https has. */
        readonly isQuic?: true;
      }
    | {
        readonly kind: 'stream';
        readonly client: number;
        readonly server: number;
        readonly port: number;
        readonly perSecond: number;
        /** Otherwise each connection is closed by its client after a few round trips. */
        readonly keepsOpen: boolean;
        readonly untilMs: number | null;
      }
    | { readonly kind: 'close'; readonly connection: string; readonly by: string }
    | { readonly kind: 'close-all'; readonly by: 'clients' | 'servers' }
  );

/** Omit over each member of a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type NewLearnerAction = Without<LearnerAction, 'id' | 'atMs'>;

export interface Session {
  readonly seed: number;
  /** The OS of each client. */
  readonly clients: readonly string[];
  readonly servers: number;
  /** The lesson's own actions after this moment do not happen; null: all do. -1: none at all. */
  readonly cutMs: number | null;
  readonly learnerActions: readonly LearnerAction[];
}

export const MOST_CLIENTS = 4;
export const MOST_SERVERS = 2;
/** So that a forgotten stream ends, and a browser's patience does not. */
export const MOST_CONNECTIONS = 4000;
export const STREAM_CONNECTIONS = 2000;
export const STREAM_RATES: readonly number[] = [5, 20, 100, 500];

function isServer(host: HostSpec): boolean {
  return host.listen.length > 0;
}

/** The session that leaves the lesson's scenario as it is. */
export function sessionOf(base: Scenario): Session {
  const servers = base.hosts.filter(isServer).length;
  return {
    seed: base.seed,
    clients: base.hosts.filter((host) => !isServer(host)).map((host) => host.os),
    servers,
    cutMs: null,
    learnerActions: [],
  };
}

function unusedName(taken: ReadonlySet<string>, stem: string): string {
  let number = 2;
  while (taken.has(`${stem}${String(number)}`)) number += 1;
  return `${stem}${String(number)}`;
}

/** The next address in the network of the hosts' first address that nobody has. */
function unusedAddress(hosts: readonly HostSpec[], like: string): string {
  const taken = new Set(hosts.flatMap((host) => host.addresses));
  if (like.includes(':')) {
    const at = like.lastIndexOf(':') + 1;
    const next = (number: number): string => `${like.slice(0, at)}${number.toString(16)}`;
    let group = Number.parseInt(like.slice(at) || '0', 16) + 1;
    while (taken.has(next(group))) group += 1;
    return next(group);
  }
  const parts = like.split('.');
  const network = parts.slice(0, 3).join('.');
  let last = Number(parts[3]) + 1;
  while (taken.has(`${network}.${String(last)}`)) last += 1;
  return `${network}.${String(last)}`;
}

/** Takes the first `count` of these hosts, or makes more of the kind of the first. */
function sizeTo(wanted: readonly HostSpec[], count: number, all: HostSpec[]): HostSpec[] {
  const hosts = wanted.slice(0, count);
  const first = wanted[0];
  while (first !== undefined && hosts.length < count) {
    const added: HostSpec = {
      ...first,
      name: unusedName(new Set(all.map((host) => host.name)), first.name.replace(/\d+$/, '')),
      addresses: [unusedAddress(all, first.addresses[0] ?? '10.0.0.1')],
    };
    hosts.push(added);
    all.push(added);
  }
  return hosts;
}

export interface Cast {
  readonly clients: readonly HostSpec[];
  readonly servers: readonly HostSpec[];
}

/** A server of https that listens for HTTP/3 as well. */
function withQuic(host: HostSpec): HostSpec {
  const https = host.listen.find(({ protocol, port }) => protocol === 'tcp' && port === QUIC_PORT);
  if (https === undefined) return host;
  const { address } = https;
  return { ...host, listen: [...host.listen, { protocol: 'udp', port: QUIC_PORT, address }] };
}

/** The hosts of a session. Another OS brings its own settings, so the lesson's sysctls fall away. */
export function castOf(base: Scenario, session: Session): Cast {
  const all = [...base.hosts];
  const clients = sizeTo(
    base.hosts.filter((host) => !isServer(host)),
    session.clients.length,
    all,
  );
  const servers = sizeTo(base.hosts.filter(isServer), session.servers, all);
  const hasQuic = session.learnerActions.some(
    (action) => action.kind === 'connect' && action.isQuic === true,
  );
  return {
    clients: clients.map((host, index) => {
      const os = session.clients[index] ?? host.os;
      return os === host.os ? host : { ...host, os, sysctl: {} };
    }),
    servers: hasQuic ? servers.map(withQuic) : servers,
  };
}

/** Streams still opening connections at a moment. */
export function runningStreams(
  session: Session,
  atMs: number,
): readonly Extract<LearnerAction, { kind: 'stream' }>[] {
  return session.learnerActions.filter(
    (action) =>
      action.kind === 'stream' &&
      action.atMs <= atMs &&
      (action.untilMs === null
        ? atMs < action.atMs + (STREAM_CONNECTIONS * 1000) / action.perSecond
        : atMs < action.untilMs),
  ) as readonly Extract<LearnerAction, { kind: 'stream' }>[];
}
