/** Questions about a router that translates: what the server sees, what becomes of the second client. */

import type { SegmentEvent } from '../../network/trace/trace.ts';
import { between, choiceInOrder, choiceOf, item, oneOf, phrase } from './drawing.ts';
import { worldAfter } from './small-world.ts';
import type { Generator, VariantOption } from './variant.ts';

const LESSON = '140-behind-the-nat';
const ROUTER = '203.0.113.5';
const SERVER = '198.51.100.10';

/** What the server sees of each connection, in the order of their names. */
function seenByServer(
  seed: number,
  localPort: number,
  ports: string,
): readonly (string | undefined)[] {
  const world = worldAfter({
    seed,
    hosts: [
      { name: 'one', os: 'linux', address: '10.0.0.2' },
      { name: 'two', os: 'linux', address: '10.0.0.3' },
      { name: 'server', os: 'linux', address: SERVER, listen: [{ port: 443 }] },
    ],
    nats: [{ name: 'router', inside: ['one', 'two'], address: ROUTER, ports, preservePort: true }],
    actions: [
      { atMs: 0, do: 'connect', from: 'one', to: `${SERVER}:443`, localPort, as: 'first' },
      { atMs: 100, do: 'connect', from: 'two', to: `${SERVER}:443`, localPort, as: 'second' },
    ],
    untilMs: 900,
  });
  return ['10.0.0.2', '10.0.0.3'].map((_, place) => {
    const arrived = world.trace.filter(
      (event): event is SegmentEvent =>
        event.event === 'segment' &&
        event.phase === 'arrived' &&
        event.fromNat === 'router' &&
        event.to === `${SERVER}:443` &&
        event.flags.includes('SYN'),
    );
    const froms = [...new Set(arrived.map(({ from }) => from))];
    return froms[place];
  });
}

/** Which source does the server see? */
export const seenBehindNat: Generator = {
  name: 'seen-behind-nat',
  items: () => [
    item('seen-behind-nat/first-client', LESSON, 'why-write'),
    item('seen-behind-nat/second-client', LESSON, 'only-if-taken'),
  ],
  draw: (name, random) => {
    const localPort = between(random, 32_768, 60_999);
    const [first, second] = seenByServer(random.uint32(), localPort, '1024-65535');
    if (first === undefined || second === undefined) throw new RangeError('nothing arrived.');
    const kept = `${ROUTER}:${String(localPort)}`;
    if (name === 'first-client') {
      const values = { inside: `10.0.0.2:${String(localPort)}`, seen: first, port: localPort };
      return {
        prompt: phrase('prompt-first', values),
        screen: [`10.0.0.2:${String(localPort)} → ${SERVER}:443`],
        asked: choiceOf(
          random,
          { id: 'router', label: first, feedback: phrase('right-first', values) },
          [
            {
              id: 'inside',
              label: `10.0.0.2:${String(localPort)}`,
              feedback: phrase('inside', values),
              misconception: 'nat-is-invisible',
            },
            {
              id: 'router-443',
              label: `${ROUTER}:443`,
              feedback: phrase('router-443', values),
              misconception: 'client-uses-server-port',
            },
            {
              id: 'inside-address',
              label: `${ROUTER}:${String(localPort === 60_999 ? 60_997 : localPort + 1)}`,
              feedback: phrase('always-changed', values),
              misconception: 'nat-always-changes-the-port',
            },
          ],
        ),
        because: phrase('right-first', values),
      };
    }
    if (name !== 'second-client') throw new RangeError(`there is no item "${name}".`);
    const values = { seen: second, port: localPort, kept };
    if (second === kept) throw new RangeError('two clients look the same from outside.');
    const right = 'another';
    const option = (id: 'kept' | 'another' | 'refused' | 'pair'): VariantOption => {
      const mistaken = {
        kept: 'nat-shares-the-tuple',
        another: 'nat-always-changes-the-port',
        refused: 'source-port-exclusive',
        pair: 'nat-is-invisible',
      } as const;
      return {
        id,
        label: phrase(
          id,
          id === 'kept' ? { kept } : id === 'pair' ? { port: localPort } : undefined,
        ),
        feedback: phrase(id === right ? 'right-second' : `wrong-${id}`, values),
        ...(id === right ? {} : { misconception: mistaken[id] }),
      };
    };
    return {
      prompt: phrase('prompt-second', values),
      screen: [
        `10.0.0.2:${String(localPort)} → ${SERVER}:443`,
        `10.0.0.3:${String(localPort)} → ${SERVER}:443`,
      ],
      asked: choiceInOrder(
        [option('kept'), option('another'), option('refused'), option('pair')],
        right,
      ),
      because: phrase('right-second', values),
    };
  },
};

/** Which pool does a router draw from? */
export const natPool: Generator = {
  name: 'nat-pool',
  items: () => [item('nat-pool/size', LESSON, 'four-tuple-again')],
  draw: (name, random) => {
    if (name !== 'size') throw new RangeError(`there is no item "${name}".`);
    const low = between(random, 20, 60) * 1000;
    const size = oneOf(random, [10, 64, 100, 250, 500, 1000]);
    const destinations = between(random, 2, 4);
    const high = low + size - 1;
    const values = { low, high, size, destinations, all: size * destinations };
    return {
      prompt: phrase('prompt', values),
      screen: [`-A POSTROUTING -p tcp -j MASQUERADE --to-ports ${String(low)}-${String(high)}`],
      asked: {
        kind: 'number',
        answer: size * destinations,
        traps: [
          { value: size, feedback: phrase('once', values), misconception: 'source-port-exclusive' },
          {
            value: 28_232,
            feedback: phrase('ephemeral', values),
            misconception: 'nat-uses-ephemeral-range',
          },
        ],
      },
      because: phrase('right', values),
    };
  },
};
