/**
 * What a program's calls and a timer do in each state of a connection: RFC 9293 §3.10.2–3.10.5 and
 * §3.10.8, close(2), shutdown(2); as Linux has it where it differs.
 */

import { describe, expect, it } from 'vitest';
import { ACK, FIN, PSH, SYN } from '../kernel/packet.ts';
import {
  arrive,
  at,
  client,
  hostOf,
  socketOf,
  stateOf,
  web,
  type End,
} from './segment-fixtures.ts';
import type { World } from '../world.ts';
import { clientAndWeb, plainConnect } from '../world-fixtures.ts';

type Call = 'close' | 'shutdown' | 'reset';

/** Calls on one end's socket; whether that went well, and what it sent. */
function call(world: World, end: End, what: Call): [boolean, ...string[]] {
  const before = world.trace.length;
  const { ok } = hostOf(world, end)[what](socketOf(world, end)?.id ?? 0);
  const sent = world.trace
    .slice(before)
    .flatMap((event) =>
      event.event === 'segment' && event.phase === 'sent' ? [event.flags.join(' ')] : [],
    );
  return [ok, ...sent];
}

/** A client’s connection in each state; the program reads on after shutdown(). */
const states = {
  'SYN-SENT': () => at(0),
  'SYN-RECEIVED': () => {
    const world = at(0);
    arrive(world, client, SYN, { sender: 5 });
    return world;
  },
  ESTABLISHED: () => at(50),
  'FIN-WAIT-1': () => {
    const world = at(50);
    call(world, client, 'shutdown');
    return world;
  },
  'FIN-WAIT-2': () => {
    const world = states['FIN-WAIT-1']();
    arrive(world, client, ACK);
    return world;
  },
  CLOSING: () => {
    const world = states['FIN-WAIT-1']();
    arrive(world, client, FIN | ACK, { ack: -1 });
    return world;
  },
  'CLOSE-WAIT': () => {
    const world = at(50);
    const socket = socketOf(world, client);
    if (socket !== undefined) socket.answersClose = false;
    arrive(world, client, FIN | ACK);
    return world;
  },
  'LAST-ACK': () => {
    const world = states['CLOSE-WAIT']();
    call(world, client, 'shutdown');
    return world;
  },
} as const;

describe('in each state', () => {
  it.each([
    ['SYN-SENT', undefined, [true], [false], [true]],
    ['SYN-RECEIVED', 'FIN-WAIT-1', [true, 'FIN ACK'], [true, 'FIN ACK'], [true, 'RST']],
    ['ESTABLISHED', 'FIN-WAIT-1', [true, 'FIN ACK'], [true, 'FIN ACK'], [true, 'RST']],
    ['FIN-WAIT-1', 'FIN-WAIT-1', [true], [false], [true, 'RST']],
    ['FIN-WAIT-2', 'FIN-WAIT-2', [true], [false], [true, 'RST']],
    ['CLOSING', 'CLOSING', [true], [false], [true]],
    ['CLOSE-WAIT', 'LAST-ACK', [true, 'FIN ACK'], [true, 'FIN ACK'], [true, 'RST']],
    ['LAST-ACK', 'LAST-ACK', [true], [false], [true]],
  ] as const)('%s: close() leads to %s', (state, next, close, shutdown, reset) => {
    const reached = (): World => {
      const world = states[state]();
      expect(stateOf(world, client)).toBe(state);
      return world;
    };
    const closed = reached();
    expect(call(closed, client, 'close')).toEqual(close);
    expect(stateOf(closed, client)).toBe(next);
    // Once more: the program has it no longer.
    expect(call(closed, client, 'close')).toEqual([false]);
    expect(socketOf(closed, client)?.isOrphan ?? true).toBe(true);

    const half = reached();
    expect(call(half, client, 'shutdown')).toEqual(shutdown);
    expect(stateOf(half, client)).toBe(shutdown[0] ? next : state);
    expect(socketOf(half, client)?.isOrphan).toBe(false);

    const ended = reached();
    expect(call(ended, client, 'reset')).toEqual(reset);
    expect(stateOf(ended, client)).toBe(undefined);
  });

  it('an orphan in FIN-WAIT-2 waits for tcp_fin_timeout, a program that reads on waits for ever', () => {
    const read = states['FIN-WAIT-2']();
    // The other end hears nothing, and so does not close in turn.
    hostOf(read, web).setFirewall({ policyIn: 'drop', policyOut: 'drop', rules: [] });
    expect(socketOf(read, client)?.expiresAtMs).toBe(null);
    read.runUntil(1_000_000);
    expect(stateOf(read, client)).toBe('FIN-WAIT-2');
    call(read, client, 'close');
    expect(socketOf(read, client)?.expiresAtMs).toBe(1_060_000);
  });
});

