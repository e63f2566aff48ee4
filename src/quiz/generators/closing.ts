/** Questions about a connection's life: the handshake, closing, states, TIME-WAIT. */

import { profileOf, timersOf } from '../../network/os-profiles/profiles.ts';
import type { StateEvent } from '../../network/trace/trace.ts';
import type { World } from '../../network/world.ts';
import type { Random } from '../../time-and-chance/random.ts';
import {
  between,
  choiceInOrder,
  choiceOf,
  item,
  oneOf,
  orderOf,
  phrase,
  someOf,
} from './drawing.ts';
import { hostOf, segmentsSent, worldAfter } from './small-world.ts';
import type { Generator, VariantOption } from './variant.ts';

const CLIENT = '10.0.0.2';
const SERVER = '10.0.0.10';
const LESSON = '100-life-of-a-connection';

interface Conversation {
  readonly random: Random;
  readonly port: number;
  /** Ways to end it, as actions of a scenario. */
  readonly actions: readonly Readonly<Record<string, unknown>>[];
  readonly untilMs: number;
  /** Whether the server's program closes in answer; default true. */
  readonly answersClose?: boolean;
  readonly localPort?: number;
}

function conversation({
  random,
  port,
  actions,
  untilMs,
  answersClose,
  localPort,
}: Conversation): World {
  return worldAfter({
    seed: random.uint32(),
    latencyMs: 10,
    hosts: [
      { name: 'client', os: 'linux', address: CLIENT },
      {
        name: 'server',
        os: 'linux',
        address: SERVER,
        listen: [{ port, ...(answersClose === undefined ? {} : { answersClose }) }],
      },
    ],
    actions: [
      {
        atMs: 0,
        do: 'connect',
        from: 'client',
        to: `${SERVER}:${String(port)}`,
        as: 'it',
        ...(localPort === undefined ? {} : { localPort }),
      },
      ...actions,
    ],
    untilMs,
  });
}

const PORTS = [22, 25, 80, 443, 3306, 5432] as const;

/** The state of the connection's socket on a host at the end of a world; CLOSED where it is gone. */
function stateOn(world: World, host: string): string {
  const socket = hostOf(world, host)
    .sockets()
    .find(({ state, protocol }) => protocol === 'tcp' && state !== 'LISTEN');
  return socket?.state ?? 'CLOSED';
}

/** How the connection ends in each item, and who calls close() first. */
const ENDINGS = {
  'client-first': [{ atMs: 200, do: 'close', connection: 'it', by: 'client' }],
  'server-first': [{ atMs: 200, do: 'close', connection: 'it', by: 'server' }],
  'both-at-once': [
    { atMs: 200, do: 'close', connection: 'it', by: 'client' },
    { atMs: 200, do: 'close', connection: 'it', by: 'server' },
  ],
  reset: [{ atMs: 200, do: 'reset', connection: 'it', by: 'client' }],
} as const;

/** Who ends in TIME-WAIT? */
export const whoTimeWaits: Generator = {
  name: 'who-time-waits',
  items: () =>
    Object.keys(ENDINGS).map((name) => item(`who-time-waits/${name}`, LESSON, 'both-wait')),
  draw: (name, random) => {
    const actions = Object.hasOwn(ENDINGS, name)
      ? ENDINGS[name as keyof typeof ENDINGS]
      : undefined;
    if (!actions) throw new RangeError(`there is no item "${name}".`);
    const port = oneOf(random, PORTS);
    const world = conversation({ random, port, actions, untilMs: 10_000 });
    const onClient = stateOn(world, 'client') === 'TIME-WAIT';
    const onServer = stateOn(world, 'server') === 'TIME-WAIT';
    const right = onClient ? (onServer ? 'both' : 'client') : onServer ? 'server' : 'neither';
    const mistaken: Readonly<Record<string, string>> = {
      client: 'time-wait-on-the-client',
      server: 'time-wait-on-server',
      both: 'both-sides-time-wait',
      neither: 'close-is-the-end',
    };
    const option = (id: 'client' | 'server' | 'both' | 'neither'): VariantOption => ({
      id,
      label: phrase(id),
      feedback: phrase(id === right ? `right-${name}` : `wrong-${id}`, { port }),
      ...(id === right ? {} : { misconception: mistaken[id] ?? 'time-wait-on-server' }),
    });
    return {
      prompt: phrase(`prompt-${name}`, { port }),
      asked: choiceInOrder(
        [option('client'), option('server'), option('both'), option('neither')],
        right,
      ),
      because: phrase(`right-${name}`, { port }),
    };
  },
};

