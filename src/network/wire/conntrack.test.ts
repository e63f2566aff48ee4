/**
 * The states that a Linux router gives a connection, packet by packet: the transitions of the kernel
 * (net/netfilter/nf_conntrack_proto_tcp.c) told as what happens between a client and a server.
 */

import { describe, expect, it } from 'vitest';
import { ACK, FIN, Packet, RST, SYN } from '../kernel/packet.ts';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { parseAddress } from '../addresses.ts';
import { World } from '../world.ts';
import { conntrackSeconds } from './conntrack.ts';

const client = { address: parseAddress('192.168.1.2') ?? 0, port: 50_000 };
const server = { address: parseAddress('203.0.113.80') ?? 0, port: 443 };
const outside = { address: parseAddress('198.51.100.7') ?? 0, port: 50_000 };

/** `>` is a packet of the client's, `<` one of the server's. */
const letters: Readonly<Record<string, number>> = {
  S: SYN,
  A: ACK,
  F: FIN | ACK,
  R: RST,
  SA: SYN | ACK,
};

function router(spec: Readonly<Record<string, unknown>> = {}) {
  const world = new World(
    parseScenario({
      version: 1,
      hosts: [
        { name: 'laptop', os: 'linux', address: '192.168.1.2' },
        { name: 'web', os: 'linux', address: '203.0.113.80' },
      ],
      nats: [
        {
          name: 'router',
          inside: ['laptop'],
          address: '198.51.100.7',
          behaviour: 'linux',
          ...spec,
        },
      ],
      actions: [],
    }),
  );
  const [nat] = world.nats;
  if (nat === undefined) throw new Error('no router');
  const send = (kind: Packet['kind'], flags: number, isFromInside: boolean, port = client.port) => {
    const from = isFromInside ? { ...client, port } : server;
    const to = isFromInside ? server : { ...outside, port };
    return nat.translate(
      Object.assign(new Packet(kind), {
        sourceAddress: from.address,
        sourcePort: from.port,
        destinationAddress: to.address,
        destinationPort: to.port,
        flags,
        sender: port,
      }),
      isFromInside,
    );
  };
  return {
    world,
    nat,
    /** Sends packets such as `>S <SA >A`; the state after them. */
    after: (text: string): string | undefined => {
      for (const word of text.split(' ')) {
        const flags = letters[word.slice(1)];
        if (flags === undefined) throw new Error(`no packet: ${word}`);
        send('segment', flags, word.startsWith('>'));
      }
      return nat.entries().find(({ protocol }) => protocol === 'tcp')?.state;
    },
    datagram: (isFromInside: boolean): string | undefined => {
      send('datagram', 0, isFromInside);
      return nat.entries().find(({ protocol }) => protocol === 'udp')?.state;
    },
    /** Whether another packet of the client's from this port gets through. */
    isLetOut: (kind: Packet['kind'], port: number) => {
      const answer = send(kind, kind === 'segment' ? SYN : 0, true, port);
      return answer !== null && typeof answer !== 'string';
    },
  };
}

