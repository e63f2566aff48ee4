/**
 * The actions that are yet to be done, by time; at one moment, in the order in which they were
 * written. An action with a count is unrolled one by one, so that a million connections cost nothing
 * before their time.
 */

import { EarliestFirst, type Queued } from './data-structures/earliest-first.ts';
import type { Action } from './scenario/scenario.ts';

/** One action to do now, and which of its repetitions this is, from 0. */
export interface DueAction {
  readonly action: Action;
  readonly index: number;
}

interface Waiting extends Queued {
  readonly action: Action;
  index: number;
}

export class ActionQueue {
  private readonly waiting = new EarliestFirst<Waiting>();
  private lastOrder = 0;

  constructor(actions: readonly Action[]) {
    for (const action of actions) this.add(action, 0);
  }

  /** Adds an action; one whose time is past is done as soon as possible. */
  add(action: Action, nowMs: number): void {
    const dueMs = Math.max(action.atMs, nowMs);
    this.waiting.push({ dueMs, order: ++this.lastOrder, action, index: 0 });
  }

  get nextMs(): number | undefined {
    return this.waiting.first?.dueMs;
  }

  /** The next thing to do if its time has come. */
  take(nowMs: number): DueAction | undefined {
    const waiting = this.waiting.first;
    if (waiting === undefined || waiting.dueMs > nowMs) return undefined;
    const { action, index } = waiting;
    const count = 'count' in action ? (action.count ?? 1) : 1;
    if (index + 1 >= count) {
      this.waiting.shift();
    } else {
      const everyMs = action.do === 'connect' ? action.everyMs : 0;
      waiting.index++;
      waiting.dueMs = Math.max(nowMs, action.atMs + waiting.index * everyMs);
      this.waiting.delayFirst();
    }
    return { action, index };
  }
}
