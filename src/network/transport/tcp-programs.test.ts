/**
 * What TCP owes to the programs at both ends (who reads, who is gone, what is asked for again), and
 * the clock by which it repeats itself (RFC 6298).
 */

import { describe, expect, it } from 'vitest';
import type { Host } from '../system-calls/host.ts';
import { ACK, FIN, PSH } from '../kernel/packet.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import {
  arrive,
  at,
  client,
  closeAt100,
  hostOf,
  socketOf,
  stateOf,
  web,
} from './segment-fixtures.ts';
import { clientAndWeb, plainConnect } from '../world-fixtures.ts';
import { World } from '../world.ts';

type Fields = Readonly<Record<string, unknown>>;

const deaf = { policyIn: 'drop', policyOut: 'drop', rules: [] } as const;

/** A connection to a server as told, run until some moment. */
function connected(untilMs: number, server: Fields, connect: Fields, ...more: Fields[]): World {
  const world = clientAndWeb({
    listen: [{ port: 80, ...server }],
    actions: [{ ...plainConnect, ...connect }, ...more],
  });
  world.runUntil(untilMs);
  return world;
}

/** When a host sends segments with data or FIN from a moment on. */
function sendings(world: World, fromMs: number, from: string): number[] {
  return world.trace.flatMap((event) =>
    event.event === 'segment' &&
    event.phase === 'sent' &&
    event.from.startsWith(`${from}:`) &&
    event.atMs >= fromMs &&
    event.flags.some((flag) => flag === 'PSH' || flag === 'FIN')
      ? [event.atMs]
      : [],
  );
}

const idOf = (world: World): number => socketOf(world, client)?.id ?? 0;
const request = { request: 20, response: 30 };

describe('a program that closes before its answer has come', () => {
  it('is there until it has read it, and gone then: in FIN-WAIT-1', () => {
    const close = { ...closeAt100, atMs: 25 };
    // Answered at 30, read at 40; the FIN is acknowledged at 45.
    const world = connected(39, { answersClose: false }, request, close);
    expect(socketOf(world, client)).toMatchObject({ state: 'FIN-WAIT-1', isOrphan: false });
    world.runUntil(40);
    expect(socketOf(world, client)).toMatchObject({ state: 'FIN-WAIT-1', isOrphan: true });
    world.runUntil(45);
    expect(socketOf(world, client)).toMatchObject({ state: 'FIN-WAIT-2', expiresAtMs: 60_045 });
  });

  it('… and in FIN-WAIT-2, from where on tcp_fin_timeout counts', () => {
    const lazy = { accepts: false, answersClose: false };
    const world = connected(200, lazy, request, closeAt100);
    expect(socketOf(world, client)).toMatchObject({ state: 'FIN-WAIT-2', expiresAtMs: null });
    hostOf(world, web).accept(hostOf(world, web).sockets()[0]?.id ?? 0);
    world.runUntil(210);
    expect(socketOf(world, client)).toMatchObject({ isOrphan: true, expiresAtMs: 60_210 });
    expect(world.trace.at(-2)).toMatchObject({ event: 'segment', flags: ['ACK'], ack: 31 });
  });

  it('is there all the time if it has only said that it will send no more', () => {
    const world = connected(50, { answersClose: false }, {});
    hostOf(world, client).shutdown(idOf(world));
    world.runUntil(100);
    expect(arrive(world, client, PSH | ACK, { bytes: 10 })).toEqual(['ACK']);
    expect(socketOf(world, client)).toMatchObject({
      state: 'FIN-WAIT-2',
      isOrphan: false,
      expiresAtMs: null,
      receiveNext: 11,
    });
  });
});

