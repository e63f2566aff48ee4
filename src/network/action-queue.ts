/**
 * The actions that are yet to be done, by time; at one moment, in the order in which they were
 * written. An action with a count is unrolled one by one, so that a million connections cost nothing
 * before their time.
 */

import type { Action } from './scenario.ts';

/** One action to do now, and which of its repetitions this is, from 0. */
export interface DueAction {
  readonly action: Action;
  readonly index: number;
}

interface Waiting {
  atMs: number;
  readonly order: number;
  readonly action: Action;
  index: number;
}

function isBefore(a: Waiting, b: Waiting): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

export class ActionQueue {
  private readonly heap: Waiting[] = [];
  private lastOrder = 0;

  constructor(actions: readonly Action[]) {
    for (const action of actions) this.add(action, 0);
  }

  /** Adds an action; one whose time is past is done as soon as possible. */
  add(action: Action, nowMs: number): void {
    this.push({ atMs: Math.max(action.atMs, nowMs), order: ++this.lastOrder, action, index: 0 });
  }

  get nextMs(): number | undefined {
    return this.heap[0]?.atMs;
  }

  /** The next thing to do if its time has come. */
  take(nowMs: number): DueAction | undefined {
    const waiting = this.heap[0];
    if (waiting === undefined || waiting.atMs > nowMs) return undefined;
    const { action, index } = waiting;
    const count = 'count' in action ? (action.count ?? 1) : 1;
    if (index + 1 >= count) {
      this.shift();
    } else {
      const everyMs = action.do === 'connect' ? action.everyMs : 0;
      waiting.index++;
      waiting.atMs = Math.max(nowMs, action.atMs + waiting.index * everyMs);
      this.sink(waiting, this.heap);
    }
    return { action, index };
  }

  private push(waiting: Waiting): void {
    const heap = this.heap;
    let at = heap.length;
    heap.push(waiting);
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || isBefore(parent, waiting)) break;
      heap[at] = parent;
      at = up;
    }
    heap[at] = waiting;
  }

  private shift(): void {
    const last = this.heap.pop();
    if (last !== undefined && this.heap.length > 0) this.sink(last, this.heap);
  }

  /** Puts an entry in the root's place and lets it sink to its own. */
  private sink(waiting: Waiting, heap: Waiting[]): void {
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
      if (isBefore(waiting, child)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = waiting;
  }
}
