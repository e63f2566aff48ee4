/**
 * Virtual time as a learner watches it. While something travels, every millisecond counts; sixty
 * seconds of TIME-WAIT without an event are shown as a short stretch. `shown` milliseconds are
 * virtual milliseconds with the quiet gaps shortened; the scrubber and slow motion run on them.
 *
 * Leaves out: nothing of the trace. Every event keeps its place and its order.
 */

import type { TraceEvent } from '../network/trace/trace.ts';
import type { SpeedId } from './speeds.ts';

interface QuietGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly shownFrom: number;
  readonly shownLength: number;
}

export interface Timeline {
  /** The moment of the last event, in virtual milliseconds. */
  readonly endMs: number;
  readonly shownEnd: number;
  toShown(ms: number): number;
  toVirtual(shown: number): number;
  /** The next or previous moment worth standing at: an event, or the middle of a flight. */
  next(ms: number): number | null;
  previous(ms: number): number | null;
}

const TOLERANCE_MS = 1e-6;

/** Index of the first value greater than `ms`. */
function firstAfter(values: ArrayLike<number>, ms: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The moments of the events, each once. */
function momentsOf(trace: readonly TraceEvent[]): number[] {
  const events: number[] = [0];
  let last = 0;
  for (const { atMs } of trace) {
    if (atMs <= last) continue;
    events.push(atMs);
    last = atMs;
  }
  return events;
}

/** The moments of the events and the middles of the flights, each once. */
function stopsOf(trace: readonly TraceEvent[], events: readonly number[]): Float64Array {
  const middles: number[] = [];
  for (const event of trace) {
    if (
      (event.event === 'segment' || event.event === 'datagram') &&
      event.arrivesAtMs !== undefined
    ) {
      const middle = (event.atMs + event.arrivesAtMs) / 2;
      if (middle !== middles.at(-1)) middles.push(middle);
    }
  }
  const stops = Float64Array.from([...events, ...middles]).sort();
  return stops.filter((ms, index) => index === 0 || ms > (stops[index - 1] ?? 0));
}

/**
 * The timeline of a trace. `latencyMs` is how long a segment travels: a stretch clearly longer than
 * that without any event is quiet, for nothing can be on its way in it.
 */
export function timelineOf(trace: readonly TraceEvent[], latencyMs: number): Timeline {
  const quietMs = Math.max(latencyMs, 1) * 1.25;
  const events = momentsOf(trace);
  /** Found for the first step. */
  let found: Float64Array | undefined;
  const stopsFound = (): Float64Array => (found ??= stopsOf(trace, events));
  const gaps: QuietGap[] = [];
  let shortened = 0;
  for (let index = 1; index < events.length; index += 1) {
    const fromMs = events[index - 1] ?? 0;
    const toMs = events[index] ?? 0;
    const length = toMs - fromMs;
    if (length <= quietMs) continue;
    const shownLength = quietMs * (1 + 0.12 * Math.log2(length / quietMs));
    gaps.push({ fromMs, toMs, shownFrom: fromMs - shortened, shownLength });
    shortened += length - shownLength;
  }
  const endMs = events.at(-1) ?? 0;
  const gapStarts = gaps.map((gap) => gap.fromMs);
  const gapShownStarts = gaps.map((gap) => gap.shownFrom);

  const toShown = (ms: number): number => {
    const gap = gaps[firstAfter(gapStarts, ms) - 1];
    if (gap === undefined) return ms;
    if (ms >= gap.toMs) return gap.shownFrom + gap.shownLength + (ms - gap.toMs);
    return gap.shownFrom + ((ms - gap.fromMs) / (gap.toMs - gap.fromMs)) * gap.shownLength;
  };

  return {
    endMs,
    shownEnd: endMs - shortened,
    toShown,
    toVirtual(shown) {
      const gap = gaps[firstAfter(gapShownStarts, shown) - 1];
      if (gap === undefined) return shown;
      const into = shown - gap.shownFrom;
      if (into >= gap.shownLength) return gap.toMs + (into - gap.shownLength);
      return gap.fromMs + (into / gap.shownLength) * (gap.toMs - gap.fromMs);
    },
    next(ms) {
      const stops = stopsFound();
      return stops[firstAfter(stops, ms + TOLERANCE_MS)] ?? null;
    },
    previous(ms) {
      const stops = stopsFound();
      let index = firstAfter(stops, ms) - 1;
      while (index >= 0 && (stops[index] ?? 0) > ms - TOLERANCE_MS) index -= 1;
      return stops[index] ?? null;
    },
  };
}

/** On screen a segment takes this long at the speed `slow`: enough to read its two ports. */
const READABLE_FLIGHT_MS = 1600;

/** How many virtual milliseconds pass in one millisecond on the screen. */
export function speedFactor(speed: SpeedId, latencyMs: number): number {
  const readable = Math.max(latencyMs, 1) / READABLE_FLIGHT_MS;
  switch (speed) {
    case 'slowest':
      return readable / 2.5;
    case 'slow':
      return readable;
    case 'brisk':
      return readable * 4;
    case 'tenth':
      return 0.1;
    case 'real':
      return 1;
    case 'ten':
      return 10;
    case 'sixty':
      return 60;
  }
}

/** Where the cursor is after `screenMs` on the screen. Slow motion shortens the quiet gaps. */
export function advance(
  timeline: Timeline,
  fromMs: number,
  screenMs: number,
  speed: SpeedId,
  factor: number,
): number {
  const keepsPace = speed === 'real' || speed === 'ten' || speed === 'sixty';
  const toMs = keepsPace
    ? fromMs + screenMs * factor
    : timeline.toVirtual(timeline.toShown(fromMs) + screenMs * factor);
  return Math.min(Math.max(toMs, 0), timeline.endMs);
}
