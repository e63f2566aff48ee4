/**
 * What one arriving segment does, state by state: RFC 9293 §3.10.7, RFC 5961 (resets, challenges) and
 * RFC 1337 as Linux has it. Segments are made by hand and handed to the receiving host.
 */

import { describe, expect, it } from 'vitest';
import { ACK, FIN, PSH, RST, SYN } from '../kernel/packet.ts';
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
import type { World } from '../world.ts';
import { clientAndWeb, plainConnect } from '../world-fixtures.ts';

describe('where there is no connection', () => {
  it('everything but a reset is reset, and a SYN,ACK opens nothing', () => {
    const world = clientAndWeb();
    expect(arrive(world, web, ACK)).toEqual(['RST']);
    expect(arrive(world, web, SYN | ACK)).toEqual(['RST']);
    expect(arrive(world, web, FIN)).toEqual(['RST ACK']);
    expect(arrive(world, web, RST)).toEqual([]);
    expect(arrive(world, web, RST | SYN)).toEqual([]);
    expect(arrive(world, client, SYN)).toEqual(['RST ACK']);
    expect(stateOf(world, web)).toBe(undefined);
  });

  it('a SYN for a listener opens a connection, which is the listener’s program’s', () => {
    const world = clientAndWeb();
    expect(arrive(world, web, SYN)).toEqual(['SYN ACK']);
    const socket = socketOf(world, web);
    expect(socket).toMatchObject({ state: 'SYN-RECEIVED', isAccepted: false, name: 'by-hand' });
    expect(socket?.hold).toMatchObject({
      port: 80,
      isBound: true,
      isListening: false,
      timeWaitSinceMs: null,
    });
  });

  it('the reset says what it is about', () => {
    const world = clientAndWeb();
    arrive(world, web, SYN | FIN | ACK, { acknowledges: 7, ack: 123 });
    arrive(world, web, PSH | FIN, { seq: 40, bytes: 5, destinationPort: 81 });
    const sent = world.trace.flatMap((event) => (event.event === 'segment' ? [event] : []));
    expect(sent.map(({ flags, seq, ack }) => [flags.join(' '), seq, ack])).toMatchObject([
      ['RST', 123, 0],
      ['RST ACK', 0, 46],
    ]);
  });
});

describe('in SYN-SENT', () => {
  it('an ACK of something else is reset, and the SYN still waits', () => {
    for (const wrong of [{ ack: 1 }, { acknowledges: 77 }]) {
      const world = at(0);
      expect(arrive(world, client, ACK, wrong)).toEqual(['RST']);
      expect(arrive(world, client, SYN | ACK, wrong)).toEqual(['RST']);
      expect(stateOf(world, client)).toBe('SYN-SENT');
    }
  });

  it('a reset counts only with an ACK of the SYN', () => {
    const world = at(0);
    expect(arrive(world, client, RST)).toEqual([]);
    expect(stateOf(world, client)).toBe('SYN-SENT');
    expect(arrive(world, client, RST | ACK)).toEqual([]);
    expect(stateOf(world, client)).toBe(undefined);
    expect(world.trace.at(-2)).toMatchObject({ event: 'error', error: 'ECONNREFUSED' });
  });

  it('an ACK alone changes nothing; SYN,ACK establishes; SYN alone is answered in kind', () => {
    const world = at(0);
    expect(arrive(world, client, ACK)).toEqual([]);
    expect(stateOf(world, client)).toBe('SYN-SENT');
    expect(arrive(world, client, SYN | ACK, { sender: 5 })).toEqual(['ACK']);
    expect(socketOf(world, client)).toMatchObject({
      state: 'ESTABLISHED',
      receiveNext: 1,
      peer: 5,
    });
    const other = at(0);
    expect(arrive(other, client, SYN, { sender: 5 })).toEqual(['SYN ACK']);
    expect(socketOf(other, client)).toMatchObject({
      state: 'SYN-RECEIVED',
      receiveNext: 1,
      peer: 5,
    });
  });
});

