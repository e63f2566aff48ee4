/**
 * Very many connections of one Linux client, for pictures of exhaustion: each takes a port as connect()
 * would, is closed by the client, stays in TIME-WAIT and gives its port back. No segments, no sockets,
 * no trace; the ports are those that port-selection/linux-connect.ts gives with the same luck.
 * Typed arrays only: a few bytes for each port and each TIME-WAIT, whatever the fill.
 *
 * Left out: explicit binds, TIME-WAIT reuse, a socket's own range.
 */

import type { Random } from '../../time-and-chance/random.ts';
import { siphash, type SipKey } from '../../time-and-chance/siphash.ts';
import { FreePlaces } from './free-places.ts';
import type { PortInterval } from '../sysctl/linux-ports.ts';

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

/** The ports of one parity, towards one destination. */
interface Half {
  /** The n-th port of the parity is place n. */
  readonly places: FreePlaces;
  readonly last: number;
  /** How many are free. */
  free: number;
}

/** What is known of one destination. */
interface Destination {
  /** Of the low end's parity, and the others. */
  readonly first: Half;
  readonly second: Half;
  period: number;
  /** The counter of the table that this destination moves on, shared where hashes meet. */
  counter: { value: number };
  offset: number;
}

export class BulkConnections {
  readonly #low: number;
  /** The ports that a walk goes over: the last of an odd number, if it has others beside it, is left out. */
  readonly #length: number;
  /** … and how many of them each of its passes looks at. */
  readonly #perPass: number;
  readonly #timeWaitMs: number;
  readonly #key: SipKey;
  readonly #random: Random;
  readonly #tableKey: SipKey;
  /** Counters that have been used. */
  readonly #table = new Map<number, { value: number }>();
  readonly #destinations: Destination[] = [];
  /** TIME-WAIT in the order of its end: destination and port in one number, and when. */
  #ring = new Uint32Array(1024);
  #ends = new Float64Array(1024);
  #head = 0;
  #waiting = 0;
  #walked = 0;

