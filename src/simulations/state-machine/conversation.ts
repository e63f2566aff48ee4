/**
 * A client and a server of the engine, told what to do at which moment: the states of both ends and
 * the segments between them, read off the trace. Nothing here decides what TCP does.
 */

import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import type { Errno } from '../../network/errors.ts';
import type { SegmentEvent, TcpState, TraceEvent } from '../../network/trace/trace.ts';
import { World } from '../../network/world.ts';
import type { HostInterface } from '../../network/system-calls/host-interface.ts';
import { lateSegment } from './late-segment.ts';
import {
  isLate,
  type Done,
  type End,
  type Moment,
  type Sent,
  type Side,
  type Story,
} from './moments.ts';

/** One way, in milliseconds. */
const LATENCY_MS = 50;
/** When it is enough: longer than any SYN's silence and TIME-WAIT. */
const LIMIT_MS = 600_000;
const SERVER = '10.0.0.10';
const SEED = 100;

const opened: readonly Done[] = [{ atMs: 0, action: 'client-connect' }];

/** What is done in a story before the learner does anything else. */
export const plans: Readonly<
  Record<Exclude<Story, 'late-without' | 'late-with'>, readonly Done[]>
> = {
  'client-first': [
    ...opened,
    { atMs: 400, action: 'client-close' },
    { atMs: 600, action: 'server-close' },
  ],
  'server-first': [
    ...opened,
    { atMs: 400, action: 'server-close' },
    { atMs: 600, action: 'client-close' },
  ],
  both: [...opened, { atMs: 400, action: 'client-close' }, { atMs: 400, action: 'server-close' }],
  'half-close': [
    ...opened,
    { atMs: 400, action: 'client-shutdown' },
    { atMs: 600, action: 'server-send' },
    { atMs: 800, action: 'server-close' },
  ],
  reset: [...opened, { atMs: 400, action: 'client-reset' }],
  refused: opened,
  silence: opened,
  forgotten: [...opened, { atMs: 400, action: 'client-close' }],
};

function worldOf(story: Story): World {
  return new World(
    parseScenario({
      version: 1,
      seed: SEED,
      latencyMs: LATENCY_MS,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2' },
        {
          name: 'server',
          os: 'linux',
          address: SERVER,
          listen: story === 'refused' ? [] : [{ port: 443, responds: false, answersClose: false }],
          ...(story === 'silence' ? { firewall: { policyIn: 'drop' } } : {}),
        },
      ],
      actions: [],
    }),
  );
}

function connectionOf(host: HostInterface) {
  return host.sockets().find(({ remotePort }) => remotePort !== 0);
}

function act(client: HostInterface, server: HostInterface, { action }: Done): void {
  if (action === 'client-connect') {
    client.connect('tcp', SERVER, 443, { request: 0, answersClose: false });
    return;
  }
  const host = action.startsWith('client') ? client : server;
  const socket = connectionOf(host);
  if (socket === undefined) return;
  if (action === 'client-send') host.send(socket.id, 120);
  else if (action === 'server-send') host.send(socket.id, 480);
  else if (action === 'client-shutdown') host.shutdown(socket.id);
  else if (action === 'client-close' || action === 'server-close') host.close(socket.id);
  else host.reset(socket.id);
}

/** One moment while it is being read. */
interface Draft {
  readonly atMs: number;
  readonly events: TraceEvent[];
}

function group(trace: readonly TraceEvent[]): readonly Draft[] {
  const drafts: Draft[] = [];
  for (const event of trace) {
    if (event.event === 'port-chosen') continue;
    const last = drafts.at(-1);
    if (last?.atMs === event.atMs) last.events.push(event);
    else drafts.push({ atMs: event.atMs, events: [event] });
  }
  return drafts;
}

const isSent = (event: TraceEvent): event is SegmentEvent =>
  event.event === 'segment' && event.phase === 'sent';

function errorOf(events: readonly TraceEvent[], side: Side): Errno | null {
  for (const event of events) {
    if (event.event === 'error' && event.host === side) return event.error;
  }
  return null;
}

/**
 * Plays a conversation to its end.
 * @param done what the programs do, in the order of time.
 */
export function play(story: Story, done: readonly Done[]): readonly Moment[] {
  if (isLate(story)) return lateSegment(story);
  const world = worldOf(story);
  const client = world.host('client');
  const server = world.host('server');
  if (!client || !server) return [];
  for (const one of done) {
    world.runUntil(one.atMs);
    act(client, server, one);
  }
  world.runToEnd(LIMIT_MS);
  return read(world.trace, done, story === 'refused');
}

function read(
  trace: readonly TraceEvent[],
  done: readonly Done[],
  isRefused: boolean,
): readonly Moment[] {
  const dropped = new Set(
    trace.flatMap((event) =>
      event.event === 'firewall' && event.verdict === 'drop' ? [event.packet] : [],
    ),
  );
  // A listener is no news, and what a firewall drops arrives nowhere.
  const drafts = group(
    trace.filter(
      (event) =>
        event.event !== 'firewall' &&
        (event.event !== 'state' || event.state !== 'LISTEN') &&
        (event.event !== 'segment' || event.phase !== 'arrived' || !dropped.has(event.id)),
    ),
  );
  const places = new Map(drafts.map(({ atMs }, place) => [atMs, place]));
  const sentOf = (event: SegmentEvent): Sent => ({
    id: event.id,
    isOutward: event.to.startsWith(SERVER),
    flags: event.flags.join(' '),
    bytes: event.bytes,
    arrivesIn: dropped.has(event.id) ? null : (places.get(event.arrivesAtMs ?? -1) ?? null),
  });
  let states: Record<Side, TcpState> = {
    client: 'CLOSED',
    server: isRefused ? 'CLOSED' : 'LISTEN',
  };
  let expires: Record<Side, number | null> = { client: null, server: null };
  let ways: Record<Side, readonly string[]> = { client: [], server: [] };
  return drafts.map(({ atMs, events }) => {
    const changed = new Set<Side>();
    for (const event of events) {
      if (event.event !== 'state') continue;
      const side = event.host as Side;
      const state = event.state as TcpState;
      changed.add(side);
      ways = { ...ways, [side]: [...ways[side], `${states[side]}>${state}`] };
      states = { ...states, [side]: state };
      expires = { ...expires, [side]: event.expiresAtMs ?? null };
    }
    const endOf = (side: Side): End => ({
      state: states[side],
      isNew: changed.has(side),
      error: errorOf(events, side),
      expiresAtMs: expires[side],
    });
    return {
      atMs,
      client: endOf('client'),
      server: endOf('server'),
      sent: events.filter(isSent).map(sentOf),
      actions: done.filter((one) => one.atMs === atMs).map(({ action }) => action),
      ways,
    };
  });
}
