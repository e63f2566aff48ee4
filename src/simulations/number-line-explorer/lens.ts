/** The lens of the explorer, pure: which window of ports is magnified around a chosen one. */

import { highestPort, portRanges } from '../../network/port-ranges.ts';

/** How many ports the lens shows, widest first; the last lets single ports be told apart. */
export const LENS_WIDTHS = [65536, 16384, 4096, 1024, 128, 32] as const;

/** The window of `width` ports around `port`, kept on the line. Inclusive. */
export function lensAround(port: number, width: number): readonly [low: number, high: number] {
  const low = Math.min(Math.max(0, port - Math.floor(width / 2)), highestPort + 1 - width);
  return [low, low + width - 1];
}

/** Round numbers inside a window, at most about eight, for its scale. */
export function lensTicks(low: number, high: number): readonly number[] {
  const span = high - low + 1;
  const rough = span / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(
    1,
    [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? power,
  );
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high; tick += step) ticks.push(tick);
  return ticks;
}

/** The keys that walk: one port, or to the beginning of a range. */
export function portAfterKey(port: number, key: string, bigStep: number): number | null {
  const clamp = (value: number): number => Math.min(highestPort, Math.max(0, value));
  const marks = [...portRanges.map(({ low }) => low), highestPort];
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return clamp(port - 1);
    case 'ArrowRight':
    case 'ArrowUp':
      return clamp(port + 1);
    case 'PageUp':
      return clamp(port + bigStep);
    case 'PageDown':
      return clamp(port - bigStep);
    case 'Home':
      return marks.findLast((mark) => mark < port) ?? 0;
    case 'End':
      return marks.find((mark) => mark > port) ?? highestPort;
    default:
      return null;
  }
}

/** A famous port and its place on the lens, 0–1. */
export interface Mark {
  readonly port: number;
  readonly position: number;
}

/**
 * The marks whose names are written, so that no two are in each other's way.
 * @param marks in the order of their places.
 * @param gap the least distance between two names, as a share of the line.
 * @param chosen its own name goes before all others.
 */
export function namedMarks(marks: readonly Mark[], gap: number, chosen: number): readonly Mark[] {
  const named: Mark[] = [];
  for (const mark of [...marks.filter(({ port }) => port === chosen), ...marks]) {
    if (named.every(({ position }) => Math.abs(position - mark.position) >= gap)) named.push(mark);
  }
  return named;
}

/** The famous port that a hand means which points within `reach` of it; null where there is none. */
export function markNear(marks: readonly Mark[], position: number, reach: number): number | null {
  const [nearest] = marks
    .map((mark) => ({ ...mark, distance: Math.abs(mark.position - position) }))
    .filter(({ distance }) => distance <= reach)
    .sort((a, b) => a.distance - b.distance);
  return nearest?.port ?? null;
}
