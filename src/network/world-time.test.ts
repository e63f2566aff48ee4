/** Virtual time: how a world is run, when something next happens, and what a snapshot keeps of it. */

import { describe, expect, it } from 'vitest';
import { parseScenario } from './scenario/scenario-parser.ts';
import { clientAndWeb, linesFrom, plainConnect } from './world-fixtures.ts';
import { World } from './world.ts';

const reset = { atMs: 100, do: 'reset', connection: 'page' };

describe('nextMs', () => {
  it('is the next action’s moment or the next packet’s, whichever is sooner, or null', () => {
    const world = clientAndWeb({
      actions: [
        { ...plainConnect, atMs: 5 },
        { ...reset, atMs: 28 },
      ],
    });
    const moments: unknown[] = [world.nowMs, world.nextMs];
    for (const ms of [5, 15, 25, 28]) {
      world.runUntil(ms);
      moments.push(world.nextMs);
    }
    // The SYN, the SYN,ACK; the action, before the ACK of 35 arrives; the ACK, the reset.
    expect(moments).toEqual([0, 5, 15, 25, 28, 35]);
    world.runUntil(38);
    expect(world.nextMs).toBe(null);
    expect(clientAndWeb().nextMs).toBe(null);
  });

  it('looks past timers and clocks that no longer count', () => {
    const actions = [{ ...plainConnect, closeAfterMs: 5000 }, reset];
    const world = clientAndWeb({ actions });
    world.runUntil(50);
    expect(world.nextMs).toBe(100);
    world.runUntil(100);
    expect(world.nextMs).toBe(110);
    world.runUntil(110);
    expect(world.nextMs).toBe(null);
  });

  it('does not wait for the clock of a program that has closed by itself', () => {
    const close = { atMs: 100, do: 'close', connection: 'page', by: 'client' };
    const actions = [{ ...plainConnect, closeAfterMs: 5000 }, close];
    const world = clientAndWeb({ actions });
    world.runUntil(1000);
    // TIME-WAIT's minute.
    expect(world.nextMs).toBe(60_120);
  });
});

describe('runUntil()', () => {
  it('does what is to be done at that very moment, and nothing later', () => {
    const world = clientAndWeb({ actions: [plainConnect] });
    world.runUntil(19.5);
    expect(world.host('client')?.sockets()[0]?.state).toBe('SYN-SENT');
    world.runUntil(20);
    expect(world.host('client')?.sockets()[0]?.state).toBe('ESTABLISHED');
  });

  it.each([20, -1, Number.NaN])('never goes back: to %d at 50', (ms) => {
    const world = clientAndWeb({ actions: [plainConnect] });
    world.runUntil(50);
    world.runUntil(ms);
    expect(world.nowMs).toBe(50);
    expect(world.snapshot().journal).toEqual([{ run: 50 }]);
  });
});

describe('runToEnd()', () => {
  it('ends with the last thing that happens', () => {
    const world = clientAndWeb({ actions: [plainConnect, reset] });
    world.runToEnd();
    expect(world.nowMs).toBe(110);
  });

  it('ends at untilMs, whose own actions still happen and later ones do not', () => {
    const bind = (atMs: number): object => ({ atMs, do: 'bind', host: 'client', as: `at-${atMs}` });
    const scenario = parseScenario({
      version: 1,
      untilMs: 70,
      hosts: [{ name: 'client', os: 'linux', address: '10.0.0.2' }],
      actions: [bind(70), bind(71)],
    });
    const world = new World(scenario);
    world.runToEnd();
    expect(world.host('client')?.sockets()).toMatchObject([{ connection: 'at-70' }]);
    world.runToEnd(80);
    expect(world.host('client')?.sockets()).toHaveLength(2);
  });

  it('ends with a router’s mapping, four minutes after its connection (RFC 5382 REQ-5)', () => {
    const scenario = parseScenario({
      version: 1,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2' },
        { name: 'web', os: 'linux', address: '203.0.113.80', listen: [{ port: 80 }] },
      ],
      nats: [{ name: 'router', inside: ['client'], address: '198.51.100.7' }],
      actions: [{ ...plainConnect, to: '203.0.113.80:80' }, reset],
    });
    const world = new World(scenario);
    world.runToEnd();
    // The reset is at the router, half-way, at 105.
    expect(world.nowMs).toBe(240_105);
  });
});

describe('at one moment', () => {
  it('actions come before packets', () => {
    const close = { atMs: 20, do: 'close', connection: 'page', by: 'client' };
    const world = clientAndWeb({ actions: [plainConnect, close] });
    world.runUntil(20);
    // The SYN,ACK arrives at 20 as well: the connection has been given up by then.
    expect(linesFrom(world, 20)).toEqual(['20 client CLOSED', '20 50000>80 RST']);
  });
});

describe('a snapshot', () => {
  it('keeps one entry of any number of steps in time', () => {
    const world = clientAndWeb();
    const client = world.host('client');
    for (let ms = 1; ms <= 9; ms++) world.runUntil(ms);
    client?.bind('udp', '0.0.0.0', 5000);
    for (let ms = 10; ms <= 20; ms++) world.runUntil(ms);
    world.runToEnd();
    expect(world.snapshot().journal).toEqual([
      { run: 9 },
      { call: 'bind', host: 'client', args: ['udp', '0.0.0.0', 5000, {}] },
      { run: 20 },
    ]);
  });

  it('of a world that was run to its end is at that end', () => {
    const world = clientAndWeb({ actions: [plainConnect, reset] });
    world.runToEnd();
    const again = World.restore(world.snapshot());
    expect(again.nowMs).toBe(110);
    expect(again.trace).toStrictEqual([...world.trace]);
  });

  it('does not count what a world does by itself as done to it', () => {
    const firewall = { atMs: 5, do: 'firewall', host: 'web', firewall: { policyIn: 'drop' } };
    const sysctl = { 'net.ipv4.tcp_fin_timeout': '7' };
    const world = clientAndWeb({ actions: [plainConnect, firewall], sysctl });
    expect(world.snapshot().journal).toEqual([]);
    world.runUntil(50);
    expect(world.snapshot().journal).toEqual([{ run: 50 }]);
  });
});

describe('the clock of a host', () => {
  const close = { atMs: 100, do: 'close', connection: 'page' };
  /** When the client's TIME-WAIT ends, in a world of that seed. */
  const endsMs = (seed: number, timerHz?: number): number => {
    const hosts = [
      { name: 'client', os: 'linux', address: '10.0.0.2', ...(timerHz && { timerHz }) },
      { name: 'web', os: 'linux', address: '10.0.0.10', listen: [{ port: 80 }] },
    ];
    const world = new World(
      parseScenario({ version: 1, latencyMs: 10, seed, hosts, actions: [plainConnect, close] }),
    );
    world.runToEnd();
    return world.nowMs;
  };

  it('lets its timers end late, by its own luck; without one they end exactly', () => {
    expect([endsMs(1), endsMs(2)]).toEqual([60_120, 60_120]);
    const [one, other] = [endsMs(1, 250), endsMs(2, 250)];
    // A timer of a minute waits for the next tick of its level, 512 of 4 ms apart.
    for (const ms of [one, other]) {
      expect(ms).toBeGreaterThan(60_120);
      expect(ms).toBeLessThanOrEqual(60_120 + 2048);
    }
    expect(one).not.toBe(other);
    expect(endsMs(1, 250)).toBe(one);
  });
});
