/** Questions about how Linux chooses a port by itself: parity, reserved blocks, running out. */

import type { PortChosenEvent } from '../../network/trace/trace.ts';
import type { Random } from '../../time-and-chance/random.ts';
import { between, choiceInOrder, choiceOf, item, oneOf, phrase } from './drawing.ts';
import { worldAfter } from './small-world.ts';
import type { Generator, NumberTrap, VariantOption } from './variant.ts';

const SERVER = '10.0.0.10';

interface Setting {
  readonly random: Random;
  readonly range: string;
  readonly reserved?: string;
  readonly actions: readonly Readonly<Record<string, unknown>>[];
}

/** The automatic ports that a Linux client is given in a world of its own. */
function portsChosen({ random, range, reserved, actions }: Setting): readonly number[] {
  const world = worldAfter({
    seed: random.uint32(),
    hosts: [
      {
        name: 'client',
        os: 'linux',
        address: '10.0.0.2',
        sysctl: {
          'net.ipv4.ip_local_port_range': range,
          ...(reserved === undefined ? {} : { 'net.ipv4.ip_local_reserved_ports': reserved }),
        },
      },
      { name: 'server', os: 'linux', address: SERVER, listen: [{ port: 443 }] },
    ],
    actions,
    untilMs: 5000,
  });
  return world.trace
    .filter((event): event is PortChosenEvent => event.event === 'port-chosen')
    .map(({ port }) => port);
}

const connectTimes = (count: number) => [
  { atMs: 0, do: 'connect', from: 'client', to: `${SERVER}:443`, count, as: 'it' },
];

const PARITY_ITEMS: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  connect: connectTimes(1),
  'bind-zero': [{ atMs: 0, do: 'bind', host: 'client', protocol: 'tcp', port: 0, as: 'it' }],
};

/** Is the first automatic port even or odd? */
export const firstParity: Generator = {
  name: 'first-parity',
  items: () =>
    Object.keys(PARITY_ITEMS).map((name) =>
      item(`first-parity/${name}`, '90-how-the-choice-is-made', 'two-passes'),
    ),
  draw: (name, random) => {
    const actions = PARITY_ITEMS[name];
    if (!actions) throw new RangeError(`there is no item "${name}".`);
    const low = oneOf(random, [32_768, 20_000, 40_001, 49_152, 10_001, 30_005]);
    const high = low + 999;
    const range = `${String(low)} ${String(high)}`;
    const ports = new Set(
      Array.from({ length: 12 }, (_, round) =>
        portsChosen({ random: random.fork(String(round)), range, actions }).map((port) => port % 2),
      ).flat(),
    );
    const [parity] = ports;
    if (parity === undefined || ports.size !== 1) {
      throw new RangeError('an almost empty range gave ports of both kinds.');
    }
    const right = parity === 0 ? 'even' : 'odd';
    const values = { low, high, parity: phrase(`ports-${right}`) };
    const option = (id: 'even' | 'odd' | 'either'): VariantOption => ({
      id,
      label: phrase(id),
      feedback: phrase(
        id === right ? `right-${name}` : id === 'either' ? 'wrong-either' : `wrong-${name}`,
        values,
      ),
      ...(id === right
        ? {}
        : { misconception: id === 'either' ? 'half-are-odd' : 'connect-equals-bind0' }),
    });
    return {
      prompt: phrase(`prompt-${name}`, values),
      screen: [`net.ipv4.ip_local_port_range = ${String(low)}\t${String(high)}`],
      asked: choiceInOrder([option('even'), option('odd'), option('either')], right),
      because: phrase(`right-${name}`, values),
    };
  },
};

/** Where the other parity begins: how many connections to one destination get ports of the first kind. */
export const parityTurn: Generator = {
  name: 'parity-turn',
  items: () => [item('parity-turn/count', '90-how-the-choice-is-made', 'two-passes')],
  draw: (name, random) => {
    if (name !== 'count') throw new RangeError(`there is no item "${name}".`);
    const size = 2 * between(random, 10, 40);
    const low = 2 * between(random, 10_000, 25_000);
    const high = low + size - 1;
    const ports = portsChosen({
      random,
      range: `${String(low)} ${String(high)}`,
      actions: connectTimes(size),
    });
    const evens = ports.findIndex((port) => port % 2 !== low % 2);
    if (evens < 0) throw new RangeError('the other parity never came.');
    const values = { low, high, size, half: evens };
    return {
      prompt: phrase('prompt', values),
      screen: [`net.ipv4.ip_local_port_range = ${String(low)}\t${String(high)}`],
      asked: {
        kind: 'number',
        answer: evens,
        traps: [
          { value: 0, feedback: phrase('mixed', values), misconception: 'half-are-odd' },
          { value: 1, feedback: phrase('mixed', values), misconception: 'half-are-odd' },
          { value: size, feedback: phrase('never', values) },
        ].filter(({ value }) => value !== evens),
      },
      because: phrase('right', values),
    };
  },
};

