/**
 * Who holds which port of a host, and bitmaps of it: for each local address, and for all together,
 * which ports have an explicitly bound socket, a connected one, one in TIME-WAIT.
 */

import { isIPv6 } from '../addresses.ts';
import { PortSet } from '../data-structures/port-set.ts';
import { addressesMeet, type LocalAddress } from './port-conflicts.ts';
import type { PortHold } from './port-hold.ts';
import { RecurringMap } from '../data-structures/recurring-map.ts';

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

/** A local address as a key: IPv6-only sockets have the negative number. */
function keyOf({ localAddress, family }: LocalAddress): number {
  return family === 'inet6-only' ? -localAddress : localAddress;
}

function addressOfKey(key: number): LocalAddress {
  if (key < 0) return { localAddress: -key, family: 'inet6-only' };
  return { localAddress: key, family: isIPv6(key) ? 'inet6' : 'inet' };
}

/** How many holds of each kind a port has on one address, or on all. */
interface Tally {
  readonly address: number;
  bound: number;
  live: number;
  waiting: number;
}

const everywhere = -1;

function newTally(address: number): Tally {
  return { address, bound: 0, live: 0, waiting: 0 };
}

/** The holds on a port that has, or had, more than one. */
class Shared {
  readonly holds = new Set<PortHold>();
  readonly total = newTally(everywhere);
  /** One for each local address in use on this port: mostly one, rarely more than a few. */
  readonly tallies: Tally[] = [];

  tallyOf(hold: PortHold): Tally {
    const key = keyOf(hold);
    let tally = this.tallies.find(({ address }) => address === key);
    if (tally === undefined) {
      tally = newTally(key);
      this.tallies.push(tally);
    }
    return tally;
  }
}

export class PortUsage {
  readonly #rotation: number;
  readonly #boundUntilEmpty: boolean;
  /** Most ports of a client have one hold, which then stands for itself. */
  readonly #entries = new RecurringMap<number, PortHold | Shared>();
  readonly #byAddress = new Map<number, KindSets>();
  /** Whether there has been an IPv6 address among them. */
  #hasIPv6 = false;
  /** On whatever address. */
  readonly all: KindSets;

  /** `boundUntilEmpty`: a port once bound counts as bound until its last hold goes. */
  constructor(rotation: number, boundUntilEmpty: boolean) {
    this.#rotation = rotation;
    this.#boundUntilEmpty = boundUntilEmpty;
    this.all = this.#newSets();
  }

  /** The sets of sockets whose local address has something in common with the given one. */
  meeting(local: LocalAddress): readonly KindSets[] {
    const { localAddress } = local;
    if (!this.#hasIPv6 && !isIPv6(localAddress)) {
      if (localAddress === 0) return [this.all];
      const own = this.#byAddress.get(localAddress);
      const wildcard = this.#byAddress.get(0);
      return [own, wildcard].filter((sets) => sets !== undefined);
    }
    const found: KindSets[] = [];
    for (const [key, sets] of this.#byAddress) {
      if (addressesMeet(local, addressOfKey(key))) found.push(sets);
    }
    return found;
  }

  holdsOn(port: number): Iterable<PortHold> {
    const entry = this.#entries.get(port);
    if (entry === undefined) return [];
    return entry instanceof Shared ? entry.holds : [entry];
  }

  isHeld(port: number): boolean {
    return this.#entries.has(port);
  }

  /** Ports with at least one hold. */
  ports(): Iterable<number> {
    return this.#entries.keys();
  }

  /** Throws where the hold is in the table already. */
  add(hold: PortHold): void {
    const { port } = hold;
    const address = keyOf(hold);
    const entry = this.#entries.get(port);
    const kind = kindOf(hold);
    if (entry === undefined) {
      this.#entries.set(port, hold);
      this.#setsOn(address)[kind].add(port);
      this.all[kind].add(port);
      return;
    }
    const shared = entry instanceof Shared ? entry : this.#share(entry);
    if (shared.holds.has(hold)) throw new Error(`port ${port}: held twice by the same socket`);
    shared.holds.add(hold);
    if (shared.tallyOf(hold)[kind]++ === 0) this.#setsOn(address)[kind].add(port);
    if (shared.total[kind]++ === 0) this.all[kind].add(port);
  }

  /** Throws where the hold is not in the table. */
  remove(hold: PortHold): void {
    const { port } = hold;
    const address = keyOf(hold);
    const entry = this.#entries.get(port);
    const kind = kindOf(hold);
    if (entry === hold) {
      this.#setsOn(address)[kind].delete(port);
      this.all[kind].delete(port);
      this.#entries.delete(port);
      return;
    }
    if (!(entry instanceof Shared) || !entry.holds.delete(hold)) {
      throw new Error(`port ${port}: released by a socket that does not hold it`);
    }
    const { holds, total, tallies } = entry;
    const tally = entry.tallyOf(hold);
    if (--tally[kind] === 0) this.#setsOn(address)[kind].delete(port);
    if (tally.bound + tally.live + tally.waiting === 0) tallies.splice(tallies.indexOf(tally), 1);
    const stays = kind === 'bound' && this.#boundUntilEmpty;
    if (--total[kind] === 0 && !stays) this.all[kind].delete(port);
    if (holds.size === 0) {
      this.#entries.delete(port);
      this.all.bound.delete(port);
    }
  }

  /** Makes room for more on a port that has one hold. */
  #share(hold: PortHold): Shared {
    const shared = new Shared();
    const kind = kindOf(hold);
    shared.holds.add(hold);
    shared.tallyOf(hold)[kind]++;
    shared.total[kind]++;
    this.#entries.set(hold.port, shared);
    return shared;
  }

  #setsOn(address: number): KindSets {
    let sets = this.#byAddress.get(address);
    if (sets === undefined) {
      sets = this.#newSets();
      this.#byAddress.set(address, sets);
      this.#hasIPv6 ||= isIPv6(Math.abs(address));
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