describe('in SYN-RECEIVED', () => {
  it('the SYN again is answered again', () => {
    const world = at(10);
    expect(stateOf(world, web)).toBe('SYN-RECEIVED');
    expect(arrive(world, web, SYN)).toEqual(['SYN ACK']);
    expect(stateOf(world, web)).toBe('SYN-RECEIVED');
  });

  it('an ACK of what was never sent is reset', () => {
    for (const wrong of [{ ack: 1 }, { acknowledges: 77 }]) {
      const world = at(10);
      expect(arrive(world, web, ACK, wrong)).toEqual(['RST']);
      expect(stateOf(world, web)).toBe('SYN-RECEIVED');
    }
  });

  it('the ACK establishes, with its data', () => {
    const world = at(10);
    expect(arrive(world, web, PSH | ACK, { bytes: 8 })).toEqual(['ACK']);
    expect(socketOf(world, web)).toMatchObject({ state: 'ESTABLISHED', receiveNext: 9 });
  });

  it('the ACK is not taken while the listener’s queue is full', () => {
    const first = { ...plainConnect, localPort: 50_001, as: 'first' };
    const world = clientAndWeb({
      listen: [{ port: 80, backlog: 0, accepts: false }],
      actions: [first, plainConnect],
    });
    world.runUntil(30);
    const listener = hostOf(world, web)
      .sockets()
      .find(({ state }) => state === 'LISTEN');
    expect(listener?.recvQ).toBe(1);
    expect(arrive(world, web, PSH | ACK, { bytes: 8 })).toEqual([]);
    expect(socketOf(world, web)).toMatchObject({ state: 'SYN-RECEIVED', receiveNext: 1 });
    hostOf(world, web).accept(listener?.id ?? 0);
    arrive(world, web, ACK);
    expect(stateOf(world, web)).toBe('ESTABLISHED');
  });

  it('a reset ends it, and no program hears of it', () => {
    const world = at(10);
    expect(arrive(world, web, RST)).toEqual([]);
    expect(stateOf(world, web)).toBe(undefined);
    expect(world.trace.filter(({ event }) => event === 'error')).toEqual([]);
  });

  it('of one that opened too, the reset is a refusal', () => {
    const world = at(0);
    arrive(world, client, SYN, { sender: 5 });
    arrive(world, client, RST, { sender: 5 });
    expect(stateOf(world, client)).toBe(undefined);
    expect(world.trace).toContainEqual(
      expect.objectContaining({ event: 'error', do: 'connect', error: 'ECONNREFUSED' }),
    );
  });
});