describe('what is not answered', () => {
  /** The server is deaf from 50 ms on; what the client then sends, and how long after. */
  function repeated(
    act: (world: World) => void,
    count: number,
  ): [number, string, number, number][] {
    const world = at(50);
    hostOf(world, web).setFirewall({ policyIn: 'drop', policyOut: 'drop', rules: [] });
    const before = world.trace.length;
    act(world);
    world.runUntil(100_000);
    return world.trace
      .slice(before)
      .flatMap((event): [number, string, number, number][] =>
        event.event === 'segment' && event.phase === 'sent'
          ? [[event.atMs - 50, event.flags.join(' '), event.seq, event.bytes]]
          : [],
      )
      .slice(0, count);
  }
  const send = (world: World, bytes: number, wants = 0): void => {
    hostOf(world, client).send(socketOf(world, client)?.id ?? 0, bytes, wants);
  };

  it('is repeated from the first byte that is not acknowledged, then the FIN', () => {
    const sent = repeated((world) => {
      send(world, 10);
      send(world, 5);
      call(world, client, 'close');
    }, 7);
    const [first, second] = [sent[3]?.[0], sent[5]?.[0]];
    expect(sent).toEqual([
      [0, 'PSH ACK', 1, 10],
      [0, 'PSH ACK', 11, 5],
      [0, 'FIN ACK', 16, 0],
      [first, 'PSH ACK', 1, 15],
      [first, 'FIN ACK', 16, 0],
      [second, 'PSH ACK', 1, 15],
      [second, 'FIN ACK', 16, 0],
    ]);
    // RFC 6298: each wait is twice the one before.
    expect((second ?? 0) - (first ?? 0)).toBe(2 * (first ?? 0));
  });

  it('is repeated without what has been acknowledged', () => {
    const sent = repeated((world) => {
      send(world, 10);
      send(world, 5);
      arrive(world, client, ACK, { ack: -5 });
    }, 3);
    expect(sent[2]?.slice(1)).toEqual(['PSH ACK', 11, 5]);
  });

  it('a FIN alone is repeated alone, data alone without a FIN', () => {
    const fins = repeated((world) => call(world, client, 'close'), 3);
    expect(fins.map(([, flags, seq]) => [flags, seq])).toEqual(new Array(3).fill(['FIN ACK', 1]));
    const data = repeated((world) => {
      send(world, 10);
    }, 3);
    expect(data.map(([, flags, seq, bytes]) => [flags, seq, bytes])).toEqual(
      new Array(3).fill(['PSH ACK', 1, 10]),
    );
  });

  it('ends in ETIMEDOUT for the program, if it is still there', () => {
    for (const isClosed of [false, true]) {
      const world = at(50);
      hostOf(world, web).setFirewall({ policyIn: 'drop', policyOut: 'drop', rules: [] });
      send(world, 10);
      if (isClosed) call(world, client, 'close');
      world.runToEnd();
      const errors = world.trace.flatMap((event) =>
        event.event === 'error' ? [[event.do, event.error]] : [],
      );
      expect(errors).toEqual(isClosed ? [] : [['send', 'ETIMEDOUT']]);
      expect(stateOf(world, client)).toBe(undefined);
    }
  });

  it('a request is repeated as a request: its answer comes all the same', () => {
    const world = at(50);
    const server = hostOf(world, web);
    server.setFirewall({ policyIn: 'drop', policyOut: 'accept', rules: [] });
    send(world, 10, 70);
    world.runUntil(100);
    server.setFirewall(null);
    world.runUntil(5000);
    const answers = world.trace.filter(
      (event) => event.event === 'segment' && event.phase === 'arrived' && event.bytes === 70,
    );
    expect(answers).toHaveLength(1);
    // Data that asks for nothing is not answered, repeated or not.
    const plain = at(50);
    hostOf(plain, web).setFirewall({ policyIn: 'drop', policyOut: 'accept', rules: [] });
    send(plain, 10);
    plain.runUntil(100);
    hostOf(plain, web).setFirewall(null);
    plain.runUntil(5000);
    const sizes = plain.trace.map((event) => (event.event === 'segment' ? event.bytes : 0));
    expect([...new Set(sizes)].toSorted()).toEqual([0, 10]);
  });

  it('a SYN,ACK is repeated until the handshake is done', () => {
    const world = at(10);
    hostOf(world, client).setFirewall({ policyIn: 'drop', policyOut: 'drop', rules: [] });
    world.runUntil(5000);
    const answers = world.trace.flatMap((event) =>
      event.event === 'segment' && event.phase === 'sent' && event.flags.join(' ') === 'SYN ACK'
        ? [event.atMs]
        : [],
    );
    expect(answers).toEqual([10, 1010, 3010]);
  });
});

