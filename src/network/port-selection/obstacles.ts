/**
 * What is in the way of a choice, and how to find a way round it without walking: sets of ports,
 * each with the reason for which a candidate in it is passed over, in the order in which the system
 * asks. A candidate in several sets is passed over for the first.
 */

import {
  countByFirstSet,
  firstPlaceInNone,
  lastPlaceInNone,
  nthPlaceInNone,
  type PortSet,
} from '../data-structures/port-set.ts';
import type { SkipReason, SkippedRun } from '../trace/trace.ts';

/** Candidates `first`, `first + step`, … `count` of them, all within 0–65535: no wrap inside. */
export interface Run {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

export interface Obstacle {
  readonly reason: SkipReason;
  readonly ports: PortSet;
}

/** Where a search stopped. */
export interface SearchResult {
  /** The first candidate that nothing is in the way of, or −1. */
  readonly port: number;
  /** Which run it was found in, and how many candidates of that run came before it. */
  readonly run: number;
  readonly before: number;
  /** Candidates looked at, the found one included. */
  readonly considered: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
}

export class Obstacles {
  readonly list: readonly Obstacle[];
  readonly #sets: readonly PortSet[];

  /** All sets must have one rotation. */
  constructor(list: readonly Obstacle[]) {
    this.list = list.filter(({ ports }) => ports.size > 0);
    this.#sets = this.list.map(({ ports }) => ports);
  }

  /** Why a port is passed over, or null. */
  reasonFor(port: number): SkipReason | null {
    return this.list[this.indexFor(port)]?.reason ?? null;
  }

  /** The place in the list of what a port is passed over for, or −1. */
  indexFor(port: number): number {
    const sets = this.#sets;
    for (let i = 0; i < sets.length; i++) if (sets[i]?.has(port) === true) return i;
    return -1;
  }

  /** How many ports from `low` to `high` are passed over, by reason. */
  countByReason(low: number, high: number): Partial<Record<SkipReason, number>> {
    const counts: number[] = [];
    const count = high - low + 1;
    this.#count({ first: low, step: 1, count }, count, counts);
    return this.byReason(counts);
  }

  /** The free port from `low` to `high` that has `index` free ones below it. For sets of rotation 0. */
  freePort(low: number, high: number, index: number): number {
    return nthPlaceInNone(this.#sets, low, high, index);
  }

  /** The first candidate of the runs, in order, that is in no set. Counts the others, walks none. */
  search(runs: readonly Run[]): SearchResult {
    const counts: number[] = [];
    let considered = 0;
    let number = -1;
    for (const run of runs) {
      number++;
      const before = this.#freeIn(run);
      this.#count(run, before, counts);
      considered += before;
      if (before < run.count) {
        return {
          port: run.first + before * run.step,
          run: number,
          before,
          considered: considered + 1,
          skipped: this.byReason(counts),
        };
      }
    }
    return { port: -1, run: -1, before: 0, considered, skipped: this.byReason(counts) };
  }

  /** The first few stretches of candidates passed over for one reason, before `considered` is reached. */
  firstSkipped(runs: readonly Run[], considered: number, limit: number): SkippedRun[] {
    const found: SkippedRun[] = [];
    let left = considered;
    for (const run of runs) {
      for (let i = 0; i < run.count && left > 0 && found.length < limit;) {
        const first = run.first + i * run.step;
        const index = this.indexFor(first);
        const obstacle = this.list[index];
        if (obstacle === undefined) return found;
        const rest: Run = { ...run, first, count: Math.min(run.count - i, left) };
        const count = this.#sameReason(rest, index, obstacle.ports);
        const last = first + (count - 1) * run.step;
        found.push({ first, last, count, reason: obstacle.reason });
        i += count;
        left -= count;
      }
    }
    return found;
  }

  /** How many candidates of a run, from its first on, are passed over for this one reason. */
  #sameReason(run: Run, index: number, own: PortSet): number {
    // What comes first in the list is not passed over for anything else.
    if (index === 0 && this.#stride(run) > 0) {
      const place = own.placeOf(run.first);
      const end = firstPlaceInNone([own], place, place + run.count - 1);
      return end < 0 ? run.count : end - place;
    }
    for (let i = 1; i < run.count; i++) {
      if (this.indexFor(run.first + i * run.step) !== index) return i;
    }
    return run.count;
  }

  /** How many candidates of a run are passed over before the first free one (all: `run.count`). */
  #freeIn(run: Run): number {
    const stride = this.#stride(run);
    const first = this.#placeOf(run.first);
    if (stride === 1) {
      const place = firstPlaceInNone(this.#sets, first, first + run.count - 1);
      return place < 0 ? run.count : place - first;
    }
    if (stride === -1) {
      const place = lastPlaceInNone(this.#sets, first - run.count + 1, first);
      return place < 0 ? run.count : first - place;
    }
    if (run.step === 1) {
      const [even, odd] = halves(run, run.count);
      return Math.min(this.#freeIn(even) * 2, this.#freeIn(odd) * 2 + 1, run.count);
    }
    for (let i = 0; i < run.count; i++) {
      if (this.reasonFor(run.first + i * run.step) === null) return i;
    }
    return run.count;
  }

  /** Adds to `counts` the reasons of the first `count` candidates of a run. */
  #count(run: Run, count: number, counts: number[]): void {
    const stride = this.#stride(run);
    const first = this.#placeOf(run.first);
    if (stride === 1) countByFirstSet(this.#sets, first, first + count - 1, counts);
    else if (stride === -1) countByFirstSet(this.#sets, first - count + 1, first, counts);
    else if (run.step === 1) {
      const [even, odd] = halves(run, count);
      this.#count(even, even.count, counts);
      this.#count(odd, odd.count, counts);
    } else {
      for (let i = 0; i < count; i++) {
        const port = run.first + i * run.step;
        const index = this.indexFor(port);
        counts[index] = (counts[index] ?? 0) + 1;
      }
    }
  }

  #placeOf(port: number): number {
    return this.#sets[0]?.placeOf(port) ?? 0;
  }

  /** 1 or −1 where neighbouring candidates are neighbouring bits, else 0. */
  #stride(run: Run): -1 | 0 | 1 {
    const natural = 1 << (this.#sets[0]?.rotation ?? 0);
    if (run.step === natural) return 1;
    return run.step === -natural ? -1 : 0;
  }

  /** The skipped by reason, from how many each obstacle stood in the way of. */
  byReason(counts: readonly number[]): Partial<Record<SkipReason, number>> {
    const skipped: Partial<Record<SkipReason, number>> = {};
    this.list.forEach(({ reason }, i) => {
      const count = counts[i] ?? 0;
      if (count > 0) skipped[reason] = (skipped[reason] ?? 0) + count;
    });
    return skipped;
  }
}

/** Every second candidate of the first `count` of a run in steps of one, and the others. */
function halves(run: Run, count: number): [Run, Run] {
  return [
    { first: run.first, step: 2, count: (count + 1) >> 1 },
    { first: run.first + 1, step: 2, count: count >> 1 },
  ];
}
