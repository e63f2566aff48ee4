import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Replay } from './replay.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { World } from '../world.ts';

const scenario = parseScenario({
  version: 1,
  seed: 3,
  hosts: [
    { name: 'client', os: 'linux', address: '10.0.0.2' },
    { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] },
  ],
  actions: [
    { atMs: 0, do: 'connect', from: 'client', to: '10.0.0.10:80', as: 'a', count: 5, everyMs: 7 },
    { atMs: 3, do: 'connect', from: 'client', to: '10.0.0.10:81', as: 'refused' },
    { atMs: 9, do: 'connect', from: 'client', to: '10.9.9.9:81', as: 'nobody' },
    { atMs: 20, do: 'bind', host: 'client', port: 0, as: 'b' },
    { atMs: 25, do: 'connect', from: 'client', to: '10.0.0.10:53', protocol: 'udp', as: 'u' },
    { atMs: 60, do: 'sysctl', host: 'client', key: 'net.ipv4.tcp_fin_timeout', value: '5' },
    { atMs: 90, do: 'close', connections: 'all' },
    { atMs: 95, do: 'release', as: 'b' },
  ],
});

function played(): World {
  const world = new World(scenario);
  world.runToEnd();
  return world;
}

function stateOf(replay: Replay): unknown {
  return {
    index: replay.index,
    hosts: ['client', 'web'].map((host) => replay.sockets(host)),
    flights: replay.flights(),
    choices: ['a#1', 'a#5', 'b', 'u'].map((name) => replay.choice(name)),
    sysctl: replay.sysctl('client', 'net.ipv4.tcp_fin_timeout'),
  };
}

describe('a replay', () => {
  const { trace } = played();

  it('shows the same after any seeking as a fresh one walked there', () => {
    const places = fc.array(fc.integer({ min: 0, max: trace.length }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(places, (indices) => {
        const replay = new Replay(trace);
        for (const index of indices) replay.seekIndex(index);
        const fresh = new Replay(trace);
        fresh.seekIndex(indices.at(-1) ?? 0);
        expect(stateOf(replay)).toEqual(stateOf(fresh));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('shows at each moment the sockets that the world had then', () => {
    const world = new World(scenario);
    const replay = new Replay(trace);
    for (let ms = 0; ms < 200; ms += 2.5) {
      world.runUntil(ms);
      replay.seekTime(ms);
      for (const host of world.hosts) {
        const own = host
          .sockets()
          .map(({ recvQ: _r, sendQ: _s, owner: _o, family: _f, ...socket }) => ({
            ...socket,
            host: host.name,
          }));
        expect(replay.sockets(host.name)).toEqual(own);
      }
    }
  });

  it('steps one event at a time, both ways, and says so at the ends', () => {
    const replay = new Replay(trace);
    expect(replay.step(-1)).toBe(false);
    while (replay.step(1));
    expect(replay.index).toBe(trace.length);
    expect(replay.nowMs).toBe(replay.endMs);
    while (replay.step(-1));
    expect(replay.index).toBe(0);
    expect(replay.sockets('client')).toEqual([]);
    expect(replay.flights()).toEqual([]);
  });

  it('takes in what a running world adds', () => {
    const world = new World(scenario);
    world.runUntil(50);
    const replay = new Replay(world.trace);
    replay.seekIndex(world.trace.length);
    world.runToEnd();
    replay.extend();
    expect(replay.endMs).toBe(world.trace.at(-1)?.atMs);
    replay.seekTime(70);
    const fresh = new Replay(world.trace);
    fresh.seekTime(70);
    expect(stateOf(replay)).toEqual(stateOf(fresh));
  });

  it('tells a setting before its first change, and an untouched one from outside', () => {
    const replay = new Replay(trace, { initialSysctl: (host, key) => `${host}/${key}` });
    expect(replay.sysctl('client', 'net.ipv4.tcp_fin_timeout')).toBe('60');
    replay.seekTime(60);
    expect(replay.sysctl('client', 'net.ipv4.tcp_fin_timeout')).toBe('5');
    expect(replay.sysctl('web', 'k')).toBe('web/k');
  });
});
