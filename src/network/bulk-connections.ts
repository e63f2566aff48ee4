/**
 * Very many connections of one Linux client, for pictures of exhaustion: each takes a port as connect()
 * would, is closed by the client, stays in TIME-WAIT and gives its port back. No segments, no sockets,
 * no trace; the ports are those that the full engine's rules give (see port-selection/linux-connect.ts).
 * Typed arrays only: a few bytes for each port and each TIME-WAIT, whatever the fill.
 *
 * Left out: explicit binds, TIME-WAIT reuse, a socket's own range.
 */

import type { Random } from '../time-and-chance/random.ts';
import { siphash, type SipKey } from '../time-and-chance/siphash.ts';
import { FreePlaces } from './free-places.ts';
import type { PortInterval } from './sysctl/linux-ports.ts';

export interface BulkOptions {
  /** The range of automatic choice, inclusive. */
  readonly low: number;
  readonly high: number;
  readonly reserved?: readonly PortInterval[];
  readonly random: Random;
  /** 60 s on Linux. */
  readonly timeWaitMs?: number;
  /** How many destinations: each has its own ports. */
  readonly destinations?: number;
}

const reseedMs = 10_000;
const tableSize = 65_536;
const extraSteps = 8;

/** What is known of one destination. */
interface Destination {
  readonly places: FreePlaces;
  /** Free places of the low end's parity, and of the other. */
  readonly free: Int32Array;
  period: number;
  /** The counter of the table that this destination moves on, shared where hashes meet. */
  counter: { value: number };
  offset: number;
}

export class BulkConnections {
  readonly #low: number;
  readonly #high: number;
  readonly #length: number;
  /** Ports of the low end's parity. */
  readonly #firstClass: number;
  readonly #timeWaitMs: number;
  readonly #key: SipKey;
  readonly #random: Random;
  readonly #tableKey: SipKey;
  /** Counters that have been used. */
  readonly #table = new Map<number, { value: number }>();
  /** An odd number of ports: the walk leaves one of the low end's parity out. */
  readonly #isOdd: boolean;
  readonly #destinations: Destination[] = [];
  /** TIME-WAIT in the order of its end: destination and place in one number, and when. */
  #ring = new Uint32Array(1024);
  #ends = new Float64Array(1024);
  #head = 0;
  #waiting = 0;
  #walked = 0;

