/**
 * What is yet to happen, in order of time; at one moment, in order of being queued. Delays repeat
 * (the latency, TIME-WAIT, the first retransmission), and entries of one delay come due in the order
 * they were queued: each of the first few delays gets a first-in-first-out lane of its own, everything
 * else a binary heap. Taking the next entry compares the heads.
 */

export interface Queued {
  /** Virtual milliseconds. */
  dueMs: number;
  /** Ties at one moment are broken by it; the queue sets it. */
  order: number;
}

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

function isBefore(a: Queued, b: Queued): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

export class EventQueue<T extends Queued> {
  private readonly lanes: Lane<T>[] = [];
  private readonly heap: T[] = [];
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
      this.pushToHeap(entry);
    }
  }

  /** The next entry, which stays queued. */
  peek(): T | undefined {
    let best = this.heap[0];
    for (const lane of this.lanes) {
      const head = lane.head;
      if (head !== undefined && (best === undefined || isBefore(head, best))) best = head;
    }
    return best;
  }

  /** Takes out what `peek` has just returned. */
  drop(entry: T): void {
    if (this.heap[0] === entry) {
      this.popHeap();
      return;
    }
    for (const lane of this.lanes) {
      if (lane.head === entry) {
        lane.shift();
        return;
      }
    }
  }

  private pushToHeap(entry: T): void {
    const heap = this.heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || isBefore(parent, entry)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = entry;
  }

  private popHeap(): void {
    const heap = this.heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      let child = heap[childAt];
      if (child === undefined) break;
      const right = heap[childAt + 1];
      if (right !== undefined && isBefore(right, child)) {
        child = right;
        childAt++;
      }
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
  }
}
