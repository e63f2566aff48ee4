/** What a world tells apart: names of connections, numbers of four-tuples, its routers' luck. */

import { describe, expect, it } from 'vitest';
import { parseScenario } from './scenario/scenario-parser.ts';
import { clientAndWeb, plainConnect } from './world-fixtures.ts';
import { World } from './world.ts';

const inUse = { ok: false, error: 'EINVAL' };

describe('a name', () => {
  it('that is made up is nobody’s yet', () => {
    const world = clientAndWeb();
    const client = world.host('client');
    client?.bind('tcp', '0.0.0.0', 5000, { as: 'socket-1' });
    client?.bind('tcp', '0.0.0.0', 5001);
    client?.bind('tcp', '0.0.0.0', 5002, { as: 'connection-3' });
    client?.connect('tcp', '10.0.0.10', 80);
    expect(client?.sockets().map(({ connection }) => connection)).toEqual([
      'socket-1',
      'socket-2',
      'connection-3',
      'connection-4',
    ]);
  });

  it('of a listener is in use like any other', () => {
    const client = clientAndWeb().host('client');
    expect(client?.listen('tcp', '0.0.0.0', 80, { as: 'service' }).ok).toBe(true);
    expect(client?.listen('tcp', '0.0.0.0', 81, { as: 'service' })).toEqual(inUse);
    expect(client?.bind('tcp', '0.0.0.0', 82, { as: 'service' })).toEqual(inUse);
  });

  it('is in use until the side that opened the connection is gone, however soon the other is', () => {
    const close = { atMs: 100, do: 'close', connection: 'page', by: 'client' };
    const world = clientAndWeb({ actions: [plainConnect, close] });
    const client = world.host('client');
    world.runUntil(200);
    expect(
      world
        .host('web')
        ?.sockets()
        .map(({ state }) => state),
    ).toEqual(['LISTEN']);
    expect(client?.sockets().map(({ state }) => state)).toEqual(['TIME-WAIT']);
    expect(client?.connect('tcp', '10.0.0.10', 80, { as: 'page' })).toEqual(inUse);
    expect(world.trace.at(-1)).toMatchObject({ event: 'error', do: 'connect', error: 'EINVAL' });
    world.runUntil(60_120);
    expect(client?.connect('tcp', '10.0.0.10', 80, { as: 'page' }).ok).toBe(true);
  });

  it('is the new connection’s where the other end of an old one is still there', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, answersClose: false }],
      actions: [plainConnect, { atMs: 100, do: 'close', connection: 'page', by: 'client' }],
    });
    const [client, web] = [world.host('client'), world.host('web')];
    // The client has waited in FIN-WAIT-2 for a FIN that never came.
    world.runUntil(70_000);
    expect(client?.sockets()).toEqual([]);
    client?.connect('tcp', '10.0.0.10', 80, { as: 'page', request: 0 });
    world.runUntil(70_100);
    const [, old] = web?.sockets() ?? [];
    expect(old?.state).toBe('CLOSE-WAIT');
    web?.reset(old?.id ?? 0);
    world.schedule({ atMs: 70_200, do: 'close', connection: 'page', by: 'web' });
    world.runUntil(70_200);
    expect(web?.sockets().map(({ state }) => state)).toEqual(['LISTEN', 'FIN-WAIT-1']);
  });

  it('is kept of nobody who is gone', () => {
    const reset = { atMs: 100, do: 'reset', connection: 'page' };
    const world = clientAndWeb({ actions: [plainConnect, reset] });
    world.runUntil(50);
    expect([[...world.names.openers.keys()], [...world.names.answerers.keys()]]).toEqual([
      ['tcp:80', 'page'],
      ['page'],
    ]);
    world.runUntil(110);
    expect([[...world.names.openers.keys()], [...world.names.answerers.keys()]]).toEqual([
      ['tcp:80'],
      [],
    ]);
  });
});

describe('the number of a four-tuple', () => {
  it('is the same each time, and no other’s', () => {
    const world = clientAndWeb();
    const ports = [0, 1, 2, 256, 65_534, 65_535];
    const numbers = (): number[] => {
      const found: number[] = [];
      for (let pair = 0; pair < 100; pair++) {
        for (const local of ports) {
          for (const remote of ports)
            found.push(world.keys.of(pair % 10, local, pair >> 3, remote));
        }
      }
      return found;
    };
    const first = numbers();
    expect(numbers()).toEqual(first);
    const tuples = new Set(Array.from({ length: 100 }, (_, pair) => `${pair % 10} ${pair >> 3}`));
    expect(new Set(first).size).toBe(tuples.size * 36);
  });
});

describe('two routers', () => {
  it('have luck of their own, the same each time', () => {
    const hosts = ['a', 'b'].map((name, i) => ({ name, os: 'linux', address: `10.0.${i}.2` }));
    const nats = hosts.map(({ name }, i) => ({
      name: `router-${name}`,
      inside: [name],
      address: `198.51.100.${i + 1}`,
      preservePort: false,
    }));
    const actions = hosts.map(({ name }) => ({
      ...plainConnect,
      from: name,
      to: '203.0.113.80:80',
      as: name,
    }));
    const outsides = (): unknown[] => {
      const world = new World(parseScenario({ version: 1, seed: 4, hosts, nats, actions }));
      world.runUntil(50);
      return world.nats.map((nat) => nat.mappings()[0]?.outside.split(':')[1]);
    };
    const [a, b] = outsides();
    expect(Number(a)).toBeGreaterThanOrEqual(1024);
    expect(a).not.toBe(b);
    expect(outsides()).toEqual([a, b]);
  });
});
