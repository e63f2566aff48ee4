/**
 * What is yet to happen, in order of time; at one moment, in order of being queued. Delays repeat
 * (the latency, TIME-WAIT, the first retransmission), and entries of one delay come due in the order
 * they were queued: each of the first few delays gets a first-in-first-out lane of its own, everything
 * else a binary heap. Taking the next entry compares the heads.
 */

import { EarliestFirst, isBefore, type Queued } from './earliest-first.ts';

const LANE_LIMIT = 6;

class Lane<T extends Queued> {
  readonly delayMs: number;
  private ring: (T | undefined)[] = new Array<T | undefined>(16).fill(undefined);
  private first = 0;
  private count = 0;
  head: T | undefined = undefined;

  constructor(delayMs: number) {
    this.delayMs = delayMs;
  }

  push(entry: T): void {
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.first + this.count) & (this.ring.length - 1)] = entry;
    if (this.count++ === 0) this.head = entry;
  }

  shift(): void {
    this.ring[this.first] = undefined;
    this.first = (this.first + 1) & (this.ring.length - 1);
    this.count--;
    this.head = this.ring[this.first];
  }

  private grow(): void {
    const old = this.ring;
    const grown = new Array<T | undefined>(old.length * 2).fill(undefined);
    for (let i = 0; i < this.count; i++) grown[i] = old[(this.first + i) & (old.length - 1)];
    this.ring = grown;
    this.first = 0;
  }
}

export class EventQueue<T extends Queued> {
  private readonly lanes: Lane<T>[] = [];
  private readonly others = new EarliestFirst<T>();
  private lastOrder = 0;

  /** Queues an entry `delayMs` after `nowMs`. `nowMs` must never go back. */
  push(entry: T, nowMs: number, delayMs: number): void {
    entry.dueMs = nowMs + delayMs;
    entry.order = ++this.lastOrder;
    const lanes = this.lanes;
    for (const lane of lanes) {
      if (lane.delayMs === delayMs) {
        lane.push(entry);
        return;
      }
    }
    if (lanes.length < LANE_LIMIT) {
      const lane = new Lane<T>(delayMs);
      lanes.push(lane);
      lane.push(entry);
    } else {
      this.others.push(entry);
    }
  }

  /** The next entry, which stays queued. */
  peek(): T | undefined {
    let best = this.others.first;
    for (const lane of this.lanes) {
      const head = lane.head;
      if (head !== undefined && (best === undefined || isBefore(head, best))) best = head;
    }
    return best;
  }

  /** Takes out what `peek` has just returned. */
  drop(entry: T): void {
    if (this.others.first === entry) {
      this.others.shift();
      return;
    }
    for (const lane of this.lanes) {
      if (lane.head === entry) {
        lane.shift();
        return;
      }
    }
  }
}