  constructor(options: BulkOptions) {
    const { low, high, reserved = [], random, timeWaitMs = 60_000, destinations = 1 } = options;
    const ports = high - low + 1;
    this.#low = low;
    this.#high = high;
    this.#length = ports > 1 ? ports & ~1 : ports;
    this.#firstClass = (ports + 1) >> 1;
    this.#timeWaitMs = timeWaitMs;
    this.#key = random.fork('ephemeral-key').key();
    this.#random = random.fork('steps');
    this.#tableKey = random.fork('perturb-table').key();
    this.#isOdd = ports > 1 && (ports & 1) === 1;
    for (let i = 0; i < destinations; i++) {
      const places = new FreePlaces(ports);
      const free = Int32Array.of(this.#firstClass, ports - this.#firstClass);
      this.#destinations.push({ places, free, period: -1, counter: { value: 0 }, offset: 0 });
      for (const [first, last] of reserved) {
        for (let port = Math.max(first, low); port <= Math.min(last, high); port++) {
          if (places.isFree(this.#placeOf(port))) this.#take(i, this.#placeOf(port));
        }
      }
    }
  }

  /** Connections now in TIME-WAIT, to all destinations. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Ports free towards a destination. */
  freeTowards(destination: number): number {
    const free = this.#destinations[destination]?.free;
    return (free?.[0] ?? 0) + (free?.[1] ?? 0);
  }

  /** Candidates that the kernel would have looked at in the last `connect`, the taken one included. */
  get considered(): number {
    return this.#walked;
  }

  /** A port for a new connection, or −1 (EADDRNOTAVAIL). TIME-WAITs that are over end first. */
  connect(destination: number, nowMs: number): number {
    this.expire(nowMs);
    const to = this.#destinations[destination];
    if (to === undefined) throw new RangeError(`no destination ${destination}`);
    const period = Math.floor(nowMs / reseedMs);
    if (period !== to.period) {
      const hash = siphash(this.#key, [destination, period]);
      to.period = period;
      to.counter = this.#counter(hash.low & (tableSize - 1));
      to.offset = hash.high;
    }
    const { counter } = to;
    const start = (((counter.value + to.offset) >>> 0) % this.#length) >>> 1;
    const perPass = (this.#length + 1) >> 1;
    this.#walked = 0;
    for (let parity = 0; parity < 2; parity++) {
      if ((to.free[parity] ?? 0) === 0) {
        this.#walked += parity === 1 && this.#length === 1 ? 0 : perPass;
        continue;
      }
      const place = this.#nextOf(to.places, parity, start);
      if (place < 0) {
        this.#walked += perPass;
        continue;
      }
      const steps = this.#distance(place, parity, start);
      this.#walked += steps + 1;
      this.#take(destination, place);
      const extra = this.#random.below(extraSteps);
      counter.value = (counter.value + 2 * (Math.max(steps, extra) + 1)) >>> 0;
      return this.#portAt(place);
    }
    return -1;
  }

  /** The client closes: TIME-WAIT begins. Call with ports that `connect` gave, times never falling. */
  close(destination: number, port: number, nowMs: number): void {
    if (this.#waiting === this.#ring.length) this.#grow();
    const at = (this.#head + this.#waiting) & (this.#ring.length - 1);
    this.#ring[at] = destination * 65_536 + this.#placeOf(port);
    this.#ends[at] = nowMs + this.#timeWaitMs;
    this.#waiting++;
  }

  /** The server closed first: the port is free at once. */
  release(destination: number, port: number): void {
    this.#give(destination, this.#placeOf(port));
  }

  /** Ends every TIME-WAIT that is over by now; how many. */
  expire(nowMs: number): number {
    let ended = 0;
    while (this.#waiting > 0 && (this.#ends[this.#head] ?? 0) <= nowMs) {
      const entry = this.#ring[this.#head] ?? 0;
      this.#give(entry >>> 16, entry & 0xffff);
      this.#head = (this.#head + 1) & (this.#ring.length - 1);
      this.#waiting--;
      ended++;
    }
    return ended;
  }

  /** Bytes held in typed arrays: all of what grows with the number of ports and connections. */
  get bytes(): number {
    const ports = this.#high - this.#low + 1;
    const bitmaps = this.#destinations.length * (Math.ceil(ports / 32) * 4 + 264);
    return bitmaps + this.#ring.byteLength + this.#ends.byteLength;
  }

  #placeOf(port: number): number {
    const offset = port - this.#low;
    return (offset & 1) * this.#firstClass + (offset >>> 1);
  }

  #portAt(place: number): number {
    const isFirst = place < this.#firstClass;
    return this.#low + (isFirst ? 2 * place : 2 * (place - this.#firstClass) + 1);
  }

  /** The next free place of a parity from a start on, round the range as `pass` goes round it. */
  #nextOf(places: FreePlaces, parity: number, start: number): number {
    if (parity === 1) {
      const base = this.#firstClass;
      const place = places.next(base + start, this.#high - this.#low);
      return place >= 0 ? place : places.next(base, base + start - 1);
    }
    const last = this.#firstClass - 1;
    if (start === 0) return places.next(0, this.#isOdd ? last - 1 : last);
    const place = places.next(start, last);
    return place >= 0 ? place : places.next(this.#isOdd ? 1 : 0, start - 1);
  }

  /** How many candidates of the pass come before a place. */
  #distance(place: number, parity: number, start: number): number {
    const index = parity === 0 ? place : place - this.#firstClass;
    if (index >= start) return index - start;
    return index - start + (this.#length >> 1);
  }

  #counter(slot: number): { value: number } {
    let counter = this.#table.get(slot);
    if (counter === undefined) {
      counter = { value: siphash(this.#tableKey, [slot]).low };
      this.#table.set(slot, counter);
    }
    return counter;
  }

  #take(destination: number, place: number): void {
    const to = this.#destinations[destination];
    if (to === undefined) return;
    to.places.take(place);
    const parity = place < this.#firstClass ? 0 : 1;
    to.free[parity] = (to.free[parity] ?? 0) - 1;
  }

  #give(destination: number, place: number): void {
    const to = this.#destinations[destination];
    if (to === undefined) return;
    to.places.free(place);
    const parity = place < this.#firstClass ? 0 : 1;
    to.free[parity] = (to.free[parity] ?? 0) + 1;
  }

  #grow(): void {
    const size = this.#ring.length;
    const ring = new Uint32Array(2 * size);
    const ends = new Float64Array(2 * size);
    for (let i = 0; i < size; i++) {
      ring[i] = this.#ring[(this.#head + i) & (size - 1)] ?? 0;
      ends[i] = this.#ends[(this.#head + i) & (size - 1)] ?? 0;
    }
    this.#ring = ring;
    this.#ends = ends;
    this.#head = 0;
  }
}
