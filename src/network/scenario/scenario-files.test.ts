import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from './scenario-parser.ts';
import { World } from '../world.ts';

const folder = new URL('../../../content/scenarios/', import.meta.url);

describe('content/scenarios', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

  it.each(files)('%s is valid and runs', (name) => {
    const world = new World(parseScenario(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))));
    world.runToEnd();
    expect(world.trace.length).toBeGreaterThan(0);
  });

  it('two-servers-one-port: one local port serves two connections to two servers', () => {
    const text = readFileSync(new URL('two-servers-one-port.json', folder), 'utf8');
    const world = new World(parseScenario(JSON.parse(text)));
    world.runUntil(200);
    const open = world
      .host('client')
      ?.sockets()
      .filter(({ state }) => state === 'ESTABLISHED');
    expect(open?.map(({ localPort, remoteAddress }) => [localPort, remoteAddress])).toEqual([
      [40_000, '10.0.0.10'],
      [40_000, '10.0.0.11'],
    ]);
    expect(world.trace).toContainEqual(
      expect.objectContaining({ event: 'error', connection: 'third', error: 'EADDRNOTAVAIL' }),
    );
  });

  it('two-thousand: all are open at the end', () => {
    const text = readFileSync(new URL('two-thousand.json', folder), 'utf8');
    const world = new World(parseScenario(JSON.parse(text)));
    world.runToEnd();
    const states = world
      .host('client')
      ?.sockets()
      .map(({ state }) => state);
    expect(states).toEqual(new Array(2000).fill('ESTABLISHED'));
  });
});
