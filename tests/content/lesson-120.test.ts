/** What lesson 120 says will be seen in its widget, held against the engine behind it. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { seenFromOutside } from '../../src/quiz/engine/seen-from-outside.ts';
import { fetchPage, scan } from '../../src/simulations/scan-and-firewall/scan.ts';
import {
  startingSetup,
  type ServerPort,
  type ServerSetup,
} from '../../src/simulations/scan-and-firewall/server-setup.ts';

function verdicts(setup: ServerSetup): Readonly<Record<string, string>> {
  return Object.fromEntries(scan(setup).map(({ port, verdict }) => [port, verdict]));
}

function changed(changes: Readonly<Record<number, Partial<ServerPort>>>): ServerSetup {
  return {
    ...startingSetup,
    ports: startingSetup.ports.map((one) => ({ ...one, ...changes[one.port] })),
  };
}

describe('lesson 120', () => {
  it('wrong-way-round: 8080 is let through and closed, 3306 has a program and is filtered', () => {
    expect(verdicts(startingSetup)).toEqual({
      22: 'open',
      80: 'open',
      443: 'open',
      3306: 'filtered',
      8080: 'closed',
    });
    const portOf = (port: number) => startingSetup.ports.find((one) => one.port === port);
    expect(portOf(8080)).toMatchObject({ guard: 'accept', isRunning: false });
    expect(portOf(3306)).toMatchObject({ guard: 'drop', isRunning: true });
  });

  it('same-closed: after the three changes 22 and 443 look the same', () => {
    const setup = changed({
      22: { isRunning: false },
      443: { guard: 'reject' },
      8080: { isRunning: true },
    });
    expect(verdicts(setup)).toEqual({
      22: 'closed',
      80: 'open',
      443: 'closed',
      3306: 'filtered',
      8080: 'open',
    });
    const [ssh, https] = [22, 443].map((port) => scan(setup).find((one) => one.port === port));
    expect({ ...ssh, port: 0 }).toEqual({ ...https, port: 0 });
  });

  it('silence-proves-nothing: 3306 is filtered without mysqld, too, after three SYNs', () => {
    const result = scan(changed({ 3306: { isRunning: false } })).find(({ port }) => port === 3306);
    expect(result).toMatchObject({ verdict: 'filtered', syns: 3 });
  });

  it('died-at-home: the reply comes to the port the lesson names, with the rule and without', () => {
    const lost = fetchPage({ ...startingSetup, isStateful: false });
    const got = fetchPage(startingSetup);
    expect([got.isFetched, lost.isFetched]).toEqual([true, false]);
    expect([got.from, lost.from]).toEqual(['10.0.0.20:443', '10.0.0.20:443']);
    expect(got.to).toBe(lost.to);
    for (const locale of ['en', 'ja']) {
      const file = new URL(
        `../../content/lessons/${locale}/120-doors-and-guards.mdx`,
        import.meta.url,
      );
      const [address, port] = got.to.split(':');
      expect(readFileSync(file, 'utf8')).toContain(`${address}:<Port n="${port}" />`);
    }
  });

  it('printing: with no firewall all but the loopback line can be reached', () => {
    const listen = [22, 80, 443, 3306].map((port) => ({ port, address: '0.0.0.0' }));
    const printing = { port: 631, address: '127.0.0.1' };
    expect(seenFromOutside([...listen, printing], undefined, [22, 80, 443, 3306, 631])).toEqual([
      'open',
      'open',
      'open',
      'open',
      'closed',
    ]);
  });
});
