/** A binary heap of what is due: the earliest entry is first, and of one moment the one queued first. */

export interface Queued {
  /** Virtual milliseconds. */
  dueMs: number;
  /** Ties at one moment are broken by it. */
  order: number;
}

export function isBefore(a: Queued, b: Queued): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}

export class EarliestFirst<T extends Queued> {
  private readonly heap: T[] = [];

  get first(): T | undefined {
    return this.heap[0];
  }

  push(entry: T): void {
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

  /** Takes the first entry out. */
  shift(): void {
    const last = this.heap.pop();
    if (last !== undefined && this.heap.length > 0) this.sink(last);
  }

  /** Finds the first entry its place again once it is due later than it was. */
  delayFirst(): void {
    const first = this.heap[0];
    if (first !== undefined) this.sink(first);
  }

  /** Puts an entry in the root's place and lets it sink to its own. */
  private sink(entry: T): void {
    const heap = this.heap;
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
      if (isBefore(entry, child)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = entry;
  }
}
