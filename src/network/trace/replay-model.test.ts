/** A replay at any moment shows what reading the trace from its beginning shows. */

import { describe, expect, it } from 'vitest';
import { Replay } from './replay.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import type { TraceEvent } from './trace.ts';
import { World } from '../world.ts';

const FIN = 'net.ipv4.tcp_fin_timeout';
const names = ['page', 'a#1', 'a#2', 'dns', 'mine', 'nobody', 'unknown'];

/** Segments, datagrams and ICMP, two legs through a router, lost ones, settings. */
function trace(): readonly TraceEvent[] {
  const world = new World(
    parseScenario({
      version: 1,
      seed: 2,
      hosts: [
        { name: 'laptop', os: 'linux', address: '192.168.1.2' },
        { name: 'web', os: 'linux', address: '203.0.113.80', listen: [{ port: 80 }] },
      ],
      nats: [{ name: 'router', inside: ['laptop'], address: '198.51.100.7' }],
      actions: [
        { atMs: 0, do: 'connect', from: 'laptop', to: '203.0.113.80:80', as: 'page' },
        {
          atMs: 4,
          do: 'connect',
          from: 'laptop',
          to: '203.0.113.80:80',
          as: 'a',
          count: 2,
          everyMs: 9,
        },
        {
          atMs: 6,
          do: 'connect',
          from: 'laptop',
          to: '203.0.113.80:53',
          protocol: 'udp',
          as: 'dns',
        },
        { atMs: 8, do: 'connect', from: 'laptop', to: '203.0.113.9:80', as: 'nobody' },
        { atMs: 9, do: 'bind', host: 'web', port: 0, as: 'mine' },
        { atMs: 12, do: 'release', as: 'mine' },
        { atMs: 14, do: 'sysctl', host: 'web', key: FIN, value: '5' },
        { atMs: 30, do: 'sysctl', host: 'web', key: FIN, value: '6' },
        { atMs: 60, do: 'close', connections: 'all', by: 'laptop' },
      ],
    }),
  );
  world.runUntil(2000);
  return world.trace;
}

/** The same, by reading on from the beginning. */
function read(events: readonly TraceEvent[], count: number): unknown {
  const sockets = new Map<number, TraceEvent>();
  const flights = new Map<number, TraceEvent>();
  const choices = new Map<string, TraceEvent>();
  let setting = '60';
  for (const event of events.slice(0, count)) {
    if (event.event === 'state') {
      if (event.state === 'CLOSED') sockets.delete(event.socket);
      else sockets.set(event.socket, event);
    } else if (event.event === 'segment' || event.event === 'datagram' || event.event === 'icmp') {
      if (event.phase === 'sent') flights.set(event.id, event);
      else flights.delete(event.id);
    } else if (event.event === 'port-chosen') choices.set(event.connection, event);
    else if (event.event === 'sysctl' && event.key === FIN) setting = event.value;
  }
  const inOrder = <T>(map: Map<number, T>): T[] =>
    [...map].sort(([a], [b]) => a - b).map(([, value]) => value);
  return {
    sockets: ['laptop', 'web'].map((host) =>
      inOrder(sockets).flatMap((event) =>
        event.event === 'state' && event.host === host
          ? [
              {
                id: event.socket,
                host,
                protocol: event.protocol,
                connection: event.connection,
                local: event.local,
                remote: event.remote.replace('*', '0'),
                state: event.state,
                sinceMs: event.atMs,
                expiresAtMs: event.expiresAtMs ?? null,
              },
            ]
          : [],
      ),
    ),
    flights: inOrder(flights).flatMap((event) =>
      event.event === 'segment' || event.event === 'datagram' || event.event === 'icmp'
        ? [
            {
              id: event.id,
              kind: event.event,
              from: event.from,
              to: event.to,
              flags: event.event === 'segment' ? event.flags : [],
              bytes: event.event === 'icmp' ? 0 : event.bytes,
              connection: event.connection ?? null,
              sentAtMs: event.atMs,
              arrivesAtMs: event.arrivesAtMs ?? null,
              lostAtMs: event.lostAtMs ?? null,
            },
          ]
        : [],
    ),
    choices: names.map((name) => choices.get(name)),
    setting,
  };
}