describe('accept()', () => {
  const lazy = (answersClose = true): World => {
    const world = clientAndWeb({
      listen: [{ port: 80, accepts: false, answersClose }],
      actions: [{ ...plainConnect, request: 20, response: 30 }],
    });
    world.runUntil(100);
    return world;
  };
  const take = (world: World): void => {
    const listener = hostOf(world, web).sockets()[0];
    hostOf(world, web).accept(listener?.id ?? 0);
  };

  it('answers what has come in the meantime, once', () => {
    const world = lazy();
    expect(socketOf(world, web)).toMatchObject({ isAccepted: false, receiveNext: 21, sendNext: 1 });
    take(world);
    expect(socketOf(world, web)).toMatchObject({ isAccepted: true, sendNext: 31 });
    expect(arrive(world, web, PSH | ACK, { bytes: 5 })).toEqual(['ACK']);
  });

  it('of what has been closed in the meantime closes in turn, if the program does so', () => {
    for (const answersClose of [true, false]) {
      const world = lazy(answersClose);
      arrive(world, web, FIN | ACK);
      expect(stateOf(world, web)).toBe('CLOSE-WAIT');
      take(world);
      expect(stateOf(world, web)).toBe(answersClose ? 'LAST-ACK' : 'CLOSE-WAIT');
    }
  });

  it('of what asked for nothing sends nothing', () => {
    const world = clientAndWeb({ listen: [{ port: 80, accepts: false }], actions: [plainConnect] });
    world.runUntil(100);
    const before = world.trace.length;
    take(world);
    expect(world.trace.length).toBe(before);
    expect(socketOf(world, web)?.isAccepted).toBe(true);
  });
});

describe('an ICMP message that nobody is there', () => {
  it('ends a connect(), and no connection that is open (RFC 5927 §4)', () => {
    const reject = { policyIn: 'reject', policyOut: 'accept' } as const;
    const rules = [{ chain: 'in', action: 'reject' }] as const;
    const connecting = at(0);
    hostOf(connecting, web).setFirewall({ ...reject, policyIn: 'accept', rules });
    connecting.runUntil(20);
    expect(stateOf(connecting, client)).toBe(undefined);
    const open = at(50);
    hostOf(open, web).setFirewall({ ...reject, policyIn: 'accept', rules });
    hostOf(open, client).send(socketOf(open, client)?.id ?? 0, 10);
    open.runUntil(70);
    expect(stateOf(open, client)).toBe('ESTABLISHED');
  });
});