/** The client's range and the next destination, after a connection that its TIME-WAIT still holds. */
const AFTER: Readonly<
  Record<string, { readonly rangeSize: number; readonly sameServer: boolean }>
> = {
  'same-tuple': { rangeSize: 1, sameServer: true },
  'other-destination': { rangeSize: 1, sameServer: false },
  'other-port': { rangeSize: 3, sameServer: true },
};

/** While the client's TIME-WAIT lasts: does the next connection open? */
export const timeWaitBlocks: Generator = {
  name: 'time-wait-blocks',
  items: () => Object.keys(AFTER).map((name) => item(`time-wait-blocks/${name}`, LESSON, 'theme')),
  draw: (name, random) => {
    const after = AFTER[name];
    if (!after) throw new RangeError(`there is no item "${name}".`);
    const port = oneOf(random, PORTS);
    const low = between(random, 32_768, 60_990);
    const high = low + after.rangeSize - 1;
    const seconds = between(random, 2, 50);
    const other = '10.0.0.20';
    const first = `${SERVER}:${String(port)}`;
    const to = after.sameServer ? first : `${other}:${String(port)}`;
    const world = worldAfter({
      seed: random.uint32(),
      hosts: [
        {
          name: 'client',
          os: 'linux',
          address: CLIENT,
          sysctl: { 'net.ipv4.ip_local_port_range': `${String(low)} ${String(high)}` },
        },
        { name: 'server', os: 'linux', address: SERVER, listen: [{ port }] },
        { name: 'other', os: 'linux', address: other, listen: [{ port }] },
      ],
      actions: [
        { atMs: 0, do: 'connect', from: 'client', to: first, as: 'it' },
        { atMs: 200, do: 'close', connection: 'it', by: 'client' },
        { atMs: 1000 * seconds, do: 'connect', from: 'client', to, as: 'next' },
      ],
      untilMs: 1000 * seconds + 500,
    });
    const isOpen = world.trace.some(
      (event): event is StateEvent =>
        event.event === 'state' &&
        event.connection === 'next' &&
        event.host === 'client' &&
        event.state === 'ESTABLISHED',
    );
    const values = { low, high, to, first, seconds, count: after.rangeSize };
    const words = `${isOpen ? 'works' : 'fails'}-${name}`;
    const option = (id: 'yes' | 'no'): VariantOption => ({
      id,
      label: phrase(id),
      feedback: phrase(words, values),
      ...((id === 'yes') === isOpen
        ? {}
        : { misconception: id === 'no' ? 'time-wait-blocks-port' : 'close-is-the-end' }),
    });
    return {
      prompt: phrase('prompt', values),
      screen: [`net.ipv4.ip_local_port_range = ${String(low)}\t${String(high)}`],
      asked: choiceInOrder([option('yes'), option('no')], isOpen ? 'yes' : 'no'),
      because: phrase(words, values),
    };
  },
};

const MOMENTS: Readonly<
  Record<
    string,
    { readonly side: 'client' | 'server'; readonly answersClose: boolean; readonly atMs: number }
  >
> = {
  'syn-sent': { side: 'client', answersClose: true, atMs: 5 },
  'after-handshake': { side: 'client', answersClose: true, atMs: 100 },
  'closed-and-answered': { side: 'client', answersClose: true, atMs: 400 },
  'closed-not-answered': { side: 'client', answersClose: false, atMs: 400 },
  'other-side-closed': { side: 'server', answersClose: false, atMs: 400 },
};

const STATES = [
  'SYN-SENT',
  'ESTABLISHED',
  'FIN-WAIT-2',
  'CLOSE-WAIT',
  'TIME-WAIT',
  'LAST-ACK',
] as const;

