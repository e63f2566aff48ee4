/** What lesson 50 says about its scenarios, held against the engine that runs them. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseScenario } from '../../src/network/scenario-parser.ts';
import { World } from '../../src/network/world.ts';

function worldOf(scenario: string): World {
  const file = new URL(`../../content/scenarios/${scenario}.json`, import.meta.url);
  return new World(parseScenario(JSON.parse(readFileSync(file, 'utf8'))));
}

/** Local and remote ports of the connections that stand on a host at a moment. */
function established(world: World, host: string, atMs: number): readonly string[] {
  world.runUntil(atMs);
  return (world.host(host)?.sockets() ?? [])
    .filter(({ state }) => state === 'ESTABLISHED')
    .map((s) => `${s.localAddress}:${s.localPort} ${s.remoteAddress}:${s.remotePort}`);
}

describe('lesson 50', () => {
  it('the-line: the student’s line comes up again, with the theme’s port (another seed would do)', () => {
    expect(established(worldOf('the-line'), 'client', 100)).toEqual([
      '10.0.0.2:51514 10.0.0.10:443',
    ]);
  });

  it('http-and-https: each connection has a source port of its own, all even', () => {
    const ports = established(worldOf('http-and-https'), 'client', 250).map((line) =>
      Number(/:(\d+) /.exec(line)?.[1]),
    );
    expect(new Set(ports).size).toBe(2);
    expect(ports.every((port) => port % 2 === 0)).toBe(true);
  });

  it('two-clients: both connections end at the server’s port 443, and it still listens', () => {
    const world = worldOf('two-clients');
    const lines = established(world, 'web', 200);
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['10.0.0.10:443', '10.0.0.10:443']);
    expect(
      world
        .host('web')
        ?.sockets()
        .some(({ state, localPort }) => state === 'LISTEN' && localPort === 443),
    ).toBe(true);
  });

  it('two-servers-one-port: two of three succeed from port 40000, the third is refused a port', () => {
    const world = worldOf('two-servers-one-port');
    expect(established(world, 'client', 200)).toEqual([
      '10.0.0.2:40000 10.0.0.10:80',
      '10.0.0.2:40000 10.0.0.11:80',
    ]);
    expect(world.trace).toContainEqual(
      expect.objectContaining({ event: 'error', connection: 'third', error: 'EADDRNOTAVAIL' }),
    );
  });
});