describe('in ESTABLISHED', () => {
  it('a reset counts with the very next number, is challenged above it, and nothing below', () => {
    const world = at(50);
    expect(arrive(world, web, RST, { seq: -1 })).toEqual([]);
    expect(arrive(world, web, RST, { seq: 1 })).toEqual(['ACK']);
    expect(stateOf(world, web)).toBe('ESTABLISHED');
    expect(arrive(world, web, RST)).toEqual([]);
    expect(stateOf(world, web)).toBe(undefined);
    expect(world.trace).toContainEqual(
      expect.objectContaining({ event: 'error', host: 'web', do: 'receive', error: 'ECONNRESET' }),
    );
  });

  it('a SYN is answered with an ACK and changes nothing (RFC 5961 §4)', () => {
    for (const flags of [SYN, SYN | ACK]) {
      const world = at(50);
      expect(arrive(world, web, flags)).toEqual(['ACK']);
      expect(socketOf(world, web)).toMatchObject({ state: 'ESTABLISHED', receiveNext: 1 });
    }
  });

  it('a segment of another connection between the same ports is challenged, its reset ignored', () => {
    const world = at(1000);
    expect(arrive(world, web, ACK, { sender: 77 })).toEqual(['ACK']);
    const later = at(1000);
    expect(arrive(later, web, RST, { sender: 77 })).toEqual([]);
    expect(arrive(later, web, RST | ACK, { sender: 77 })).toEqual([]);
    expect(stateOf(later, web)).toBe('ESTABLISHED');
  });

  it('a challenge goes out once in half a second', () => {
    const world = at(1000);
    const challenged = (atMs: number): boolean => {
      world.runUntil(atMs);
      return arrive(world, web, ACK, { sender: 77 }).length > 0;
    };
    expect([1000, 1499, 1500, 1999, 2000].map(challenged)).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it('what acknowledges nothing is not read', () => {
    const world = at(1000);
    expect(arrive(world, web, PSH, { bytes: 5 })).toEqual([]);
    expect(arrive(world, web, PSH | ACK, { bytes: 5, ack: 1 })).toEqual(['ACK']);
    world.runUntil(2000);
    expect(arrive(world, web, PSH | ACK, { bytes: 5, acknowledges: 77 })).toEqual(['ACK']);
    expect(socketOf(world, web)?.receiveNext).toBe(1);
  });

  it.each([
    ['the next', 0, 5, 6, ['ACK']],
    ['with a gap before them', 1, 5, 1, ['ACK']],
    ['had before', -1, 1, 1, ['ACK']],
    ['had before, long ago', -5, 2, 1, ['ACK']],
    ['had in part', -1, 3, 3, ['ACK']],
    ['none', 0, 0, 1, []],
  ] as const)('bytes that are %s', (_name, seq, bytes, receiveNext, answer) => {
    const world = at(50);
    expect(arrive(world, web, PSH | ACK, { seq, bytes })).toEqual(answer);
    expect(socketOf(world, web)?.receiveNext).toBe(receiveNext);
  });

  it('a request is answered, and the answer carries the acknowledgement', () => {
    const world = at(50);
    expect(arrive(world, web, PSH | ACK, { bytes: 5, wants: 7 })).toEqual(['PSH ACK']);
    expect(socketOf(world, web)).toMatchObject({
      receiveNext: 6,
      sendNext: 8,
      sendUnacknowledged: 1,
    });
    expect(arrive(world, web, ACK, { ack: -1 })).toEqual([]);
    expect(socketOf(world, web)?.sendUnacknowledged).toBe(7);
    expect(arrive(world, web, ACK)).toEqual([]);
    expect(socketOf(world, web)?.sendUnacknowledged).toBe(8);
    // An older acknowledgement takes nothing back.
    arrive(world, web, ACK, { ack: -3 });
    expect(socketOf(world, web)?.sendUnacknowledged).toBe(8);
  });

  it('a FIN is taken with its bytes; one with a gap before it is not', () => {
    const world = clientAndWeb({
      listen: [{ port: 80, answersClose: false }],
      actions: [plainConnect],
    });
    world.runUntil(50);
    expect(arrive(world, web, FIN | ACK, { seq: 1 })).toEqual(['ACK']);
    expect(stateOf(world, web)).toBe('ESTABLISHED');
    expect(arrive(world, web, FIN | ACK, { bytes: 4 })).toEqual(['ACK']);
    expect(socketOf(world, web)).toMatchObject({ state: 'CLOSE-WAIT', receiveNext: 6 });
  });

  it('a FIN makes a program that answers it close in turn', () => {
    const world = at(50);
    expect(arrive(world, web, FIN | ACK)).toEqual(['ACK', 'FIN ACK']);
    expect(stateOf(world, web)).toBe('LAST-ACK');
    expect(arrive(world, web, ACK, { ack: -1 })).toEqual([]);
    expect(stateOf(world, web)).toBe('LAST-ACK');
    expect(arrive(world, web, ACK)).toEqual([]);
    expect(stateOf(world, web)).toBe(undefined);
  });
});

describe('after close()', () => {
  const closing = (): World => at(100, [closeAt100]);

  it('FIN-WAIT-1 becomes FIN-WAIT-2 when the FIN is acknowledged, not before', () => {
    const world = closing();
    expect(arrive(world, client, ACK, { ack: -1 })).toEqual([]);
    expect(stateOf(world, client)).toBe('FIN-WAIT-1');
    expect(arrive(world, client, ACK)).toEqual([]);
    expect(socketOf(world, client)).toMatchObject({ state: 'FIN-WAIT-2', expiresAtMs: 60_100 });
    expect(arrive(world, client, FIN | ACK)).toEqual(['ACK']);
    expect(socketOf(world, client)).toMatchObject({ state: 'TIME-WAIT', expiresAtMs: 60_100 });
  });

  it('FIN with the acknowledgement is TIME-WAIT at once; without it, CLOSING', () => {
    const together = closing();
    expect(arrive(together, client, FIN | ACK)).toEqual(['ACK']);
    expect(stateOf(together, client)).toBe('TIME-WAIT');
    const crossed = closing();
    expect(arrive(crossed, client, FIN | ACK, { ack: -1 })).toEqual(['ACK']);
    expect(stateOf(crossed, client)).toBe('CLOSING');
    expect(arrive(crossed, client, ACK, { ack: -1 })).toEqual([]);
    expect(stateOf(crossed, client)).toBe('CLOSING');
    expect(arrive(crossed, client, ACK)).toEqual([]);
    expect(stateOf(crossed, client)).toBe('TIME-WAIT');
  });

  it('data for the program that is gone is reset', () => {
    const world = closing();
    expect(arrive(world, client, PSH | ACK, { bytes: 3 })).toEqual(['RST']);
    expect(stateOf(world, client)).toBe(undefined);
    expect(world.trace.filter(({ event }) => event === 'error')).toEqual([]);
  });
});

describe('in TIME-WAIT', () => {
  const waiting = (): World => {
    const world = at(300, [closeAt100]);
    expect(socketOf(world, client)).toMatchObject({ state: 'TIME-WAIT', expiresAtMs: 60_120 });
    return world;
  };

  it('a repeated FIN is acknowledged and starts the minute again', () => {
    const world = waiting();
    // Else the other end, which knows nothing any more, resets it: RFC 1337's assassination.
    hostOf(world, web).setFirewall({ policyIn: 'drop', policyOut: 'accept', rules: [] });
    expect(arrive(world, client, FIN | ACK)).toEqual(['ACK']);
    expect(socketOf(world, client)).toMatchObject({ state: 'TIME-WAIT', expiresAtMs: 60_300 });
    world.runUntil(60_299);
    expect(stateOf(world, client)).toBe('TIME-WAIT');
    world.runUntil(60_300);
    expect(stateOf(world, client)).toBe(undefined);
  });

  it('… unless the other end, which is gone, resets it: TIME-WAIT assassination (RFC 1337)', () => {
    const world = waiting();
    arrive(world, client, FIN | ACK);
    world.runUntil(319);
    expect(stateOf(world, client)).toBe('TIME-WAIT');
    world.runUntil(320);
    expect(stateOf(world, client)).toBe(undefined);
  });

  it('a FIN of another connection does not', () => {
    const world = waiting();
    expect(arrive(world, client, FIN | ACK, { sender: 77 })).toEqual(['ACK']);
    expect(socketOf(world, client)?.expiresAtMs).toBe(60_120);
  });

  it('late data and SYNs nobody listens for are acknowledged, an ACK is not', () => {
    const world = waiting();
    expect(arrive(world, client, PSH | ACK, { bytes: 1 })).toEqual(['ACK']);
    expect(arrive(world, client, SYN, { sender: 77 })).toEqual(['ACK']);
    expect(arrive(world, client, ACK)).toEqual([]);
    expect(stateOf(world, client)).toBe('TIME-WAIT');
  });

  it('a reset ends it, with the very next number and from the old peer (tcp_rfc1337 = 0)', () => {
    const world = waiting();
    expect(arrive(world, client, RST, { seq: 1 })).toEqual([]);
    expect(arrive(world, client, RST, { seq: -1 })).toEqual([]);
    expect(arrive(world, client, RST, { sender: 77 })).toEqual([]);
    expect(stateOf(world, client)).toBe('TIME-WAIT');
    expect(arrive(world, client, RST)).toEqual([]);
    expect(stateOf(world, client)).toBe(undefined);
  });

  it('of a server, a new SYN opens a new connection; a SYN of the old one does not', () => {
    const world = at(300, [{ ...closeAt100, by: 'web' }]);
    expect(stateOf(world, web)).toBe('TIME-WAIT');
    expect(arrive(world, web, SYN)).toEqual(['ACK']);
    expect(arrive(world, web, SYN | ACK, { sender: 77 })).toEqual(['ACK']);
    expect(stateOf(world, web)).toBe('TIME-WAIT');
    expect(arrive(world, web, SYN, { sender: 77 })).toEqual(['SYN ACK']);
    expect(socketOf(world, web)).toMatchObject({ state: 'SYN-RECEIVED', peer: 77 });
  });
});
