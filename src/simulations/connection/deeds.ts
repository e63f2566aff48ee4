/**
 * What the learner does, as the next session: a deed in the present is added, a deed in the past
 * begins another story. And the scenario that a session amounts to, for the engine to run.
 */

import type { Action, Scenario } from '../../network/scenario/scenario.ts';
import { addressOf, bracketed } from '../../simulation-kit/endpoint.ts';
import { requestFor } from './offers.ts';
import {
  castOf,
  MOST_CONNECTIONS,
  runningStreams,
  STREAM_CONNECTIONS,
  type Cast,
  type NewOp,
  type Op,
  type Session,
} from './session.ts';

/** The ×10 button opens them one after another, close enough to travel together. */
const TRAIN_SPACING_MS = 1;

/** The connections that one deed opens have these names; a single one has the bare name. */
function nameOf(op: Op, index: number, count: number): string {
  return count === 1 ? `c${String(op.id)}` : `c${String(op.id)}#${String(index + 1)}`;
}

/** How many connections a stream opens. */
function streamCount(op: Extract<Op, { kind: 'stream' }>): number {
  if (op.untilMs === null) return STREAM_CONNECTIONS;
  const every = 1000 / op.perSecond;
  return Math.min(STREAM_CONNECTIONS, Math.floor((op.untilMs - op.atMs) / every) + 1);
}

function actionsOf(op: Op, cast: Cast, base: Scenario): Action[] {
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
      to: `${bracketed(address)}:${String(op.port)}`,
      ...requestFor(base, op.port, op.kind === 'connect' && op.isQuic === true),
      as: `c${String(op.id)}`,
      everyMs,
      ...(count === 1 ? {} : { count }),
    },
  ];
  if (op.kind === 'stream' && !op.keepsOpen) {
    const lifetimeMs = 6 * Math.max(base.latencyMs, 1);
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
      (action.do !== 'connect' || addresses.has(addressOf(action.to))),
  );
  const deeds = session.ops.flatMap((op) => actionsOf(op, cast, base));
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

/** How many connections a session's deeds would open at most. */
export function connectionsIn(session: Session): number {
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

/** The session without what the lesson's own script would still do after a moment. */
function withoutScript(base: Scenario, session: Session, atMs: number): Session {
  const cutMs = session.cutMs ?? Number.POSITIVE_INFINITY;
  const loses = base.actions.some((action) => action.atMs > atMs && action.atMs <= cutMs);
  return loses ? { ...session, cutMs: atMs } : session;
}

/**
 * The session as it was at a moment: later deeds have not happened, and neither will the lesson's
 * own later actions. A stream that was running runs on.
 */
function branchAt(base: Scenario, session: Session, atMs: number): Session {
  return {
    ...withoutScript(base, session, atMs),
    ops: session.ops
      .filter((op) => op.atMs <= atMs)
      .map((op) =>
        op.kind === 'stream' && op.untilMs !== null && op.untilMs > atMs
          ? { ...op, untilMs: null }
          : op,
      ),
  };
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
 * so far: a deed before it begins another story, and what came later is replaced. The lesson's own
 * actions still to come are put away in any case, so that a learner's deeds and a script never mix;
 * with `isFirst` nothing has happened yet, and none of them will.
 */
export function act(
  base: Scenario,
  session: Session,
  atMs: number,
  seenMs: number,
  deed: NewOp | { readonly kind: 'stop' },
  isFirst = false,
): Change {
  const fromMs = isFirst ? -1 : atMs;
  const past = isFirst || atMs < seenMs;
  let next = past ? branchAt(base, session, fromMs) : withoutScript(base, session, fromMs);
  const replacedFuture = JSON.stringify(next) !== JSON.stringify(session);
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