describe('a program whose answer has come, or that wants none', () => {
  it('goes on, with its connection open', () => {
    const owner = { pid: 7, command: 'curl', user: 'me', uid: 1000, fd: 5 };
    const world = clientAndWeb();
    const host = hostOf(world, client);
    const result = host.connect('tcp', '10.0.0.10', 80, { owner });
    world.runUntil(100);
    const id = result.ok ? result.value : 0;
    expect(host.socket(id)).toMatchObject({ state: 'ESTABLISHED', owner });
    host.shutdown(id);
    expect(host.socket(id)).toMatchObject({ state: 'FIN-WAIT-1', owner });
    world.runUntil(200);
    expect(host.socket(id)).toMatchObject({ state: 'TIME-WAIT', owner: null });
  });

  it.each([
    ['has read its answer', request],
    ['wants none', { request: 20, response: 0 }],
  ])('is gone as soon as it closes: it %s', (_what, connect) => {
    const world = connected(200, { answersClose: false }, connect, closeAt100);
    expect(socketOf(world, client)).toMatchObject({
      state: 'FIN-WAIT-2',
      isOrphan: true,
      expiresAtMs: 60_120,
    });
  });
});

describe('a request', () => {
  it.each([
    ['nobody answers', { responds: false }],
    ['nobody has accepted yet', { accepts: false }],
    ['nobody can accept, for the queue is full with this one', { accepts: false, backlog: 0 }],
  ])('is acknowledged though %s', (_what, server) => {
    const world = connected(1000, server, request);
    expect(socketOf(world, client)).toMatchObject({ sendNext: 21, sendUnacknowledged: 21 });
    expect(sendings(world, 0, '10.0.0.2')).toEqual([20]);
  });

  it('that comes with the FIN is answered first', () => {
    const world = at(50);
    expect(arrive(world, web, FIN | PSH | ACK, { bytes: 5, wants: 7 })).toEqual([
      'PSH ACK',
      'ACK',
      'FIN ACK',
    ]);
  });

  it('once answered is not asked again by later data, repeated or not', () => {
    const world = connected(100, {}, request);
    const server = hostOf(world, web);
    server.setFirewall(deaf);
    hostOf(world, client).send(idOf(world), 10);
    world.runUntil(200);
    server.setFirewall(null);
    world.runUntil(5000);
    expect(sendings(world, 100, '10.0.0.2')).toEqual([100, 320]);
    expect(sendings(world, 0, '10.0.0.10')).toEqual([30]);
  });
});

describe('a FIN', () => {
  it('that comes again is acknowledged again, whatever has been closed since', () => {
    const again = { seq: -1, ack: -1 };
    const crossed = at(100, [closeAt100]);
    arrive(crossed, client, FIN | ACK, { ack: -1 });
    expect(stateOf(crossed, client)).toBe('CLOSING');
    expect(arrive(crossed, client, FIN | ACK, again)).toEqual(['ACK']);
    expect(stateOf(crossed, client)).toBe('CLOSING');
    const world = at(50);
    arrive(world, web, FIN | ACK);
    expect(stateOf(world, web)).toBe('LAST-ACK');
    expect(arrive(world, web, FIN | ACK, again)).toEqual(['ACK']);
    expect(stateOf(world, web)).toBe('LAST-ACK');
  });

  it('after the FIN changes nothing', () => {
    const world = connected(50, { answersClose: false }, {});
    arrive(world, web, FIN | ACK);
    expect(arrive(world, web, FIN | ACK)).toEqual(['ACK']);
    expect(stateOf(world, web)).toBe('CLOSE-WAIT');
  });
});

describe('a reset that a program asks for', () => {
  it('acknowledges nothing', () => {
    const world = connected(100, {}, request);
    hostOf(world, client).reset(idOf(world));
    const resets = world.trace.filter(
      (event) => event.event === 'segment' && event.flags.includes('RST'),
    );
    expect(resets).toMatchObject([{ flags: ['RST'], seq: 21, ack: 0 }]);
  });
});

