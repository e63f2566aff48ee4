/**
 * Where a port is on a drawn number line, and which port is at a place: to scale (every port
 * equally wide; 0–1023 is then one and a half percent), with three equal parts (each range a third),
 * or a window of the line to scale. Positions are fractions of the line's width, 0–1, so that they
 * serve SVG percentages, pixels and canvas alike. Drawing is left to the views.
 */

import {
  highestPort,
  portRanges,
  rangeOf,
  type PortRange,
  type PortRangeBounds,
} from '../network/port-ranges.ts';

/** One stretch of ports drawn evenly over one stretch of the line. */
interface Stretch {
  readonly low: number;
  /** Inclusive. */
  readonly high: number;
  readonly from: number;
  readonly to: number;
}

/** A scale is its stretches, ascending, without gaps in ports or places. */
export interface NumberLineScale {
  readonly stretches: readonly Stretch[];
}

export interface Span {
  /** 0–1 */
  readonly from: number;
  /** 0–1 */
  readonly to: number;
}

/** All ports, or the window `low`–`high` of them (inclusive), each equally wide. */
export function scaleTrue(low = 0, high: number = highestPort): NumberLineScale {
  if (!(low >= 0 && high >= low && high <= highestPort)) {
    throw new RangeError(`not a stretch of ports: ${low}–${high}`);
  }
  return { stretches: [{ low, high, from: 0, to: 1 }] };
}

/** Each of the three ranges on one third of the line. Not to scale: say so beside it. */
export const scaleEqualParts: NumberLineScale = {
  stretches: portRanges.map(({ low, high }, index) => ({
    low,
    high,
    from: index / portRanges.length,
    to: (index + 1) / portRanges.length,
  })),
};

const first = (scale: NumberLineScale) => scale.stretches[0]?.low ?? 0;
const last = (scale: NumberLineScale) => scale.stretches.at(-1)?.high ?? highestPort;

/** The left edge of a port's own width; `port` may be one past the last, for the right end. */
function edgeOf(scale: NumberLineScale, port: number): number {
  for (const { low, high, from, to } of scale.stretches) {
    if (port <= high) return from + ((port - low) / (high - low + 1)) * (to - from);
  }
  return 1;
}

/** The middle of a port's width. Ports outside the scale's window give null. */
export function positionOfPort(scale: NumberLineScale, port: number): number | null {
  if (port < first(scale) || port > last(scale)) return null;
  return (edgeOf(scale, port) + edgeOf(scale, port + 1)) / 2;
}

/** From the left edge of `low` to the right edge of `high`, cut to the window; null if outside it. */
export function spanOfPorts(scale: NumberLineScale, low: number, high: number): Span | null {
  const from = Math.max(low, first(scale));
  const to = Math.min(high, last(scale));
  return from > to ? null : { from: edgeOf(scale, from), to: edgeOf(scale, to + 1) };
}

/** The port whose width holds `position`; places beyond the ends give the first or last port. */
export function portAtPosition(scale: NumberLineScale, position: number): number {
  const clamped = Math.min(Math.max(position, 0), 1);
  const stretch = scale.stretches.find(({ to }) => clamped < to) ?? scale.stretches.at(-1);
  if (stretch === undefined) return 0;
  const { low, high, from, to } = stretch;
  const inside = Math.floor(((clamped - from) / (to - from)) * (high - low + 1));
  return Math.min(low + inside, high);
}

/** The three ranges as far as the window shows them, with their spans. */
export function rangeSpans(scale: NumberLineScale): readonly (PortRangeBounds & Span)[] {
  return portRanges.flatMap((bounds) => {
    const span = spanOfPorts(scale, bounds.low, bounds.high);
    return span === null ? [] : [{ ...bounds, ...span }];
  });
}

export interface PlacedPort {
  readonly port: number;
  readonly range: PortRange;
  /** 0–1 */
  readonly position: number;
}

/** The ports that the window shows, ascending, each with its place and range. */
export function placePorts(scale: NumberLineScale, ports: readonly number[]): PlacedPort[] {
  return [...new Set(ports)]
    .sort((a, b) => a - b)
    .flatMap((port) => {
      const position = positionOfPort(scale, port);
      return position === null ? [] : [{ port, range: rangeOf(port), position }];
    });
}

/**
 * How many of `ports` fall in each of `bins` equal stretches of the line: what a view draws when
 * marks would run into one another.
 */
export function densityOfPorts(
  scale: NumberLineScale,
  ports: Iterable<number>,
  bins: number,
): Uint32Array {
  const counts = new Uint32Array(bins);
  for (const port of ports) {
    const position = positionOfPort(scale, port);
    if (position === null) continue;
    const bin = Math.min(Math.floor(position * bins), bins - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}
