/** What a card sees of a trace: Linux' windows, options, clocks and ICMP messages, as frames. */

import { describe, expect, it } from 'vitest';
import { parseScenario } from '../scenario/scenario-parser.ts';
import { World } from '../world.ts';
import {
  ACK_BIT,
  FIN_BIT,
  FrameMaker,
  framesOf,
  placeAt,
  RST_BIT,
  SYN_BIT,
  type Frame,
  type TcpFrame,
} from './frame.ts';

const addresses = ['10.0.0.2', '2001:db8::2'];
const epochMs = 1_000_000;
const quote = (frame: Frame): string => `${frame.source} ${frame.payload}`.padEnd(600, '.');
const place = placeAt(addresses, epochMs, quote);

type Act = (client: ReturnType<World['host']> & {}, world: World) => void;

/** The frames that the client sees of what it does. */
function seen(act: Act, contents?: typeof place.contents): readonly Frame[] {
  const world = new World(
    parseScenario({
      version: 1,
      latencyMs: 10,
      hosts: [
        { name: 'client', os: 'linux', addresses },
        {
          name: 'web',
          os: 'linux',
          addresses: ['10.0.0.10', '2001:db8::10'],
          listen: [
            { port: 80 },
            { port: 80, address: '::', ipv6Only: true },
            { port: 53, protocol: 'udp' },
          ],
        },
      ],
      actions: [],
    }),
  );
  const client = world.host('client');
  if (client === undefined) throw new Error('no host');
  act(client, world);
  world.runUntil(5000);
  return framesOf(world.trace, { ...place, ...(contents && { contents }) });
}

const segments = (frames: readonly Frame[]): TcpFrame[] =>
  frames.flatMap((frame) => (frame.protocol === 'tcp' ? [frame] : []));

/** Of a request and its answer on one connection, which the client then closes. */
function exchange(): TcpFrame[] {
  return segments(
    seen((client, world) => {
      const made = client.connect('tcp', '10.0.0.10', 80, { request: 20, response: 30 });
      world.runUntil(100);
      client.close(made.ok ? made.value : 0);
    }),
  );
}

describe('a connection', () => {
  it('is seen from its SYN to its last ACK, with the time and the way of each', () => {
    const frames = exchange();
    const [syn, synAck] = frames;
    expect(frames.map(({ atMs, direction }) => `${atMs - epochMs} ${direction}`)).toEqual([
      ...['0 out', '20 in', '20 out', '20 out', '40 in', '40 out'],
      ...['100 out', '120 in', '120 in', '120 out'],
    ]);
    expect(syn).toMatchObject({
      interface: 'eth0',
      source: '10.0.0.2',
      destination: '10.0.0.10',
      destinationPort: 80,
      ttl: 64,
      flags: SYN_BIT,
      ack: 0,
    });
    expect(synAck).toMatchObject({ source: '10.0.0.10', sourcePort: 80, flags: SYN_BIT | ACK_BIT });
    expect(frames.filter(({ flags }) => flags & FIN_BIT)).toHaveLength(2);
  });

  it('counts from a number of either side, by which the other acknowledges', () => {
    const [syn, synAck, ack, , response] = exchange();
    const [own = 0, other = 0] = [syn?.seq, synAck?.seq];
    expect(own).not.toBe(other);
    expect(synAck?.ack).toBe((own + 1) >>> 0);
    expect([ack?.seq, ack?.ack]).toEqual([(own + 1) >>> 0, (other + 1) >>> 0]);
    expect([response?.seq, response?.ack]).toEqual([(other + 1) >>> 0, (own + 21) >>> 0]);
  });

  it('offers in its SYNs what Linux offers, and afterwards its time alone', () => {
    const frames = exchange();
    const [syn, synAck] = frames;
    const options = { maximumSegment: 1460, allowsSelective: true, windowScale: 7 };
    for (const one of [syn, synAck]) expect(one?.options).toMatchObject(options);
    for (const { options: later } of frames.slice(2)) expect(Object.keys(later)).toEqual(['times']);
    expect(frames.map(({ window }) => window)).toEqual([
      ...[64_240, 65_160, 502, 502, 509],
      ...[502, 502, 509, 509, 502],
    ]);
  });

  it('repeats the other’s latest time, of which a SYN knows none (RFC 7323)', () => {
    const frames = exchange();
    const times = frames.map(({ options }) => options.times ?? [NaN, NaN]);
    const [first, second, third] = times;
    expect(first?.[1]).toBe(0);
    expect(second?.[1]).toBe(first?.[0]);
    expect(third).toEqual([((first?.[0] ?? 0) + 20) >>> 0, second?.[0]]);
  });

  it('numbers the packets of each side one after the other, a listener’s first answer with 0', () => {
    const frames = exchange();
    const [, synAck] = frames;
    expect(synAck?.id).toBe(0);
    const own = frames.filter(({ direction }) => direction === 'out').map(({ id }) => id);
    expect(own.map((id, i) => (id - i) & 0xffff)).toEqual(own.map(() => own[0]));
    expect(own[0]).toBeGreaterThan(0);
  });

  it('carries zeros where nobody knows what, and else what it is', () => {
    const [, , , request, response] = exchange();
    expect([request?.payload, response?.payload]).toEqual(['\0'.repeat(20), '\0'.repeat(30)]);
    const asked: string[] = [];
    const known = segments(
      seen(
        (client) => client.connect('tcp', '10.0.0.10', 80, { request: 4, response: 6 }),
        (from, to, offset, bytes) => {
          if (bytes > 0)
            asked.push(`${from.replace(/:.*/, '')} ${to.replace(/:.*/, '')} ${offset} ${bytes}`);
          return bytes === 4 ? 'GET / HTTP/1.1' : bytes === 6 ? 'OK' : undefined;
        },
      ),
    );
    expect(known.map(({ payload }) => payload).filter(Boolean)).toEqual(['GET ', 'OK\0\0\0\0']);
    expect(asked).toEqual(['10.0.0.2 10.0.0.10 0 4', '10.0.0.10 10.0.0.2 0 6']);
  });
});