/** The lowest port left above a reserved block that reaches from the range's beginning. */
export const afterReservedBlock: Generator = {
  name: 'after-reserved-block',
  items: () => [
    item('after-reserved-block/first', '80-linux-lab-reserved', 'out-of-the-block'),
    item('after-reserved-block/bind', '80-linux-lab-reserved', 'automatic-only'),
  ],
  draw: (name, random) => {
    const low = 2 * between(random, 10_000, 25_000);
    const high = low + 2 * between(random, 2000, 5000) + 1;
    // All of the range but a few ports at its end, as in the memo of the course.
    const blockEnd = high - 2 * between(random, 3, 9) - random.below(2);
    const range = `${String(low)} ${String(high)}`;
    const reserved = `${String(low)}-${String(blockEnd)}`;
    const screen = [
      `net.ipv4.ip_local_port_range = ${String(low)}\t${String(high)}`,
      `net.ipv4.ip_local_reserved_ports = ${reserved}`,
    ];
    if (name === 'bind') {
      const port = between(random, low, blockEnd);
      const values = { port, low, end: blockEnd };
      return {
        prompt: phrase('prompt-bind', values),
        screen,
        asked: choiceInOrder(
          [
            { id: 'works', label: phrase('works'), feedback: phrase('right-bind', values) },
            {
              id: 'refused',
              label: phrase('refused'),
              feedback: phrase('right-bind', values),
              misconception: 'reserved-cannot-bind',
            },
            {
              id: 'root',
              label: phrase('root'),
              feedback: phrase('right-bind', values),
              misconception: 'reserved-cannot-bind',
            },
          ],
          explicitBindWorks({ random, range, reserved, port }) ? 'works' : 'refused',
        ),
        because: phrase('right-bind', values),
      };
    }
    if (name !== 'first') throw new RangeError(`there is no item "${name}".`);
    const right = firstOf({ random, range, reserved });
    const values = { low, end: blockEnd, next: blockEnd + 1, port: right };
    const ownParity = right === blockEnd + 1;
    const wrong: VariantOption[] = [
      {
        id: 'inside',
        label: phrase('port', { port: low + 2 * between(random, 1, 900) }),
        feedback: phrase('inside', values),
        misconception: 'reserved-has-no-effect',
      },
      {
        id: 'other-parity',
        label: phrase('port', { port: ownParity ? right + 1 : right - 1 }),
        feedback: phrase('other-parity', values),
        misconception: 'linux-next-plus-one',
      },
      {
        id: 'dynamic',
        label: phrase('spread'),
        feedback: phrase('spread-wrong', values),
        misconception: 'reserved-spread-evenly',
      },
    ];
    return {
      prompt: phrase('prompt', values),
      screen,
      asked: choiceOf(
        random,
        {
          id: 'first-left',
          label: phrase('port', { port: right }),
          feedback: phrase('right', values),
        },
        wrong,
      ),
      because: phrase('right', values),
    };
  },
};

/** The port that most first connections get; they are drawn often enough that there is no doubt. */
function firstOf({ random, range, reserved }: Omit<Setting, 'actions'>): number {
  const counts = new Map<number, number>();
  for (let round = 0; round < 15; round++) {
    const [port] = portsChosen({
      random: random.fork(`walk-${String(round)}`),
      range,
      ...(reserved === undefined ? {} : { reserved }),
      actions: connectTimes(1),
    });
    if (port !== undefined) counts.set(port, (counts.get(port) ?? 0) + 1);
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1]);
  if (!most || most[1] < 8) throw new RangeError('no port comes up in most runs.');
  return most[0];
}

function explicitBindWorks({
  random,
  range,
  reserved,
  port,
}: {
  readonly random: Random;
  readonly range: string;
  readonly reserved: string;
  readonly port: number;
}): boolean {
  const world = worldAfter({
    seed: random.uint32(),
    hosts: [
      {
        name: 'client',
        os: 'linux',
        address: '10.0.0.2',
        sysctl: {
          'net.ipv4.ip_local_port_range': range,
          'net.ipv4.ip_local_reserved_ports': reserved,
        },
      },
    ],
    actions: [{ atMs: 0, do: 'bind', host: 'client', protocol: 'tcp', port, as: 'it' }],
    untilMs: 10,
  });
  return !world.trace.some(({ event }) => event === 'error');
}

/** How many connections a second to one destination a range can sustain. */
export const sustainedRate: Generator = {
  name: 'sustained-rate',
  items: () => [
    item('sustained-rate/range', '110-when-ports-run-out', 'your-sum'),
    item('sustained-rate/seconds', '110-when-ports-run-out', 'your-sum'),
  ],
  draw: (name, random) => {
    const rate = between(random, 2, 40) * 10;
    const rest = between(random, 0, 59);
    const size = rate * 60 + rest;
    const low = between(random, 12_000, 60_000 - size);
    const high = low + size - 1;
    const screen = [`net.ipv4.ip_local_port_range = ${String(low)}\t${String(high)}`];
    const values = { size, rate, low, high };
    if (name === 'range') {
      const trap = (value: number, words: string): NumberTrap => ({
        value,
        feedback: phrase(words, values),
        misconception: words === 'all' ? 'client-limit-65535' : 'time-wait-costs-nothing',
      });
      return {
        prompt: phrase('prompt-range'),
        screen,
        asked: {
          kind: 'number',
          answer: Math.floor(size / 60),
          traps: [trap(size, 'whole'), trap(Math.floor(65_535 / 60), 'all')],
        },
        because: phrase('right-range', values),
      };
    }
    if (name !== 'seconds') throw new RangeError(`there is no item "${name}".`);
    // Faster than the range can sustain, and used up before the first TIME-WAIT ends.
    const perSecond = rate * between(random, 2, 9);
    const after = Math.floor(size / perSecond);
    return {
      prompt: phrase('prompt-seconds', { ...values, perSecond }),
      screen,
      asked: {
        kind: 'number',
        answer: after,
        traps: [{ value: 60, feedback: phrase('sixty', { ...values, perSecond, after }) }].filter(
          ({ value }) => value !== after,
        ),
      },
      because: phrase('right-seconds', { ...values, perSecond, after }),
    };
  },
};
