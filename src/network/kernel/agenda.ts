/** Virtual time, and what is to happen later in it. */

import type { Queued } from '../data-structures/earliest-first.ts';
import { EventQueue } from '../data-structures/event-queue.ts';

/** What those need who only ask for the time and put something off. */
export interface Later<Entry extends Queued> {
  /** Milliseconds since the world began. */
  readonly nowMs: number;
  /** Has an entry happen `delayMs` from now. */
  after(delayMs: number, entry: Entry): void;
}

export class Agenda<Entry extends Queued> implements Later<Entry> {
  private now = 0;
  private readonly queue = new EventQueue<Entry>();

  get nowMs(): number {
    return this.now;
  }

  after(delayMs: number, entry: Entry): void {
    this.queue.push(entry, this.now, delayMs);
  }

  /** The next entry, which stays. */
  peek(): Entry | undefined {
    return this.queue.peek();
  }

  /** Takes out what `peek` has just returned. */
  drop(entry: Entry): void {
    this.queue.drop(entry);
  }

  /** Time goes on; it never goes back. */
  goTo(ms: number): void {
    this.now = ms;
  }
}