describe('segments', () => {
  it('over IPv6 have room for twenty bytes less', () => {
    const [syn, answer] = segments(
      seen((client) => client.connect('tcp', '2001:db8::10', 80, { request: 0 })),
    );
    for (const one of [syn, answer]) expect(one?.options.maximumSegment).toBe(1440);
  });

  it('of a host to itself are seen once, on loopback, whose packets are larger', () => {
    const frames = segments(
      seen((client) => {
        client.listen('tcp', '127.0.0.1', 80);
        client.connect('tcp', '127.0.0.1', 80, { request: 0 });
      }),
    );
    expect(frames.map((one) => `${one.interface} ${one.direction} ${one.window}`)).toEqual([
      'lo in 65495',
      'lo in 65483',
      'lo in 512',
    ]);
    expect(frames[0]?.options.maximumSegment).toBe(65_495);
  });

  it('that refuse have no options and no window, and count from 0', () => {
    const [, reset] = segments(seen((client) => client.connect('tcp', '10.0.0.10', 81, {})));
    expect(reset).toMatchObject({
      flags: RST_BIT | ACK_BIT,
      id: 0,
      seq: 0,
      window: 0,
      options: {},
    });
  });

  it('that reset a connection count on', () => {
    const frames = segments(
      seen((client, world) => {
        const made = client.connect('tcp', '10.0.0.10', 80, { request: 0 });
        world.runUntil(100);
        client.reset(made.ok ? made.value : 0);
      }),
    );
    expect(frames.at(-1)?.flags).toBe(RST_BIT);
    expect(frames.at(-1)?.seq).toBe(((frames[0]?.seq ?? 0) + 1) >>> 0);
    expect(frames.at(-1)?.ack).toBe(0);
  });

  it('have other numbers on another connection, and the same ones each time', () => {
    const starts = (): (number | undefined)[] =>
      segments(
        seen((client) => {
          client.connect('tcp', '10.0.0.10', 80, { request: 0, as: 'one' });
          client.connect('tcp', '10.0.0.10', 80, { request: 0, as: 'two' });
        }),
      )
        .filter(({ flags }) => flags === SYN_BIT)
        .map(({ seq }) => seq);
    expect(new Set(starts()).size).toBe(2);
    expect(starts()).toEqual(starts());
  });

  it('that never arrive are seen where they left, and others’ not at all', () => {
    expect(seen((client) => client.connect('tcp', '203.0.113.1', 80, {}))).not.toHaveLength(0);
    const makers = ['10.0.0.9', '203.0.113.1'].map(
      (one) => new FrameMaker(placeAt([one], 0, quote)),
    );
    const world = new World(
      parseScenario({
        version: 1,
        hosts: [{ name: 'client', os: 'linux', address: '10.0.0.2' }],
        actions: [{ atMs: 0, do: 'connect', from: 'client', to: '203.0.113.1:80' }],
      }),
    );
    world.runUntil(500);
    const kinds = world.trace.map((event) => event.event);
    expect(kinds).toContain('port-chosen');
    const own = new FrameMaker(place);
    const frames = world.trace.map((event) => [
      event.event === 'segment' && event.phase === 'sent',
      own.frameOf(event) !== null,
    ]);
    for (const [isSent, isSeen] of frames) expect(isSeen).toBe(isSent);
    expect(world.trace.some(({ event }) => event === 'segment')).toBe(true);
    for (const maker of makers)
      expect(world.trace.every((event) => maker.frameOf(event) === null)).toBe(true);
  });
});

