/**
 * What the learner has made of a scenario: other luck, other systems, more hosts, and the deeds so
 * far. A session is small plain data; together with the lesson's scenario it gives the whole
 * scenario that the engine runs, so undo is the session before, and a link is a session and a moment.
 */

import type { Action, HostSpec, Scenario } from '../../network/scenario.ts';

interface Deed {
  /** Names the deed's connections; unique in the session and never used again. */
  readonly id: number;
  readonly atMs: number;
}

export type Op = Deed &
  (
    | {
        readonly kind: 'connect';
        readonly client: number;
        readonly server: number;
        readonly port: number;
        readonly count: number;
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
export type NewOp = Without<Op, 'id' | 'atMs'>;

export interface Session {
  readonly seed: number;
  /** The OS of each client. */
  readonly clients: readonly string[];
  readonly servers: number;
  /** The lesson's own actions after this moment do not happen; null: all do. -1: none at all. */
  readonly cutMs: number | null;
  readonly ops: readonly Op[];
}

export const MOST_CLIENTS = 4;
export const MOST_SERVERS = 2;
/** So that a forgotten stream ends, and a browser's patience does not. */
export const MOST_CONNECTIONS = 4000;
export const STREAM_CONNECTIONS = 2000;
export const STREAM_RATES: readonly number[] = [5, 20, 100, 500];
/** The ×10 button opens them one after another, close enough to travel together. */
const TRAIN_SPACING_MS = 1;

export function isServer(host: HostSpec): boolean {
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
    ops: [],
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

/** The hosts of a session. Another OS brings its own settings, so the lesson's sysctls fall away. */
export function castOf(base: Scenario, session: Session): Cast {
  const all = [...base.hosts];
  const clients = sizeTo(
    base.hosts.filter((host) => !isServer(host)),
    session.clients.length,
    all,
  );
  const servers = sizeTo(base.hosts.filter(isServer), session.servers, all);
  return {
    clients: clients.map((host, index) => {
      const os = session.clients[index] ?? host.os;
      return os === host.os ? host : { ...host, os, sysctl: {} };
    }),
    servers,
  };
}

/** The connections that one deed opens have these names; a single one has the bare name. */
export function nameOf(op: Op, index: number, count: number): string {
  return count === 1 ? `c${String(op.id)}` : `c${String(op.id)}#${String(index + 1)}`;
}

/** How many connections a stream opens. */
export function streamCount(op: Extract<Op, { kind: 'stream' }>): number {
  if (op.untilMs === null) return STREAM_CONNECTIONS;
  const every = 1000 / op.perSecond;
  return Math.min(STREAM_CONNECTIONS, Math.floor((op.untilMs - op.atMs) / every) + 1);
}

function actionsOf(op: Op, cast: Cast, latencyMs: number): Action[] {
  if (op.kind === 'close') {
    return [{ atMs: op.atMs, do: 'close', connection: op.connection, by: op.by }];
  }
  if (op.kind === 'close-all') {
    return cast[op.by].map((host) => ({
      atMs: op.atMs,
      do: 'close',
      connections: 'all',
      by: host.name,
    }));
  }
  const client = cast.clients[op.client];
  const address = cast.servers[op.server]?.addresses[0];
  if (client === undefined || address === undefined) return [];
  const count = op.kind === 'connect' ? op.count : streamCount(op);
  const everyMs = op.kind === 'connect' ? TRAIN_SPACING_MS : 1000 / op.perSecond;
  const actions: Action[] = [
    {
      atMs: op.atMs,
      do: 'connect',
      from: client.name,
      to: `${address}:${String(op.port)}`,
      protocol: 'tcp',
      as: `c${String(op.id)}`,
      everyMs,
      ...(count === 1 ? {} : { count }),
    },
  ];
  if (op.kind === 'stream' && !op.keepsOpen) {
    const lifetimeMs = 6 * Math.max(latencyMs, 1);
    for (let index = 0; index < count; index += 1) {
      actions.push({
        atMs: op.atMs + index * everyMs + lifetimeMs,
        do: 'close',
        connection: nameOf(op, index, count),
        by: client.name,
      });
    }
  }
  return actions;
}

function names(action: Action): string[] {
  if (action.do === 'connect') return [action.from];
  if ('host' in action) return [action.host];
  return 'by' in action ? [action.by ?? ''].filter((name) => name !== '') : [];
}

/** The scenario the engine runs. */
export function scenarioOf(base: Scenario, session: Session): Scenario {
  const cast = castOf(base, session);
  const hosts = [...cast.clients, ...cast.servers];
  const known = new Set(hosts.map((host) => host.name));
  const addresses = new Set(hosts.flatMap((host) => host.addresses));
  const cutMs = session.cutMs ?? Number.POSITIVE_INFINITY;
  const given = base.actions.filter(
    (action) =>
      action.atMs <= cutMs &&
      names(action).every((name) => known.has(name)) &&
      (action.do !== 'connect' || addresses.has(action.to.slice(0, action.to.lastIndexOf(':')))),
  );
  const deeds = session.ops.flatMap((op) => actionsOf(op, cast, base.latencyMs));
  const actions = [...given, ...deeds].sort((a, b) => a.atMs - b.atMs);
  return {
    version: 1,
    seed: session.seed,
    latencyMs: base.latencyMs,
    hosts,
    actions,
    ...(session.ops.length === 0 && base.untilMs !== undefined ? { untilMs: base.untilMs } : {}),
  };
}

function connectionsIn(session: Session): number {
  let count = 0;
  for (const op of session.ops) {
    if (op.kind === 'connect') count += op.count;
    if (op.kind === 'stream') count += streamCount(op);
  }
  return count;
}

export type Change =
  | { readonly ok: true; readonly session: Session; readonly replacedFuture: boolean }
  | { readonly ok: false; readonly refusal: 'too-many' };

/**
 * The session as it was at a moment: later deeds have not happened, and neither will the lesson's
 * own later actions. A stream that was running runs on.
 */
export function branchAt(base: Scenario, session: Session, atMs: number): Session {
  const cutMs = session.cutMs ?? Number.POSITIVE_INFINITY;
  const loses = base.actions.some((action) => action.atMs > atMs && action.atMs <= cutMs);
  return {
    ...session,
    cutMs: loses ? atMs : session.cutMs,
    ops: session.ops
      .filter((op) => op.atMs <= atMs)
      .map((op) =>
        op.kind === 'stream' && op.untilMs !== null && op.untilMs > atMs
          ? { ...op, untilMs: null }
          : op,
      ),
  };
}

/** Streams still opening connections at a moment. */
export function runningStreams(
  session: Session,
  atMs: number,
): readonly Extract<Op, { kind: 'stream' }>[] {
  return session.ops.filter(
    (op) =>
      op.kind === 'stream' &&
      op.atMs <= atMs &&
      (op.untilMs === null
        ? atMs < op.atMs + (STREAM_CONNECTIONS * 1000) / op.perSecond
        : atMs < op.untilMs),
  ) as readonly Extract<Op, { kind: 'stream' }>[];
}

function stopStreams(session: Session, atMs: number): Session {
  const running = new Set(runningStreams(session, atMs).map((op) => op.id));
  return {
    ...session,
    ops: session.ops.map((op) =>
      op.kind === 'stream' && running.has(op.id) ? { ...op, untilMs: atMs } : op,
    ),
  };
}

/**
 * Does something at a moment (whole virtual milliseconds). `seenMs` is the furthest moment watched
 * so far: a deed before it begins another story, and what came later is replaced.
 */
export function act(
  base: Scenario,
  session: Session,
  atMs: number,
  seenMs: number,
  deed: NewOp | { readonly kind: 'stop' },
): Change {
  const past = atMs < seenMs;
  let next = past ? branchAt(base, session, atMs) : session;
  const replacedFuture = past && JSON.stringify(next) !== JSON.stringify(session);
  if (deed.kind === 'stop') return { ok: true, session: stopStreams(next, atMs), replacedFuture };
  if (deed.kind === 'close-all') next = stopStreams(next, atMs);
  const id = session.ops.reduce((most, op) => Math.max(most, op.id), 0) + 1;
  const op = { ...deed, id, atMs } as Op;
  next = { ...next, ops: [...next.ops, op].sort((a, b) => a.atMs - b.atMs) };
  if (connectionsIn(next) > MOST_CONNECTIONS) return { ok: false, refusal: 'too-many' };
  return { ok: true, session: next, replacedFuture };
}

/** Changes the number of clients or servers; deeds of hosts that leave go with them. */
export function resize(session: Session, clients: number, servers: number): Session {
  const systems = Array.from(
    { length: clients },
    (_, index) => session.clients[index] ?? session.clients.at(-1) ?? 'linux',
  );
  return {
    ...session,
    clients: systems,
    servers,
    ops: session.ops.filter(
      (op) => !('client' in op) || (op.client < clients && op.server < servers),
    ),
  };
}
