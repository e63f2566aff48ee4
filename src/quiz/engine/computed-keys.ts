/**
 * Answers that the engine works out, so that no question repeats a number the engine knows. An author
 * writes `answer: { compute: range-size, os: linux }`; the site computes it while it is built and the
 * page gets the result alone. Numbers of an operating system are read off its profile, which names
 * their sources.
 */

import { profileOf, profiles, timersOf } from '../../network/os-profiles/profiles.ts';
import type { OsProfile } from '../../network/os-profiles/profile.ts';
import { portRanges, rangeOf, type PortRange } from '../../network/port-ranges.ts';
import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { SysctlTable } from '../../network/sysctl/sysctl-table.ts';
import type { SegmentEvent } from '../../network/trace/trace.ts';
import { World } from '../../network/world.ts';
import { listeningKeys } from './listening-keys.ts';
import { seenFromOutside } from './seen-from-outside.ts';

export type ComputedAnswer = number | string | readonly string[] | Readonly<Record<string, string>>;
type Params = Readonly<Record<string, unknown>>;

export const computedKeys = {
  /** How many ports a range holds. `os`: a profile's automatic range; or `range`: one of IANA's three. */
  'range-size': (params: Params): number => {
    const { low, high } = bounds(params);
    return high - low + 1;
  },
  /** A range's first port. Parameters as above. */
  'range-low': (params: Params): number => bounds(params).low,
  /** A range's last port. Parameters as above. */
  'range-high': (params: Params): number => bounds(params).high,
  /** The range a port belongs to; the options' ids are the ranges. `port`: 0–65535. */
  'range-of': (params: Params): PortRange => rangeOf(port(params, 'port')),
  /** Whether a system may pick a port by itself: the options' ids are `yes` and `no`. `os`, `port`. */
  'may-pick': (params: Params): string => {
    const { low, high } = bounds(params);
    const asked = port(params, 'port');
    return asked >= low && asked <= high ? 'yes' : 'no';
  },
  /** The systems among `among` (profiles' ids) that may pick a port by themselves. `port`. */
  'systems-that-pick': (params: Params): readonly string[] => {
    const asked = port(params, 'port');
    return among(params).filter((os) => {
      const { low, high } = bounds({ os });
      return asked >= low && asked <= high;
    });
  },
  /** The systems `among`, smallest range first; no two may have equally many ports. */
  'systems-by-range-size': (params: Params): readonly string[] => {
    const sized = among(params)
      .map((os) => ({ os, size: bounds({ os }).high - bounds({ os }).low }))
      .toSorted((a, b) => a.size - b.size);
    if (new Set(sized.map(({ size }) => size)).size < sized.length) {
      throw new RangeError('two of these systems have ranges of the same size.');
    }
    return sized.map(({ os }) => os);
  },
  /** The first port that needs no privilege, with the settings untouched. `os`. */
  'first-unprivileged': (params: Params): number => {
    const profile = system(params);
    return profile.portSettings(new SysctlTable(profile.settings), 'tcp').firstUnprivileged;
  },
  /** Seconds that the side that closed first stays in TIME-WAIT. `os`. */
  'time-wait-seconds': (params: Params): number => timersOf(system(params)).timeWaitMs / 1000,
  /**
   * Connections a second that one address can open to one destination for ever, when it closes first
   * and nothing is reused: range ÷ TIME-WAIT, rounded down. `os`.
   */
  'connects-per-second': (params: Params): number => {
    const { low, high } = bounds(params);
    return Math.floor(((high - low + 1) * 1000) / timersOf(system(params)).timeWaitMs);
  },
  /**
   * The port where Linux's walk for connect() ends when it starts inside the block `low`–`high` of
   * reserved ports: the first one after it of the range's own parity. `os`, `low`, `high`.
   */
  'port-after-block': (params: Params): number => {
    const range = bounds(params);
    const [low, high] = [port(params, 'low'), port(params, 'high')];
    if (low > high || low < range.low || high + 2 > range.high) {
      throw new RangeError('"low" and "high" are a block inside the range, with room after it.');
    }
    const next = high + 1;
    return (next - range.low) % 2 === 0 ? next : next + 1;
  },
  /**
   * The source or destination port of the first segment that comes back in a scenario. `scenario`: the
   * scenario itself, as in its file; `side`: source or destination.
   */
  'reply-port': (params: Params): number => {
    const world = new World(parseScenario(params['scenario']));
    world.runToEnd();
    const segments = world.trace.filter(
      (event): event is SegmentEvent => event.event === 'segment' && event.phase === 'sent',
    );
    const first = segments[0];
    const reply = segments.find(({ from, to }) => from === first?.to && to === first.from);
    if (!reply) throw new RangeError('nothing comes back in this scenario.');
    return Number((params['side'] === 'source' ? reply.from : reply.to).split(':').at(-1));
  },
  /**
   * What a caller finds at a server: open, closed or filtered. `listen` and `firewall` as of a
   * scenario's host (no `firewall`: none); `port`: one, for a choice; or `ports`: by the ids of a match.
   */
  'seen-from-outside': (params: Params): string | Readonly<Record<string, string>> => {
    const { ports } = params;
    if (typeof ports !== 'object' || ports === null) {
      const [found = ''] = seenFromOutside(params['listen'], params['firewall'], [
        port(params, 'port'),
      ]);
      return found;
    }
    const asked = new Map(Object.keys(ports).map((id) => [id, port({ ...ports }, id)] as const));
    const found = seenFromOutside(params['listen'], params['firewall'], [...asked.values()]);
    return Object.fromEntries([...asked.keys()].map((id, index) => [id, found[index] ?? '']));
  },
  ...listeningKeys,
} as const satisfies Readonly<Record<string, (params: Params) => ComputedAnswer>>;

type ComputedKeyName = keyof typeof computedKeys;

const isName = (name: string): name is ComputedKeyName => Object.hasOwn(computedKeys, name);

/** @throws RangeError naming the parameter, or the names there are, where the answer cannot be had. */
export function computeAnswer(name: string, params: Params): ComputedAnswer {
  if (!isName(name)) {
    throw new RangeError(
      `there is no computed key "${name}". Use one of: ${Object.keys(computedKeys).join(', ')}.`,
    );
  }
  return computedKeys[name](params);
}

function port(params: Params, name: string): number {
  const value = params[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65535) {
    return value;
  }
  throw new RangeError(`"${name}" is missing or no port: write ${name}: 8080.`);
}

function among(params: Params): readonly string[] {
  const list: unknown = params['among'];
  if (Array.isArray(list) && list.length > 0) return list.map(String);
  throw new RangeError('"among" is a list of systems: write among: [linux, windows].');
}

function system(params: Params): OsProfile {
  const profile = profileOf(String(params['os']));
  if (profile) return profile;
  throw new RangeError(`"os" is one of ${profiles.map(({ id }) => id).join(', ')}.`);
}

/** The bounds of an IANA range or, with its settings untouched, of a system's automatic range for TCP. */
function bounds(params: Params): { readonly low: number; readonly high: number } {
  if (!('range' in params)) {
    const profile = system(params);
    return profile.portSettings(new SysctlTable(profile.settings), 'tcp');
  }
  const found = portRanges.find(({ range }) => range === params['range']);
  if (found) return found;
  throw new RangeError(`"range" is one of ${portRanges.map(({ range }) => range).join(', ')}.`);
}
