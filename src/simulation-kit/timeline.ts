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

/**
 * The timeline of a trace, which may still be growing. `latencyMs` is how long a segment travels: a
 * stretch clearly longer than that without any event is quiet, for nothing can be on its way in it.
 */
export class Timeline {
  readonly #quietMs: number;
  /** The moments of the events, each once. */
  readonly #moments: number[] = [0];
  /** The middles of the flights. */
  readonly #middles: number[] = [];
  readonly #gaps: QuietGap[] = [];
  readonly #gapStarts: number[] = [];
  readonly #gapShownStarts: number[] = [];
  #endMs = 0;
  #shortened = 0;
  /** Where a step stops, in their order; found for the first step. */
  #stops: Float64Array | null = null;

  constructor(latencyMs: number) {
    this.#quietMs = Math.max(latencyMs, 1) * 1.25;
  }

  /** The moment of the last event, in virtual milliseconds. */
  get endMs(): number {
    return this.#endMs;
  }

  get shownEnd(): number {
    return this.#endMs - this.#shortened;
  }

  /** Takes in the trace's next event. */
  take(event: TraceEvent): void {
    this.#stops = null;
    if (event.atMs > this.#endMs) this.#goTo(event.atMs);
    if (
      (event.event === 'segment' || event.event === 'datagram') &&
      event.arrivesAtMs !== undefined
    ) {
      const middle = (event.atMs + event.arrivesAtMs) / 2;
      if (middle !== this.#middles.at(-1)) this.#middles.push(middle);
    }
  }

  #goTo(toMs: number): void {
    const fromMs = this.#endMs;
    const length = toMs - fromMs;
    if (length > this.#quietMs) {
      const shownLength = this.#quietMs * (1 + 0.12 * Math.log2(length / this.#quietMs));
      const shownFrom = fromMs - this.#shortened;
      this.#gaps.push({ fromMs, toMs, shownFrom, shownLength });
      this.#gapStarts.push(fromMs);
      this.#gapShownStarts.push(shownFrom);
      this.#shortened += length - shownLength;
    }
    this.#moments.push(toMs);
    this.#endMs = toMs;
  }

  toShown(ms: number): number {
    const gap = this.#gaps[firstAfter(this.#gapStarts, ms) - 1];
    if (gap === undefined) return ms;
    if (ms >= gap.toMs) return gap.shownFrom + gap.shownLength + (ms - gap.toMs);
    return gap.shownFrom + ((ms - gap.fromMs) / (gap.toMs - gap.fromMs)) * gap.shownLength;
  }

  toVirtual(shown: number): number {
    const gap = this.#gaps[firstAfter(this.#gapShownStarts, shown) - 1];
    if (gap === undefined) return shown;
    const into = shown - gap.shownFrom;
    if (into >= gap.shownLength) return gap.toMs + (into - gap.shownLength);
    return gap.fromMs + (into / gap.shownLength) * (gap.toMs - gap.fromMs);
  }

  /** The next moment worth standing at: an event, or the middle of a flight. */
  next(ms: number): number | null {
    const stops = this.#stopsFound();
    return stops[firstAfter(stops, ms + TOLERANCE_MS)] ?? null;
  }

  /** The one before. */
  previous(ms: number): number | null {
    const stops = this.#stopsFound();
    let index = firstAfter(stops, ms) - 1;
    while (index >= 0 && (stops[index] ?? 0) > ms - TOLERANCE_MS) index -= 1;
    return stops[index] ?? null;
  }

  #stopsFound(): Float64Array {
    if (this.#stops === null) {
      const all = Float64Array.from([...this.#moments, ...this.#middles]).sort();
      this.#stops = all.filter((ms, index) => index === 0 || ms > (all[index - 1] ?? 0));
    }
    return this.#stops;
  }
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
