/** Who has 10.0.0.99? Nobody: what a host does with packets to an absent machine of its own network. */

import { describe, expect, it } from 'vitest';
import recorded from '../../../tests/golden/lan.json' with { type: 'json' };
import { parseScenario } from '../scenario/scenario-parser.ts';
import { line } from '../world-fixtures.ts';
import { World } from '../world.ts';

type Fields = Readonly<Record<string, unknown>>;

function worldOf(actions: readonly Fields[], client: Fields = {}): World {
  const world = new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'client', os: 'linux', addresses: ['10.0.0.2'], ...client },
        { name: 'web', os: 'linux', address: '10.0.0.10' },
      ],
      actions: actions.map((action) => ({ do: 'connect', from: 'client', ...action })),
    }),
  );
  world.runToEnd();
  return world;
}

/** The error of a connect to an address, and when. */
function outcomeOf(to: string, client: Fields = {}): string {
  const { trace } = worldOf([{ atMs: 0, to: `${to}:80` }], client);
  const error = trace.find((event) => event.event === 'error');
  return error?.event === 'error' ? `${error.atMs} ${error.error}` : 'none';
}

describe('an address on the host’s own network that nobody has', () => {
  it('is no route to a host, as long after the call as on a real kernel', () => {
    for (const { result, seconds } of recorded.no_machine_on_the_own_network) {
      const [atMs, error] = outcomeOf('10.0.0.99').split(' ');
      expect(error).toBe(result);
      expect(Math.abs(Number(atMs) / 1000 - seconds)).toBeLessThan(0.1);
    }
    expect(outcomeOf('10.0.0.10')).toBe(`20 ${recorded.closed_port.result}`);
  });

  it('keeps the SYNs until the host gives up', () => {
    const { trace } = worldOf([{ atMs: 0, to: '10.0.0.99:80', localPort: 50_000 }]);
    expect(trace.map(line)).toEqual([
      '0 client SYN-SENT',
      '0 50000>80 SYN',
      '1000 50000>80 SYN',
      '2000 50000>80 SYN',
      '3000 50000>x80 SYN',
      '3000 client connect EHOSTUNREACH',
      '3000 client CLOSED',
      '3000 50000>x80 SYN',
      '3000 50000>x80 SYN',
    ]);
    expect(trace[1]).toMatchObject({ lostAtMs: 3000 });
  });

  it('is asked for once for all who want it, and again for those who come later', () => {
    const { trace } = worldOf([
      { atMs: 0, to: '10.0.0.99:80', as: 'first' },
      { atMs: 1500, to: '10.0.0.99:81', as: 'second' },
      { atMs: 1600, to: '10.0.0.98:80', as: 'other' },
      { atMs: 3000, to: '10.0.0.99:80', as: 'late' },
    ]);
    const ends = trace.flatMap((event) =>
      event.event === 'error' ? [[event.connection, event.atMs]] : [],
    );
    expect(ends).toEqual([
      ['first', 3000],
      ['second', 3000],
      ['other', 4600],
      ['late', 6000],
    ]);
  });

  it('is not reported to a datagram’s sender', () => {
    expect(recorded.udp.result).toBe('timed out');
    const { trace } = worldOf([{ atMs: 0, to: '10.0.0.99:9', protocol: 'udp' }]);
    expect(trace.some((event) => event.event === 'error')).toBe(false);
    expect(trace.at(-1)).toMatchObject({ event: 'datagram', phase: 'lost', atMs: 3000 });
  });
});

describe('the host’s own network', () => {
  it('has the prefix that the scenario says, 24 by default', () => {
    const silence = outcomeOf('10.9.9.9');
    expect(recorded.beyond_the_gateway.result).toBe('no answer in 12 s');
    expect(silence).toMatch(/^13\d{4} ETIMEDOUT$/);
    expect(outcomeOf('10.0.1.99')).toBe(silence);
    expect(outcomeOf('10.0.1.99', { prefixLength: 16 })).toBe('3000 EHOSTUNREACH');
    expect(outcomeOf('10.0.0.99', { prefixLength: 32 })).toBe(silence);
    expect(outcomeOf('203.0.113.9', { prefixLength: 0 })).toBe('3000 EHOSTUNREACH');
  });

  it('has two addresses that are nobody’s', () => {
    const silence = outcomeOf('10.9.9.9');
    expect([outcomeOf('10.0.0.0'), outcomeOf('10.0.0.255')]).toEqual([silence, silence]);
    // On a link between two (RFC 3021) both are machines.
    expect(outcomeOf('10.0.0.3', { prefixLength: 31 })).toBe('3000 EHOSTUNREACH');
  });

  it('is each of those that the host has an address on', () => {
    const addresses = ['10.0.0.2', '192.168.1.2'];
    expect(outcomeOf('192.168.1.99', { addresses })).toBe('3000 EHOSTUNREACH');
  });
});