describe('datagrams and messages', () => {
  it('a datagram has its bytes, and a refusal quotes it as far as 576 bytes go', () => {
    const [datagram, refusal] = seen((client) =>
      client.connect('udp', '10.0.0.10', 9, { request: 5 }),
    );
    expect(datagram).toMatchObject({
      protocol: 'udp',
      destinationPort: 9,
      payload: '\0'.repeat(5),
    });
    expect(refusal).toMatchObject({
      protocol: 'icmp',
      type: 3,
      code: 3,
      rest: [0, 0],
      direction: 'in',
    });
    expect(refusal?.payload).toBe(`10.0.0.2 ${'\0'.repeat(5)}`.padEnd(548, '.'));
  });

  it.each([
    ['icmp-host-unreachable', 1],
    ['icmp-admin-prohibited', 13],
  ] as const)('%s has the code %i', (rejectWith, code) => {
    const [, refusal] = seen((client, world) => {
      const rules = [{ chain: 'in', action: 'reject', rejectWith }] as const;
      world.host('web')?.setFirewall({ policyIn: 'accept', policyOut: 'accept', rules });
      client.connect('tcp', '10.0.0.10', 80, {});
    });
    expect(refusal).toMatchObject({ protocol: 'icmp', type: 3, code });
  });

  it('a message about what was never seen is not shown', () => {
    const world: Parameters<FrameMaker['frameOf']>[0] = {
      atMs: 0,
      event: 'icmp',
      id: 1,
      phase: 'arrived',
      from: '10.0.0.10:9',
      to: '10.0.0.2:40000',
      message: 'port-unreachable',
    };
    expect(new FrameMaker(place).frameOf(world)).toBe(null);
  });

  it.each([
    ['10.0.0.10', 8, 0],
    ['2001:db8::10', 128, 129],
  ])(
    'an echo to %s is of type %i and its answer of type %i, with what it carried',
    (to, request, reply) => {
      const [echo, answer] = seen((client, world) => {
        world.runUntil(1002);
        client.echo(to, { identifier: 7, number: 3, bytes: 20 });
      });
      expect(echo).toMatchObject({ protocol: 'icmp', type: request, code: 0, rest: [7, 3] });
      expect(answer).toMatchObject({ protocol: 'icmp', type: reply, code: 0, rest: [7, 3] });
      // ping's time of sending, seconds and microseconds, and bytes that count on.
      const seconds = '\u00e9\u0003\0\0\0\0\0\0';
      expect(echo?.payload).toBe(`${seconds}\u00d0\u0007\0\0\0\0\0\0\u0010\u0011\u0012\u0013`);
      expect(answer?.payload).toBe(echo?.payload);
    },
  );

  it('an echo too short for the time of sending has the bytes that count on', () => {
    const [echo] = seen((client) =>
      client.echo('10.0.0.10', { identifier: 7, number: 1, bytes: 4 }),
    );
    expect(echo?.payload).toBe('\0\u0001\u0002\u0003');
  });
});

it('a place has its host’s addresses and all of 127.0.0.0/8', () => {
  const asked = ['10.0.0.2', '2001:db8::2', '127.0.0.1', '127.9.9.9', '10.0.0.3', '2001:db8::3'];
  expect(asked.map((address) => place.owns(address))).toEqual([
    true,
    true,
    true,
    true,
    false,
    false,
  ]);
});