/** In which state is this side after these segments? */
export const stateAfter: Generator = {
  name: 'state-after',
  items: () =>
    Object.keys(MOMENTS).map((name) => item(`state-after/${name}`, LESSON, 'server-mood')),
  draw: (name, random) => {
    const moment = MOMENTS[name];
    if (!moment) throw new RangeError(`there is no item "${name}".`);
    const port = oneOf(random, PORTS);
    const world = conversation({
      random,
      port,
      answersClose: moment.answersClose,
      actions: [{ atMs: 200, do: 'close', connection: 'it', by: 'client' }],
      untilMs: moment.atMs,
    });
    const right = stateOn(world, moment.side);
    const screen = segmentsSent(world)
      .filter(({ bytes }) => bytes === 0)
      .map(({ from, to, flags }) => `${from} → ${to}  ${flags.join(' ')}`);
    const values = { state: right, side: phrase(moment.side), port };
    const mistaken: Readonly<Record<string, string>> = {
      'TIME-WAIT': 'close-waits-at-once',
      'CLOSE-WAIT': 'close-wait-is-mine',
      ESTABLISHED: 'close-wait-is-mine',
    };
    const wrong = someOf(
      random,
      STATES.filter((state) => state !== right),
      3,
    ).map((state): VariantOption => ({
      id: state.toLowerCase(),
      label: state,
      feedback: phrase(`state-${state.toLowerCase()}`),
      ...(mistaken[state] === undefined ? {} : { misconception: mistaken[state] }),
    }));
    return {
      prompt: phrase('prompt', { side: phrase(moment.side) }),
      screen,
      asked: choiceOf(
        random,
        { id: right.toLowerCase(), label: right, feedback: phrase(`right-${name}`, values) },
        wrong,
      ),
      because: phrase(`right-${name}`, values),
    };
  },
};

/** The segments of an opening or a close, in order. */
export const segmentOrder: Generator = {
  name: 'segment-order',
  items: () => [
    item('segment-order/handshake', '30-listening', 'then-waits'),
    item('segment-order/client-closes', LESSON, 'not-one-goodbye'),
    item('segment-order/server-closes', LESSON, 'not-one-goodbye'),
  ],
  draw: (name, random) => {
    const sides: Readonly<Record<string, 'client' | 'server' | null>> = {
      handshake: null,
      'client-closes': 'client',
      'server-closes': 'server',
    };
    const by = sides[name];
    if (by === undefined) throw new RangeError(`there is no item "${name}".`);
    const port = oneOf(random, PORTS);
    const world = worldAfter({
      seed: random.uint32(),
      latencyMs: 10,
      hosts: [
        { name: 'client', os: 'linux', address: CLIENT },
        { name: 'server', os: 'linux', address: SERVER, listen: [{ port }] },
      ],
      actions: [
        {
          atMs: 0,
          do: 'connect',
          from: 'client',
          to: `${SERVER}:${String(port)}`,
          request: 0,
          as: 'it',
        },
        ...(by === null ? [] : [{ atMs: 200, do: 'close', connection: 'it', by }]),
      ],
      untilMs: by === null ? 150 : 1000,
    });
    const wanted = segmentsSent(world).filter(({ atMs }) =>
      by === null ? atMs < 150 : atMs >= 200,
    );
    const client =
      wanted[0]?.from.startsWith(CLIENT) === true ? wanted[0].from : (wanted[0]?.to ?? '');
    const items = wanted.map(({ from, flags }, place): VariantOption => {
      const side = from === client ? 'client' : 'server';
      return {
        id: `${side}-${flags.join('-').toLowerCase()}-${String(place)}`,
        label: phrase('segment', { side: phrase(side), flags: flags.join(' ') }),
        feedback: phrase(`step-${flags.join('-').toLowerCase()}`),
      };
    });
    return {
      prompt: phrase(`prompt-${name}`, { port }),
      asked: orderOf(random, items),
      because: phrase(`right-${name}`, { count: items.length }),
    };
  },
};

const LENGTHS = ['linux', 'freebsd', 'macos'] as const;

/** How long does TIME-WAIT last on this system? */
export const timeWaitLength: Generator = {
  name: 'time-wait-length',
  items: () => LENGTHS.map((os) => item(`time-wait-length/${os}`, LESSON, 'sixty')),
  draw: (name) => {
    const profile = profileOf(name);
    if (!profile || !(LENGTHS as readonly string[]).includes(name)) {
      throw new RangeError(`there is no item "${name}".`);
    }
    const seconds = timersOf(profile).timeWaitMs / 1000;
    const values = { seconds, system: { system: name } };
    return {
      prompt: phrase('prompt', { system: { system: name } }),
      asked: {
        kind: 'number',
        answer: seconds,
        traps: [240, 120, 60, 30]
          .filter((value) => value !== seconds)
          .map((value) => ({ value, feedback: phrase('other', { ...values, value }) })),
      },
      because: phrase('right', values),
    };
  },
};
