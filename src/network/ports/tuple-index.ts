/**
 * Which four-tuples of a host are taken. For a destination that is connected to more than once there
 * are bitmaps of the local ports in use towards it; a single connection (and so each client of a busy
 * server) costs one entry and no more.
 */

import { PortSet } from '../data-structures/port-set.ts';
import type { PortHold } from './port-hold.ts';
import { RecurringMap } from '../data-structures/recurring-map.ts';

/** When a tuple in TIME-WAIT gives way: `usable` says whether ever, `delayMs` after how long. */
export interface WaitRule {
  usable(hold: PortHold): boolean;
  readonly delayMs: number;
}

/** All tuples of one local address towards one remote address and port. */
export class Destination {
  readonly tuples = new RecurringMap<number, PortHold>();
  /** Local ports whose tuple is in use, and not in TIME-WAIT. */
  readonly live: PortSet;
  /** Local ports whose tuple is in TIME-WAIT and does not give way yet. */
  readonly waiting: PortSet;
  /** Those of `waiting` that will give way, in the order in which they will. */
  #queue: PortHold[] = [];
  #next = 0;
  #rule: WaitRule | null = null;

  constructor(rotation: number) {
    this.live = new PortSet(rotation);
    this.waiting = new PortSet(rotation);
  }

  add(hold: PortHold): void {
    this.tuples.set(hold.port, hold);
    if (hold.timeWaitSinceMs === null) this.live.add(hold.port);
    else {
      this.waiting.add(hold.port);
      if (this.#rule?.usable(hold) === true) this.#queue.push(hold);
    }
  }

  remove(hold: PortHold): void {
    this.tuples.delete(hold.port);
    this.live.delete(hold.port);
    this.waiting.delete(hold.port);
    if (this.#queue.length > 2 * this.tuples.size + 64) this.#refill();
  }

  /** Lets go of the tuples that give way by now. `rule` is compared by identity. */
  settle(rule: WaitRule, nowMs: number): void {
    if (rule !== this.#rule) {
      this.#rule = rule;
      this.#refill();
    }
    for (; this.#next < this.#queue.length; this.#next++) {
      const hold = this.#queue[this.#next];
      if (hold === undefined || nowMs - (hold.timeWaitSinceMs ?? nowMs) < rule.delayMs) break;
      if (this.tuples.get(hold.port) === hold) this.waiting.delete(hold.port);
    }
  }

  #refill(): void {
    this.#queue = [];
    this.#next = 0;
    for (const hold of this.tuples.values()) {
      if (hold.timeWaitSinceMs === null) continue;
      this.waiting.add(hold.port);
      if (this.#rule?.usable(hold) === true) this.#queue.push(hold);
    }
    this.#queue.sort((a, b) => (a.timeWaitSinceMs ?? 0) - (b.timeWaitSinceMs ?? 0));
  }
}

/** Remote address and port in one exact number, as long as fewer than 2^37 addresses are known. */
function remoteKey(remoteAddress: number, remotePort: number): number {
  return remoteAddress * 65536 + remotePort;
}

export class TupleIndex {
  readonly #rotation: number;
  readonly #byLocal = new Map<number, RecurringMap<number, PortHold | Destination>>();

  constructor(rotation: number) {
    this.#rotation = rotation;
  }

  /** The hold on a four-tuple, if any. */
  find(
    localAddress: number,
    port: number,
    remoteAddress: number,
    remotePort: number,
  ): PortHold | undefined {
    const entry = this.#byLocal.get(localAddress)?.get(remoteKey(remoteAddress, remotePort));
    if (entry instanceof Destination) return entry.tuples.get(port);
    return entry?.port === port ? entry : undefined;
  }

  /** What is taken towards a destination, or undefined where nothing is. */
  towards(
    localAddress: number,
    remoteAddress: number,
    remotePort: number,
  ): Destination | undefined {
    const byRemote = this.#byLocal.get(localAddress);
    const key = remoteKey(remoteAddress, remotePort);
    const entry = byRemote?.get(key);
    if (byRemote === undefined || entry === undefined) return undefined;
    return entry instanceof Destination ? entry : this.#widen(byRemote, key, entry);
  }

  /** Throws where the tuple is held already. */
  add(hold: PortHold): void {
    let byRemote = this.#byLocal.get(hold.localAddress);
    if (byRemote === undefined) {
      byRemote = new RecurringMap();
      this.#byLocal.set(hold.localAddress, byRemote);
    }
    const key = remoteKey(hold.remoteAddress, hold.remotePort);
    const entry = byRemote.get(key);
    if (entry === undefined) {
      byRemote.set(key, hold);
      return;
    }
    const destination = entry instanceof Destination ? entry : this.#widen(byRemote, key, entry);
    if (destination.tuples.has(hold.port)) {
      throw new Error(`port ${hold.port}: two sockets on one four-tuple`);
    }
    destination.add(hold);
  }

  remove(hold: PortHold): void {
    const byRemote = this.#byLocal.get(hold.localAddress);
    const key = remoteKey(hold.remoteAddress, hold.remotePort);
    const entry = byRemote?.get(key);
    if (entry instanceof Destination) {
      entry.remove(hold);
      if (entry.tuples.size > 0) return;
    }
    byRemote?.delete(key);
    if (byRemote?.size === 0) this.#byLocal.delete(hold.localAddress);
  }

  #widen(
    byRemote: RecurringMap<number, PortHold | Destination>,
    key: number,
    hold: PortHold,
  ): Destination {
    const destination = new Destination(this.#rotation);
    destination.add(hold);
    byRemote.set(key, destination);
    return destination;
  }
}