describe('the clock of repetition', () => {
  const sending = (): { readonly world: World; readonly host: Host } => {
    const world = at(50);
    hostOf(world, web).setFirewall(deaf);
    const host = hostOf(world, client);
    host.send(idOf(world), 10);
    world.runUntil(150);
    return { world, host };
  };

  // 20 ms for the round trip and Linux' 200 more.
  it('runs on when more is sent (RFC 6298 §5.1)', () => {
    const { world, host } = sending();
    host.send(idOf(world), 5);
    world.runUntil(500);
    expect(sendings(world, 50, '10.0.0.2')).toEqual([50, 150, 270]);
  });

  it('runs on when nothing new is acknowledged (RFC 6298 §5.3)', () => {
    const { world } = sending();
    arrive(world, client, ACK, { ack: -10 });
    world.runUntil(500);
    expect(sendings(world, 50, '10.0.0.2')).toEqual([50, 270]);
  });

  it('begins again when some of it is', () => {
    const { world } = sending();
    arrive(world, client, ACK, { ack: -4 });
    world.runUntil(500);
    expect(sendings(world, 50, '10.0.0.2')).toEqual([50, 370]);
  });

  it.each(['10.0.0.10', '10.0.0.11', '127.0.0.1'])(
    'does not wait for a way to oneself: to %s',
    (own) => {
      const world = new World(
        parseScenario({
          version: 1,
          hosts: [
            {
              name: 'web',
              os: 'linux',
              addresses: ['10.0.0.10', '10.0.0.11'],
              listen: [{ port: 80, accepts: false, backlog: 0 }],
            },
          ],
          // The second one finds the queue full, and its request is not read.
          actions: [1, 2].map((i) => ({
            ...plainConnect,
            from: 'web',
            to: `${own}:80`,
            as: `c${i}`,
            localAddress: own === '10.0.0.11' ? '10.0.0.10' : own,
            localPort: 50_000 + i,
            request: 5,
          })),
        }),
      );
      world.runUntil(300);
      expect(sendings(world, 1, own === '10.0.0.11' ? '10.0.0.10' : own)).toEqual([200]);
    },
  );

  it('gives up after the same time, however late it began', () => {
    const givenUpAfter = (atMs: number): number[] => {
      const world = at(atMs);
      hostOf(world, web).setFirewall(deaf);
      hostOf(world, client).send(idOf(world), 10);
      world.runToEnd();
      return world.trace.flatMap((event) => (event.event === 'error' ? [event.atMs - atMs] : []));
    };
    const [early] = givenUpAfter(50);
    // tcp_retries2 = 15: 924.6 s at least (ip-sysctl).
    expect(early).toBeGreaterThan(924_600);
    expect(givenUpAfter(5_000_000)).toEqual([early]);
  });
});

describe('two ends that disagree', () => {
  it('challenge each other ten times in a row, and again once something is acknowledged', () => {
    const world = at(1000);
    let atMs = 1000;
    const challenges = (times: number): number => {
      let count = 0;
      for (let i = 0; i < times; i++) {
        world.runUntil((atMs += 500));
        count += arrive(world, web, ACK, { sender: 77 }).length;
      }
      return count;
    };
    expect(challenges(12)).toBe(10);
    hostOf(world, web).send(socketOf(world, web)?.id ?? 0, 5);
    world.runUntil((atMs += 100));
    expect(challenges(12)).toBe(10);
  });
});

describe('FIN-WAIT-2 where a system knows no end of it', () => {
  it.each([
    ['close() at once', ['close']],
    ['shutdown() first', ['shutdown', 'close']],
  ] as const)('is told once: %s', (_what, calls) => {
    const world = new World(
      parseScenario({
        version: 1,
        hosts: [
          { name: 'client', os: 'iana', address: '10.0.0.2' },
          {
            name: 'web',
            os: 'linux',
            address: '10.0.0.10',
            listen: [{ port: 80, answersClose: false }],
          },
        ],
        actions: [plainConnect],
      }),
    );
    world.runUntil(50);
    for (const call of calls) {
      hostOf(world, client)[call](idOf(world));
      world.runUntil(world.nowMs + 50);
    }
    world.runUntil(10_000_000);
    expect(socketOf(world, client)).toMatchObject({ isOrphan: true, expiresAtMs: null });
    const states = world.trace.flatMap((event) =>
      event.event === 'state' && event.host === 'client' ? [event.state] : [],
    );
    expect(states).toEqual(['SYN-SENT', 'ESTABLISHED', 'FIN-WAIT-1', 'FIN-WAIT-2']);
  });
});
