/**
 * Ten thousand worlds from ten thousand seeds, each with random hosts, settings and actions: tiny
 * ranges, everything reserved, jumps of the clock, closing in every state. None hangs, none crashes,
 * and what must always hold is looked at after every step.
 */

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Random } from '../time-and-chance/random.ts';
import { formatEndpoint, parseAddress } from './addresses.ts';
import { hostNames, pick, randomScenario, RANGE, RESERVED } from './random-scenario-fixtures.ts';
import { Replay } from './trace/replay.ts';
import type { TraceEvent } from './trace/trace.ts';
import { World, type WorldSnapshot } from './world.ts';

/** What must hold, millions of times: Vitest's own `expect` would take most of the run. */
function holds(isTrue: boolean, what: () => string): void {
  if (!isTrue) throw new Error(what());
}

/** No two sockets of a host share protocol and four-tuple (listeners that share a port apart). */
function checkTuples(world: World): void {
  for (const host of world.hosts) {
    const seen = new Set<string>();
    for (const {
      protocol,
      localAddress,
      localPort,
      remoteAddress,
      remotePort,
      state,
    } of host.sockets()) {
      if (protocol !== 'tcp' || state === 'LISTEN' || state === 'BOUND') continue;
      const tuple = `${localAddress}:${localPort} ${remoteAddress}:${remotePort}`;
      holds(!seen.has(tuple), () => `two sockets of ${host.name} have ${tuple}`);
      seen.add(tuple);
    }
  }
}

/** Every automatic port lies in the range and is not reserved, as the trace itself tells both. */
function checkChoices(trace: readonly TraceEvent[]): void {
  const blocked = new Map<string, (port: number) => boolean>();
  for (const event of trace) {
    if (event.event === 'sysctl' && event.key === RESERVED)
      blocked.set(event.host, inList(event.value));
    if (event.event !== 'port-chosen') continue;
    const [low, high] = event.why.range;
    holds(event.port >= low && event.port <= high, () => `${event.port} is not in ${low}-${high}`);
    holds(!blocked.get(event.host)?.(event.port), () => `${event.port} is reserved`);
  }
}

function inList(list: string): (port: number) => boolean {
  const parts = list.split(',').filter((part) => part !== '');
  const intervals = parts.map((part) => part.split('-').map(Number));
  return (port) => intervals.some(([low = 0, high = low]) => port >= low && port <= high);
}

/** Every state change starts from the state the socket had; nothing is changed after it has gone. */
function checkStates(trace: readonly TraceEvent[]): void {
  const states = new Map<number, string>();
  let lastMs = 0;
  for (const event of trace) {
    holds(
      event.atMs >= lastMs,
      () => `${event.event} at ${event.atMs} ms comes after ${lastMs} ms`,
    );
    lastMs = event.atMs;
    if (event.event !== 'state') continue;
    const was = states.get(event.socket) ?? null;
    holds(event.was === was, () => `socket ${event.socket} was ${was}, not ${event.was}`);
    if (event.state === 'CLOSED') states.delete(event.socket);
    else states.set(event.socket, event.state);
  }
}

function checkReplay(world: World, atMs: number): void {
  const replay = new Replay(world.trace);
  replay.seekIndex(world.trace.length);
  replay.seekTime(atMs);
  for (const host of world.hosts) {
    const shown = replay
      .sockets(host.name)
      .map(({ id, state, localPort, sinceMs, expiresAtMs }) => ({
        id,
        state,
        localPort,
        sinceMs,
        expiresAtMs,
      }));
    const own = host.sockets().map(({ id, state, localPort, sinceMs, expiresAtMs }) => ({
      id,
      state,
      localPort,
      sinceMs,
      expiresAtMs,
    }));
    if (!isDeepStrictEqual(shown, own)) expect(shown).toEqual(own);
  }
}

/** A refused call leaves the host's sockets, settings and what is to come as they were. */
function checkFailedCall(world: World, random: Random): void {
  const host = world.host(pick(random, hostNames));
  if (host === undefined) return;
  const before = [host.sockets(), host.sysctl.get(RANGE), world.nextMs];
  const calls = [
    () => host.bind('tcp', '192.0.2.1', 0),
    () => host.listen('tcp', '0.0.0.0', 80, { privileged: false }),
    () => host.connect('tcp', '224.0.0.1', 80),
    () => host.connect('tcp', 'nonsense', 80),
    () => host.sysctl.set(RANGE, '5 4'),
    () => host.close(999_999),
    () => host.connect('tcp', '10.0.0.1', 80, { localPort: 80, privileged: false }),
  ];
  for (const call of calls) {
    const result = call();
    if (host.os === 'linux') expect(result.ok).toBe(false);
    if (result.ok) return;
    expect([host.sockets(), host.sysctl.get(RANGE), world.nextMs]).toEqual(before);
  }
}

/** Where a socket may be when nothing more is to come. */
const statesThatStay: ReadonlySet<string> = new Set([
  'LISTEN',
  'BOUND',
  'UNCONN',
  'ESTAB',
  'ESTABLISHED',
  'CLOSE-WAIT',
  'FIN-WAIT-2',
]);

/** More than any of these worlds can need; an endless exchange would pass it. */
const MOST_EVENTS = 20_000;

function checkWorld(seed: number): void {
  const random = new Random(seed).fork('checks');
  const scenario = randomScenario(seed);
  const world = new World(scenario);
  for (let i = 0; i < 3; i++) {
    const atMs = world.nowMs + random.below(4) * scenario.latencyMs + random.below(100);
    world.runUntil(atMs);
    checkTuples(world);
    checkReplay(world, atMs);
  }
  if (seed % 8 === 0) checkFailedCall(world, random);
  world.runWhile(() => world.eventsProcessed < MOST_EVENTS);
  expect(world.eventsProcessed).toBeLessThan(MOST_EVENTS);
  checkTuples(world);
  checkStates(world.trace);
  checkChoices(world.trace);
  if (seed % 16 === 0) {
    const again = World.restore(JSON.parse(JSON.stringify(world.snapshot())) as WorldSnapshot);
    if (!isDeepStrictEqual(again.trace, world.trace)) expect(again.trace).toEqual(world.trace);
    expect(again.nowMs).toBe(world.nowMs);
  }
  for (const host of world.hosts) {
    for (const { state } of host.sockets()) {
      holds(statesThatStay.has(state), () => `${host.name} keeps a socket in ${state}`);
    }
  }
}

function checkWorlds(first: number, count: number): void {
  for (let seed = first; seed < first + count; seed++) {
    try {
      checkWorld(seed);
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
}

describe('random worlds', () => {
  // What is broken for most is told at once; mutations are tried against these alone.
  it('the first forty seeds', () => {
    checkWorlds(0, 40);
  });

  it.each(Array.from({ length: 20 }, (_, part) => part * 500))(
    'seeds %i and the next 499',
    (first) => {
      checkWorlds(first, 500);
    },
  );

  it('makes endpoints that can be read back', () => {
    expect(formatEndpoint(parseAddress('10.0.0.1') ?? 0, 80)).toBe('10.0.0.1:80');
  });
});
