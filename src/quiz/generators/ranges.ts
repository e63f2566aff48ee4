/** Questions about ranges: the three of IANA, and those that systems choose from by themselves. */

import { profileOf } from '../../network/os-profiles/profiles.ts';
import { portRanges, rangeOf } from '../../network/port-ranges.ts';
import { SysctlTable } from '../../network/sysctl/sysctl-table.ts';
import type { Random } from '../../time-and-chance/random.ts';
import { between, choiceInOrder, choiceOf, item, oneOf, phrase, someOf } from './drawing.ts';
import type { Generator, NumberTrap, VariantOption } from './variant.ts';

/** Systems whose ranges the course teaches. */
const SYSTEMS = ['linux', 'windows', 'macos', 'freebsd', 'openbsd'] as const;
type System = (typeof SYSTEMS)[number];

/** The bounds within which a system chooses by itself, with its settings untouched, for TCP. */
function boundsOf(system: string): { readonly low: number; readonly high: number } {
  const profile = profileOf(system);
  if (!profile) throw new RangeError(`there is no system "${system}".`);
  return profile.portSettings(new SysctlTable(profile.settings), 'tcp');
}

function isSystem(name: string): name is System {
  return (SYSTEMS as readonly string[]).includes(name);
}

/** Each item draws its ports from one place; the edges are where people slip. */
const RANGE_ITEMS: Readonly<Record<string, (random: Random) => number>> = {
  'well-known': (random) => between(random, 1, 1022),
  registered: (random) => between(random, 1026, 49_149),
  dynamic: (random) => between(random, 49_154, 65_534),
  'lower-edge': (random) => oneOf(random, [1023, 1024]),
  'upper-edge': (random) => oneOf(random, [49_151, 49_152]),
};

/** In which of IANA's ranges does a port lie? */
export const rangeOfPort: Generator = {
  name: 'range-of-port',
  items: () =>
    Object.keys(RANGE_ITEMS).map((name) =>
      item(
        `range-of-port/${name}`,
        name === 'well-known' || name === 'lower-edge'
          ? '20-well-known-ports'
          : '50-ephemeral-ports',
        name === 'well-known' || name === 'lower-edge' ? 'zero-to-1023' : 'the-map',
      ),
    ),
  draw: (name, random) => {
    const drawPort = RANGE_ITEMS[name];
    if (!drawPort) throw new RangeError(`there is no item "${name}".`);
    const port = drawPort(random);
    const right = rangeOf(port);
    const options = portRanges.map(({ range, low, high }): VariantOption => {
      const isRight = range === right;
      return {
        id: range,
        label: phrase(range),
        feedback: phrase(isRight ? 'right' : 'wrong', { port, range: phrase(range), low, high }),
      };
    });
    const found = portRanges.find(({ range }) => range === right);
    return {
      prompt: phrase('prompt', { port }),
      asked: choiceInOrder(options, right),
      because: phrase('right', {
        port,
        range: phrase(right),
        low: found?.low ?? 0,
        high: found?.high ?? 0,
      }),
    };
  },
};

/** May this system choose this port by itself, with its settings untouched? */
export const mayPick: Generator = {
  name: 'may-pick',
  items: () =>
    SYSTEMS.map((system) => item(`may-pick/${system}`, '60-whose-range', 'all-different')),
  draw: (name, random) => {
    if (!isSystem(name)) throw new RangeError(`there is no item "${name}".`);
    const { low, high } = boundsOf(name);
    // The edges of this range and of others', where a wrong picture shows.
    const edges = [32_767, 32_768, 60_999, 61_000, 49_151, 49_152, 10_000, 9999, 1024, low, high];
    const port = random.below(3) === 0 ? between(random, 1024, 65_535) : oneOf(random, edges);
    const isInside = port >= low && port <= high;
    const isInDynamic = port >= 49_152;
    const values = { port, system: { system: name }, low, high };
    const wrongThinks =
      isInside === isInDynamic
        ? {}
        : { misconception: isInside ? 'registered-never-ephemeral' : 'ephemeral-is-49152' };
    return {
      prompt: phrase('prompt', values),
      asked: choiceInOrder(
        [
          {
            id: 'yes',
            label: phrase('yes'),
            feedback: phrase(isInside ? 'inside' : 'outside', values),
            ...(isInside ? {} : wrongThinks),
          },
          {
            id: 'no',
            label: phrase('no'),
            feedback: phrase(isInside ? 'inside' : 'outside', values),
            ...(isInside ? wrongThinks : {}),
          },
        ],
        isInside ? 'yes' : 'no',
      ),
      because: phrase(isInside ? 'inside' : 'outside', values),
    };
  },
};