describe('a TCP connection', () => {
  it.each([
    ['>S', 'SYN_SENT', 'the first word'],
    ['>S >S', 'SYN_SENT', 'the SYN again'],
    ['>S >A', 'SYN_SENT', 'an ACK before the server has spoken'],
    ['>S <A', 'SYN_SENT', 'a challenge ACK of an old connection'],
    ['>S <SA', 'SYN_RECV', 'the server answers'],
    ['>S <SA <SA', 'SYN_RECV', 'the answer again'],
    ['>S <SA <A', 'SYN_RECV', 'the server, before the client’s ACK'],
    ['>S >SA', 'SYN_SENT', 'a client does not answer itself'],
    ['>S <SA >A', 'ESTABLISHED', 'the client’s ACK'],
    ['>A', 'ESTABLISHED', 'taken up midway'],
    ['>S <SA >A >S', 'ESTABLISHED', 'a SYN in between changes nothing'],
    ['>S <SA >A <SA', 'ESTABLISHED', 'a late answer changes nothing'],
  ])('%s: %s, %s', (packets, state) => {
    expect(router().after(packets)).toBe(state);
  });

  const open = '>S <SA >A';
  it.each([
    ['>F', 'FIN_WAIT'],
    ['>F <A', 'CLOSE_WAIT'],
    ['>F <A <A', 'CLOSE_WAIT'],
    ['>F <A <F', 'LAST_ACK'],
    ['>F <A <F <F', 'LAST_ACK'],
    ['>F <F', 'LAST_ACK'],
    ['>F <A <F >A', 'TIME_WAIT'],
    ['>F <A <F >A >A', 'TIME_WAIT'],
    ['>F <A <F >A <F', 'TIME_WAIT'],
    ['<F', 'FIN_WAIT'],
    ['<F >A', 'CLOSE_WAIT'],
    ['<F >A >F', 'LAST_ACK'],
    ['<F >A >F <A', 'TIME_WAIT'],
  ])('that is closed with %s is in %s', (packets, state) => {
    expect(router().after(`${open} ${packets}`)).toBe(state);
  });

  it('is in FIN_WAIT also where the FIN comes with the client’s first ACK', () => {
    expect(router().after('>S <SA >F')).toBe('FIN_WAIT');
  });

  it.each(['', '>F', '>F <A', '>F <F', '>F <F >A'])(
    'that is reset after %j is in CLOSE, whoever resets',
    (packets) => {
      for (const reset of ['>R', '<R'])
        expect(router().after(`${open} ${packets} ${reset}`.replaceAll(/ +/g, ' '))).toBe('CLOSE');
    },
  );

  it('that is refused, or given up before an answer, is forgotten at once', () => {
    expect(router().after('>S <R')).toBeUndefined();
    expect(router().after('>S >R')).toBeUndefined();
  });

  it.each([
    ['>F <F >A >S', 'SYN_SENT', 'after TIME-WAIT'],
    ['>F <F >A <S', 'SYN_SENT', 'after TIME-WAIT, by the server'],
    ['>R >S', 'SYN_SENT', 'after a reset'],
    ['>R <S', 'CLOSE', 'not by the server after a reset'],
    ['>F <F >S', 'LAST_ACK', 'not before the last ACK'],
    ['>F <F >A <SA', 'TIME_WAIT', 'not by an answer to nothing'],
  ])('%s: opened anew? %s, %s', (packets, state) => {
    expect(router().after(`${open} ${packets}`)).toBe(state);
  });

  it('that is opened anew gets through its states again', () => {
    expect(router().after(`${open} >F <F >A ${open}`)).toBe('ESTABLISHED');
  });

  it('shows how long its entry still has', () => {
    const { world, nat, after } = router();
    after(open);
    world.runUntil(2500);
    expect(nat.entries()[0]?.secondsLeft).toBe(conntrackSeconds.ESTABLISHED - 2.5);
    after('>A');
    expect(nat.entries()[0]?.secondsLeft).toBe(conntrackSeconds.ESTABLISHED);
  });
});

describe('UDP', () => {
  it.each([
    [2000, 'UDP'],
    [2001, 'UDP_STREAM'],
  ])('that is answered and goes on after %i ms is %s', (ms, state) => {
    const { world, datagram } = router();
    expect(datagram(true)).toBe('UDP');
    expect(datagram(false)).toBe('UDP');
    world.runUntil(ms);
    expect(datagram(true)).toBe(state);
  });

  it('that only one side speaks is no stream; the first answer makes it one', () => {
    const { world, datagram } = router();
    datagram(true);
    world.runUntil(5000);
    expect(datagram(true)).toBe('UDP');
    expect(datagram(false)).toBe('UDP_STREAM');
  });
});

describe('a full table', () => {
  const full = { maxEntries: 1 };

  it.each([
    ['>S', true],
    ['>S <SA', true],
    ['>S <SA >A', false],
    ['>A', true],
    ['>A <A', false],
    ['>S <SA >A >F <F >A >S', true],
  ])('with one connection after %s makes room: %s', (packets, isRoomMade) => {
    const { after, isLetOut } = router(full);
    after(packets);
    expect(isLetOut('segment', 50_001)).toBe(isRoomMade);
  });

  it('makes room of UDP that has been answered, and none of a stream', () => {
    const { world, datagram, isLetOut } = router(full);
    datagram(true);
    datagram(false);
    expect(isLetOut('datagram', 50_001)).toBe(true);
    const other = router(full);
    other.datagram(true);
    other.world.runUntil(3000);
    other.datagram(false);
    expect(other.isLetOut('datagram', 50_001)).toBe(false);
    expect(world.nowMs).toBe(0);
  });
});
