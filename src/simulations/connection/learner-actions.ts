/**
 * What the learner does, as the next session: an action in the present is added, one in the past
 * begins another story. And the scenario that a session amounts to, for the engine to run.
 */

import type { Action, Scenario } from '../../network/scenario/scenario.ts';
import { addressOf, bracketed } from '../../simulation-kit/endpoint.ts';
import { requestFor } from './requestable-services.ts';
import {
  castOf,
  MOST_CONNECTIONS,
  runningStreams,
  STREAM_CONNECTIONS,
  type Cast,
  type NewLearnerAction,
  type LearnerAction,
  type Session,
} from './session.ts';

/** The ×10 button opens them one after another, close enough to travel together. */
const TRAIN_SPACING_MS = 1;

/** The connections that one action opens have these names; a single one has the bare name. */
function nameOf(action: LearnerAction, index: number, count: number): string {
  return count === 1 ? `c${String(action.id)}` : `c${String(action.id)}#${String(index + 1)}`;
}

/** How many connections a stream opens. */
function streamCount(action: Extract<LearnerAction, { kind: 'stream' }>): number {
  if (action.untilMs === null) return STREAM_CONNECTIONS;
  const every = 1000 / action.perSecond;
  return Math.min(STREAM_CONNECTIONS, Math.floor((action.untilMs - action.atMs) / every) + 1);
}

function actionsOf(action: LearnerAction, cast: Cast, base: Scenario): Action[] {
  if (action.kind === 'close') {
    return [{ atMs: action.atMs, do: 'close', connection: action.connection, by: action.by }];
  }
  if (action.kind === 'close-all') {
    return cast[action.by].map((host) => ({
      atMs: action.atMs,
      do: 'close',
      connections: 'all',
      by: host.name,
    }));
  }
  const client = cast.clients[action.client];
  const address = cast.servers[action.server]?.addresses[0];
  if (client === undefined || address === undefined) return [];
  const count = action.kind === 'connect' ? action.count : streamCount(action);
  const everyMs = action.kind === 'connect' ? TRAIN_SPACING_MS : 1000 / action.perSecond;
  const actions: Action[] = [
    {
      atMs: action.atMs,
      do: 'connect',
      from: client.name,
      to: `${bracketed(address)}:${String(action.port)}`,
      ...requestFor(base, action.port, action.kind === 'connect' && action.isQuic === true),
      as: `c${String(action.id)}`,
      everyMs,
      ...(count === 1 ? {} : { count }),
    },
  ];
  if (action.kind === 'stream' && !action.keepsOpen) {
    const lifetimeMs = 6 * Math.max(base.latencyMs, 1);
    for (let index = 0; index < count; index += 1) {
      actions.push({
        atMs: action.atMs + index * everyMs + lifetimeMs,
        do: 'close',
        connection: nameOf(action, index, count),
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
  const own = session.learnerActions.flatMap((action) => actionsOf(action, cast, base));
  const actions = [...given, ...own].sort((a, b) => a.atMs - b.atMs);
  return {
    version: 1,
    seed: session.seed,
    latencyMs: base.latencyMs,
    hosts,
    actions,
    ...(session.learnerActions.length === 0 && base.untilMs !== undefined
      ? { untilMs: base.untilMs }
      : {}),
  };
}

/** How many connections a session's actions would open at most. */
export function connectionsIn(session: Session): number {
  let count = 0;
  for (const action of session.learnerActions) {
    if (action.kind === 'connect') count += action.count;
    if (action.kind === 'stream') count += streamCount(action);
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
 * The session as it was at a moment: later actions have not happened, and neither will the lesson's
 * own later actions. A stream that was running runs on.
 */
function branchAt(base: Scenario, session: Session, atMs: number): Session {
  return {
    ...withoutScript(base, session, atMs),
    learnerActions: session.learnerActions
      .filter((action) => action.atMs <= atMs)
      .map((action) =>
        action.kind === 'stream' && action.untilMs !== null && action.untilMs > atMs
          ? { ...action, untilMs: null }
          : action,
      ),
  };
}

function stopStreams(session: Session, atMs: number): Session {
  const running = new Set(runningStreams(session, atMs).map((action) => action.id));
  return {
    ...session,
    learnerActions: session.learnerActions.map((action) =>
      action.kind === 'stream' && running.has(action.id) ? { ...action, untilMs: atMs } : action,
    ),
  };
}

/**
 * Does something at a moment (whole virtual milliseconds). `seenMs` is the furthest moment watched
 * so far: an action before it begins another story, and what came later is replaced. The lesson's own
 * actions still to come are put away in any case, so that a learner's actions and a script never mix;
 * with `isFirst` nothing has happened yet, and none of them will.
 */
export function act(
  base: Scenario,
  session: Session,
  atMs: number,
  seenMs: number,
  action: NewLearnerAction | { readonly kind: 'stop' },
  isFirst = false,
): Change {
  const fromMs = isFirst ? -1 : atMs;
  const past = isFirst || atMs < seenMs;
  let next = past ? branchAt(base, session, fromMs) : withoutScript(base, session, fromMs);
  const replacedFuture = JSON.stringify(next) !== JSON.stringify(session);
  if (action.kind === 'stop') return { ok: true, session: stopStreams(next, atMs), replacedFuture };
  if (action.kind === 'close-all') next = stopStreams(next, atMs);
  const id = session.learnerActions.reduce((most, action) => Math.max(most, action.id), 0) + 1;
  const added = { ...action, id, atMs } as LearnerAction;
  next = {
    ...next,
    learnerActions: [...next.learnerActions, added].sort((a, b) => a.atMs - b.atMs),
  };
  if (connectionsIn(next) > MOST_CONNECTIONS) return { ok: false, refusal: 'too-many' };
  return { ok: true, session: next, replacedFuture };
}

/** Changes the number of clients or servers; actions of hosts that leave go with them. */
export function resize(session: Session, clients: number, servers: number): Session {
  const systems = Array.from(
    { length: clients },
    (_, index) => session.clients[index] ?? session.clients.at(-1) ?? 'linux',
  );
  return {
    ...session,
    clients: systems,
    servers,
    learnerActions: session.learnerActions.filter(
      (action) => !('client' in action) || (action.client < clients && action.server < servers),
    ),
  };
}
