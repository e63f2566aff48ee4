/**
 * The traditional choice of BSD (RFC 6056 §2.2): one counter for the whole host that goes through the
 * range and starts again at its end. The next port is as good as known. macOS does so for TCP to this
 * day (upwards), NetBSD by default (downwards).
 */

import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import { selectFrom } from './algorithm.ts';
import type { Obstacles } from './obstacles.ts';
import { downwards, upwards } from './round-the-range.ts';

export interface TraditionalParameters {
  readonly direction: 'up' | 'down';
  /** The first port ever given, where it is not the range's first in that direction. */
  readonly first?: (low: number, high: number) => number;
}

export function createTraditional({ direction, first }: TraditionalParameters): PortAlgorithm {
  /** The port given last. */
  let last: number | null = null;
  return {
    id: `traditional-${direction}`,
    rotation: 0,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const isUp = direction === 'up';
      const beginning = isUp ? low : high;
      const next = last === null ? (first?.(low, high) ?? beginning) : last + (isUp ? 1 : -1);
      const start = next < low || next > high ? beginning : next;
      const runs = isUp ? upwards(low, high, start) : downwards(low, high, start);
      const found = selectFrom(this.id, request, runs, obstacles);
      if (found.port >= 0) last = found.port;
      return found;
    },
  };
}
