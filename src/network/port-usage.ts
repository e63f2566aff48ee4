/**
 * Who holds which port of a host, and bitmaps of it: for each local address, and for all together,
 * which ports have an explicitly bound socket, a connected one, one in TIME-WAIT.
 */

import { PortSet } from './port-set.ts';
import type { PortHold } from './port-table.ts';

/** Ports by the kind of hold on them; a port can be in several. */
export interface KindSets {
  readonly bound: PortSet;
  readonly live: PortSet;
  readonly waiting: PortSet;
}

type Kind = keyof KindSets;

function kindOf(hold: PortHold): Kind {
  if (hold.isBound || hold.isListening) return 'bound';
  return hold.timeWaitSinceMs === null ? 'live' : 'waiting';
}

/** How many holds of each kind a port has on one address, or on all. */
interface Tally {
  readonly address: number;
  bound: number;
  live: number;
  waiting: number;
}

interface Bucket {
  readonly holds: Set<PortHold>;
  readonly total: Tally;
  /** One for each local address in use on this port: mostly one, seldom more than a few. */
  readonly tallies: Tally[];
}

const everywhere = -1;

function newTally(address: number): Tally {
  return { address, bound: 0, live: 0, waiting: 0 };
}

export class PortUsage {
  readonly #rotation: number;
  readonly #boundUntilEmpty: boolean;
  readonly #buckets = new Map<number, Bucket>();
  readonly #byAddress = new Map<number, KindSets>();
  /** On whatever address. */
  readonly all: KindSets;

  /** `boundUntilEmpty`: a port once bound counts as bound until its last hold goes. */
  constructor(rotation: number, boundUntilEmpty: boolean) {
    this.#rotation = rotation;
    this.#boundUntilEmpty = boundUntilEmpty;
    this.all = this.#newSets();
  }

  /** The sets of one local address (0: of sockets bound to the wildcard), or undefined. */
  on(address: number): KindSets | undefined {
    return this.#byAddress.get(address);
  }

  holdsOn(port: number): ReadonlySet<PortHold> {
    return this.#buckets.get(port)?.holds ?? noHolds;
  }

  /** Ports with at least one hold. */
  ports(): Iterable<number> {
    return this.#buckets.keys();
  }

  add(hold: PortHold): void {
    const { port, localAddress } = hold;
    let bucket = this.#buckets.get(port);
    if (bucket === undefined) {
      bucket = { holds: new Set(), total: newTally(everywhere), tallies: [] };
      this.#buckets.set(port, bucket);
    }
    if (bucket.holds.has(hold)) throw new Error(`port ${port}: held twice by the same socket`);
    bucket.holds.add(hold);
    const kind = kindOf(hold);
    let tally = bucket.tallies.find(({ address }) => address === localAddress);
    if (tally === undefined) {
      tally = newTally(localAddress);
      bucket.tallies.push(tally);
    }
    if (tally[kind]++ === 0) this.#setsOn(localAddress)[kind].add(port);
    if (bucket.total[kind]++ === 0) this.all[kind].add(port);
  }

  /** Throws where the hold is not in the table. */
  remove(hold: PortHold): void {
    const { port, localAddress } = hold;
    const bucket = this.#buckets.get(port);
    const tally = bucket?.tallies.find(({ address }) => address === localAddress);
    if (bucket === undefined || tally === undefined || !bucket.holds.delete(hold)) {
      throw new Error(`port ${port}: released by a socket that does not hold it`);
    }
    const kind = kindOf(hold);
    if (--tally[kind] === 0) this.#setsOn(localAddress)[kind].delete(port);
    if (tally.bound + tally.live + tally.waiting === 0) {
      bucket.tallies.splice(bucket.tallies.indexOf(tally), 1);
    }
    const stays = kind === 'bound' && this.#boundUntilEmpty;
    if (--bucket.total[kind] === 0 && !stays) this.all[kind].delete(port);
    if (bucket.holds.size === 0) {
      this.#buckets.delete(port);
      this.all.bound.delete(port);
    }
  }

  #setsOn(address: number): KindSets {
    let sets = this.#byAddress.get(address);
    if (sets === undefined) {
      sets = this.#newSets();
      this.#byAddress.set(address, sets);
    }
    return sets;
  }

  #newSets(): KindSets {
    return {
      bound: new PortSet(this.#rotation),
      live: new PortSet(this.#rotation),
      waiting: new PortSet(this.#rotation),
    };
  }
}

const noHolds: ReadonlySet<PortHold> = new Set();