/** Ranges that administrators really set, besides the default. */
const SET_RANGES: readonly (readonly [low: number, high: number])[] = [
  [32_768, 60_999],
  [49_152, 65_535],
  [1024, 65_535],
  [10_000, 65_535],
  [15_000, 61_000],
  [20_000, 29_999],
  [40_000, 40_099],
  [50_000, 50_999],
];

/** How many ports does a range hold? */
export const rangeSize: Generator = {
  name: 'range-size',
  items: () => [
    item('range-size/count', '60-whose-range', 'look-at-chart'),
    item('range-size/without-reserved', '80-linux-lab-reserved', 'reserved-ports'),
  ],
  draw: (name, random) => {
    const [low, high] = oneOf(random, SET_RANGES);
    const size = high - low + 1;
    const screen = [`net.ipv4.ip_local_port_range = ${String(low)}\t${String(high)}`];
    const trap = (value: number, words: string): NumberTrap => ({
      value,
      feedback: phrase(words, { low, high, size }),
    });
    if (name === 'count') {
      return {
        prompt: phrase('count'),
        screen,
        asked: {
          kind: 'number',
          answer: size,
          traps: [trap(size - 1, 'one-less'), trap(65_535, 'all-ports'), trap(65_536, 'all-ports')],
        },
        because: phrase('counted', { low, high, size }),
      };
    }
    if (name !== 'without-reserved') throw new RangeError(`there is no item "${name}".`);
    const reservedLow = between(random, low + 1, high - 10);
    const reservedHigh = between(random, reservedLow + 3, Math.min(high, reservedLow + 400));
    const reserved = reservedHigh - reservedLow + 1;
    const outside = between(random, 1, Math.max(1, low - 1));
    const list = `${String(outside)},${String(reservedLow)}-${String(reservedHigh)}`;
    const values = { low, high, size, reserved, left: size - reserved, outside };
    return {
      prompt: phrase('left'),
      screen: [...screen, `net.ipv4.ip_local_reserved_ports = ${list}`],
      asked: {
        kind: 'number',
        answer: size - reserved,
        traps: [
          { value: size - reserved - 1, feedback: phrase('counts-outside', values) },
          { value: size - reserved + 1, feedback: phrase('block-one-less', values) },
          { value: size, feedback: phrase('none-taken', values) },
        ],
      },
      because: phrase('left-counted', values),
    };
  },
};

/** Which range does a system choose from, untouched? */
export const systemsRange: Generator = {
  name: 'systems-range',
  items: () =>
    SYSTEMS.map((system) => item(`systems-range/${system}`, '60-whose-range', 'ranges-compared')),
  draw: (name, random) => {
    if (!isSystem(name)) throw new RangeError(`there is no item "${name}".`);
    const written = (system: string): string => {
      const { low, high } = boundsOf(system);
      return `${String(low)}–${String(high)}`;
    };
    const right = written(name);
    const wrong = new Map<string, VariantOption>();
    for (const other of SYSTEMS) {
      const range = written(other);
      if (range === right || wrong.has(range)) continue;
      wrong.set(range, {
        id: range,
        label: range,
        feedback: phrase('other', { range, system: { system: other } }),
        ...(range === '49152–65535' ? { misconception: 'ephemeral-is-49152' } : {}),
      });
    }
    if (right !== '32768–61000') {
      wrong.set('32768–61000', {
        id: '32768–61000',
        label: '32768–61000',
        feedback: phrase('old-linux'),
        misconception: 'linux-ends-61000',
      });
    }
    const values = { range: right, system: { system: name } };
    return {
      prompt: phrase('prompt', { system: { system: name } }),
      asked: choiceOf(
        random,
        { id: right, label: right, feedback: phrase('right', values) },
        someOf(random, [...wrong.values()], 3),
      ),
      because: phrase('right', values),
    };
  },
};