  constructor(options: BulkOptions) {
    const { low, high, reserved = [], random, timeWaitMs = 60_000, destinations = 1 } = options;
    const ports = high - low + 1;
    this.#low = low;
    this.#length = Math.max(1, ports & ~1);
    this.#perPass = (this.#length + 1) >> 1;
    this.#timeWaitMs = timeWaitMs;
    this.#key = random.fork('ephemeral-key').key();
    this.#random = random.fork('steps');
    this.#tableKey = random.fork('perturb-table').key();
    for (let i = 0; i < destinations; i++) {
      const to: Destination = {
        first: halfOf((ports + 1) >> 1),
        second: halfOf(ports >> 1),
        period: -1,
        counter: { value: 0 },
        offset: 0,
      };
      this.#destinations.push(to);
      for (const [first, last] of reserved) {
        for (let port = Math.max(first, low); port <= Math.min(last, high); port++) {
          if (isFree(to, port - low)) take(to, port - low);
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
    const { first, second } = this.#destination(destination);
    return first.free + second.free;
  }

  /** Candidates that the kernel would have looked at in the last `connect`, the taken one included. */
  get considered(): number {
    return this.#walked;
  }

  /** A port for a new connection, or −1 (EADDRNOTAVAIL). TIME-WAITs that are over end first. */
  connect(destination: number, nowMs: number): number {
    this.expire(nowMs);
    const to = this.#destination(destination);
    const period = Math.floor(nowMs / reseedMs);
    if (period !== to.period) {
      // As from address 0 to port `destination` of address 0.
      const hash = siphash(this.#key, [0, 0, destination, period]);
      to.period = period;
      to.counter = this.#counter(hash.low & (tableSize - 1));
      to.offset = hash.high;
    }
    const { counter } = to;
    const start = (((counter.value + to.offset) >>> 0) % this.#length) >>> 1;
    const passes = Math.min(2, this.#length);
    this.#walked = 0;
    for (let parity = 0; parity < passes; parity++) {
      const half = parity === 0 ? to.first : to.second;
      const place = half.free === 0 ? -1 : this.#nextOf(half, start);
      if (place < 0) {
        this.#walked += this.#perPass;
        continue;
      }
      const steps = place >= start ? place - start : place - start + this.#perPass;
      this.#walked += steps + 1;
      const offset = 2 * place + parity;
      take(to, offset);
      const extra = this.#random.below(extraSteps);
      counter.value = (counter.value + 2 * (Math.max(steps, extra) + 1)) >>> 0;
      return this.#low + offset;
    }
    return -1;
  }

  /** The client closes: TIME-WAIT begins. Call with ports that `connect` gave, times never falling. */
  close(destination: number, port: number, nowMs: number): void {
    if (this.#waiting === this.#ring.length) this.#grow();
    const at = (this.#head + this.#waiting) & (this.#ring.length - 1);
    this.#ring[at] = destination * 65_536 + port - this.#low;
    this.#ends[at] = nowMs + this.#timeWaitMs;
    this.#waiting++;
  }

  /** The server closed first: the port is free at once. */
  release(destination: number, port: number): void {
    give(this.#destination(destination), port - this.#low);
  }

  /** Ends every TIME-WAIT that is over by now; how many. */
  expire(nowMs: number): number {
    let ended = 0;
    while (this.#waiting > 0 && (this.#ends[this.#head] ?? 0) <= nowMs) {
      const entry = this.#ring[this.#head] ?? 0;
      give(this.#destination(entry >>> 16), entry & 0xffff);
      this.#head = (this.#head + 1) & (this.#ring.length - 1);
      this.#waiting--;
      ended++;
    }
    return ended;
  }

  /** Bytes held in typed arrays: all of what grows with the number of ports and connections. */
  get bytes(): number {
    const lists = this.#ring.byteLength + this.#ends.byteLength;
    return this.#destinations.reduce(
      (sum, { first, second }) => sum + first.places.bytes + second.places.bytes,
      lists,
    );
  }

  #destination(index: number): Destination {
    const to = this.#destinations[index];
    if (to === undefined) throw new RangeError(`no destination ${index}`);
    return to;
  }

  /** The next free place of one parity from a start on, round the range as the pass goes round it. */
  #nextOf({ places, last }: Half, start: number): number {
    if (start === 0) return places.next(0, this.#perPass - 1);
    // Of an odd number of ports, a walk that comes round leaves the first out, not the last.
    const place = places.next(start, last);
    return place >= 0 ? place : places.next(last + 1 - this.#perPass, start - 1);
  }

  #counter(slot: number): { value: number } {
    let counter = this.#table.get(slot);
    if (counter === undefined) {
      counter = { value: siphash(this.#tableKey, [slot]).low };
      this.#table.set(slot, counter);
    }
    return counter;
  }

  #grow(): void {
    this.#ring = unrolled(new Uint32Array(2 * this.#ring.length), this.#ring, this.#head);
    this.#ends = unrolled(new Float64Array(2 * this.#ends.length), this.#ends, this.#head);
    this.#head = 0;
  }
}

function halfOf(ports: number): Half {
  return { places: new FreePlaces(ports), last: ports - 1, free: ports };
}

/** Of which parity a port so far above the low end is. */
function halfWith({ first, second }: Destination, offset: number): Half {
  return (offset & 1) === 0 ? first : second;
}

function isFree(to: Destination, offset: number): boolean {
  return halfWith(to, offset).places.isFree(offset >>> 1);
}

function take(to: Destination, offset: number): void {
  const half = halfWith(to, offset);
  half.places.take(offset >>> 1);
  half.free--;
}

function give(to: Destination, offset: number): void {
  const half = halfWith(to, offset);
  half.places.free(offset >>> 1);
  half.free++;
}

/** The entries of a full ring from its head on, written to the beginning of another array. */
function unrolled<T extends Uint32Array | Float64Array>(into: T, ring: T, head: number): T {
  into.set(ring.subarray(head));
  into.set(ring.subarray(0, head), ring.length - head);
  return into;
}