function shown(replay: Replay): unknown {
  return {
    sockets: ['laptop', 'web'].map((host) =>
      replay
        .sockets(host)
        .map(({ localAddress, localPort, remoteAddress, remotePort, ...rest }) => ({
          ...rest,
          local: `${localAddress}:${localPort}`,
          remote: `${remoteAddress}:${remotePort}`,
        })),
    ),
    flights: replay.flights(),
    choices: names.map((name) => replay.choice(name)),
    setting: replay.sysctl('web', FIN),
  };
}

describe('a replay', () => {
  const events = trace();

  it('has what it needs here: every kind of packet, one that is lost', () => {
    const kinds = new Set(events.map(({ event }) => event));
    expect([...kinds]).toEqual(expect.arrayContaining(['segment', 'datagram', 'icmp', 'nat']));
    expect(events.filter(({ event }) => event === 'segment').length).toBeGreaterThan(40);
    expect(events.some((event) => event.event === 'segment' && event.phase === 'lost')).toBe(true);
  });

  it('shows at each event, forwards and back, what the trace says', () => {
    const replay = new Replay(events);
    for (let index = 0; index <= events.length; index++) {
      replay.seekIndex(index);
      expect(replay.index).toBe(index);
      expect(replay.nowMs).toBe(events[index - 1]?.atMs ?? 0);
      expect(shown(replay)).toEqual(read(events, index));
      expect(replay.flights()).toBe(replay.flights());
      expect(replay.sockets('web')).toBe(replay.sockets('web'));
    }
    for (let index = events.length; index >= 0; index--) {
      replay.seekIndex(index);
      expect(shown(replay)).toEqual(read(events, index));
    }
  });

  it('is at a moment after all that happened by then, and not before the beginning', () => {
    const replay = new Replay(events);
    for (const ms of [-5, 0, 3, 4, 4.5, 60, 1999, 5000]) {
      replay.seekTime(ms);
      expect(replay.nowMs).toBe(Math.max(0, ms));
      expect(replay.index).toBe(events.filter(({ atMs }) => atMs <= ms).length);
    }
    replay.seekIndex(-3);
    expect(replay.index).toBe(0);
    replay.seekIndex(2.9);
    expect(replay.index).toBe(2);
    replay.seekIndex(1e9);
    expect(replay.index).toBe(events.length);
    expect(replay.endMs).toBe(events.at(-1)?.atMs);
    expect(new Replay([]).endMs).toBe(0);
    expect(new Replay([]).sockets('web')).toEqual([]);
  });

  it('takes in what comes after, wherever it is', () => {
    for (const at of [0, 10, 39, 40]) {
      for (const first of [0, 1, 10, 39, 40, 41]) {
        const growing = events.slice(0, first);
        const replay = new Replay(growing);
        replay.seekIndex(at);
        const { nowMs } = replay;
        expect(replay.index).toBe(Math.min(at, first));
        expect(replay.endMs).toBe(events[first - 1]?.atMs ?? 0);
        growing.push(...events.slice(first));
        replay.extend();
        expect(replay.nowMs).toBe(nowMs);
        for (const index of [first, events.length, first + 5, 0, 30]) {
          replay.seekIndex(index);
          expect(shown(replay)).toEqual(read(events, Math.min(index, events.length)));
        }
      }
    }
  });

  it('of many thousand events is as right as one of few', () => {
    const long: TraceEvent[] = [];
    for (let round = 0; round < 40; round++) {
      for (const event of events) {
        if (event.event !== 'segment') continue;
        long.push({ ...event, id: event.id + 1000 * round, atMs: event.atMs + 2000 * round });
      }
    }
    expect(long.length).toBeGreaterThan(2048);
    const replay = new Replay(long.slice(0, 100));
    const grown = new Replay(long);
    for (const index of [long.length, 1500, 3, 1025, 1024, 1023, 2047, 2049]) {
      grown.seekIndex(index);
      expect(grown.flights().map(({ id }) => id)).toEqual(
        (read(long, index) as { flights: { id: number }[] }).flights.map(({ id }) => id),
      );
    }
    replay.seekIndex(100);
    expect(replay.index).toBe(100);
  });
});
