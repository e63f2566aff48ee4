/**
 * A set of ports as a bitmap, built so that "the next port of this walk that is in none of these
 * sets" is found by looking at 32 ports at a time and stepping over 1,024 at once.
 *
 * A walk in steps of 2^rotation visits neighbouring bits: the bit of a port is its 16-bit number
 * rotated right. Rotation 0 suits walks of one, rotation 1 Linux' walks of two (all even ports, then
 * all odd ones), rotation 12 the slots of a hash table of 4,096. Blocks of 1,024 bits come into being
 * when first needed, so that an empty or sparse set is small.
 */

const bitsPerBlock = 1024;
const wordsPerBlock = 32;
const blockCount = 64;

function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The place of the lowest set bit of a word that is not 0. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

export class PortSet {
  readonly rotation: number;
  readonly #blocks: (Uint32Array | undefined)[] = [];
  readonly #counts = new Uint16Array(blockCount);
  #size = 0;

  constructor(rotation = 1) {
    this.rotation = rotation;
  }

  get size(): number {
    return this.#size;
  }

  /** Where a port's bit is: 0–65535. */
  placeOf(port: number): number {
    return ((port >>> this.rotation) | (port << (16 - this.rotation))) & 0xffff;
  }

  portAt(place: number): number {
    return ((place << this.rotation) | (place >>> (16 - this.rotation))) & 0xffff;
  }

  has(port: number): boolean {
    const place = this.placeOf(port);
    const block = this.#blocks[place >>> 10];
    return block !== undefined && (((block[(place >>> 5) & 31] ?? 0) >>> (place & 31)) & 1) === 1;
  }

  /** Whether the port was not in the set before. */
  add(port: number): boolean {
    const place = this.placeOf(port);
    const number = place >>> 10;
    let block = this.#blocks[number];
    if (block === undefined) {
      block = new Uint32Array(wordsPerBlock);
      this.#blocks[number] = block;
    }
    const index = (place >>> 5) & 31;
    const word = block[index] ?? 0;
    const bit = 1 << (place & 31);
    if ((word & bit) !== 0) return false;
    block[index] = word | bit;
    this.#counts[number] = (this.#counts[number] ?? 0) + 1;
    this.#size++;
    return true;
  }

  /** Whether the port was in the set. */
  delete(port: number): boolean {
    const place = this.placeOf(port);
    const number = place >>> 10;
    const block = this.#blocks[number];
    if (block === undefined) return false;
    const index = (place >>> 5) & 31;
    const word = block[index] ?? 0;
    const bit = 1 << (place & 31);
    if ((word & bit) === 0) return false;
    block[index] = word & ~bit;
    this.#counts[number] = (this.#counts[number] ?? 0) - 1;
    this.#size--;
    return true;
  }

  clear(): void {
    this.#blocks.length = 0;
    this.#counts.fill(0);
    this.#size = 0;
  }

  /** Every port from `low` to `high`, both included. */
  addRange(low: number, high: number): void {
    // Ports of one remainder are neighbours here.
    const step = 1 << (this.rotation & 15);
    for (let first = low; first < low + step && first <= high; first++) {
      const last = high - ((high - first) % step);
      this.#addPlaces(this.placeOf(first), this.placeOf(last));
    }
  }

  /** Every place from `from` to `to`, both included, a word at a time. */
  #addPlaces(from: number, to: number): void {
    for (let base = from & ~31; base <= to; base += 32) {
      const number = base >>> 10;
      const block = (this.#blocks[number] ??= new Uint32Array(wordsPerBlock));
      const index = (base >>> 5) & 31;
      const before = block[index] ?? 0;
      const after = before | mask(base, from, to);
      block[index] = after;
      const added = ones(after) - ones(before);
      this.#counts[number] = (this.#counts[number] ?? 0) + added;
      this.#size += added;
    }
  }

  /** Every port, in ascending order of its place. */
  *[Symbol.iterator](): Generator<number> {
    for (const number of this.#blocks.keys()) {
      const block = this.#blocks[number];
      if (block === undefined) continue;
      for (let index = 0; index < wordsPerBlock; index++) {
        let word = block[index] ?? 0;
        while (word !== 0) {
          yield this.portAt((number << 10) | (index << 5) | lowestBit(word));
          word &= word - 1;
        }
      }
    }
  }

  /** How many ports are in a block of 1,024 places. */
  countInBlock(number: number): number {
    return this.#counts[number] ?? 0;
  }

  /** 32 places as bits, the lowest place in the lowest bit. `index` is the place divided by 32. */
  word(index: number): number {
    const block = this.#blocks[index >>> 5];
    return block === undefined ? 0 : (block[index & 31] ?? 0);
  }
}

/** A word's bits from place `from` to `to`, where the word begins at `base`. */
function mask(base: number, from: number, to: number): number {
  const above = -1 << Math.max(0, from - base);
  const below = ~(-2 << Math.min(31, to - base));
  return above & below;
}

/**
 * The first place from `from` to `to` (both included) that is in none of the sets, or −1. All sets
 * must have the same rotation.
 */
export function firstPlaceInNone(sets: readonly PortSet[], from: number, to: number): number {
  let place = from;
  while (place <= to) {
    const number = place >>> 10;
    const end = Math.min(to, place | (bitsPerBlock - 1));
    if (!isBlockFull(sets, number)) {
      for (let index = place >>> 5; index <= end >>> 5; index++) {
        let taken = 0;
        for (const set of sets) taken |= set.word(index);
        const free = ~taken & mask(index << 5, place, end);
        if (free !== 0) return (index << 5) + lowestBit(free);
      }
    }
    place = end + 1;
  }
  return -1;
}

/** The last place from `from` to `to` (both included) that is in none of the sets, or −1. */
export function lastPlaceInNone(sets: readonly PortSet[], from: number, to: number): number {
  let place = to;
  while (place >= from) {
    const number = place >>> 10;
    const start = Math.max(from, number << 10);
    if (!isBlockFull(sets, number)) {
      for (let index = place >>> 5; index >= start >>> 5; index--) {
        let taken = 0;
        for (const set of sets) taken |= set.word(index);
        const free = ~taken & mask(index << 5, start, place);
        if (free !== 0) return (index << 5) + 31 - Math.clz32(free);
      }
    }
    place = start - 1;
  }
  return -1;
}

function isBlockFull(sets: readonly PortSet[], number: number): boolean {
  for (const set of sets) if (set.countInBlock(number) === bitsPerBlock) return true;
  return false;
}

/**
 * The place from `from` to `to` that is in none of the sets and has `index` such places before it, or
 * −1. All sets must have the same rotation.
 */
export function nthPlaceInNone(
  sets: readonly PortSet[],
  from: number,
  to: number,
  index: number,
): number {
  let left = index;
  let place = from;
  while (place <= to) {
    const number = place >>> 10;
    const end = Math.min(to, place | (bitsPerBlock - 1));
    const freeHere = end - place === bitsPerBlock - 1 ? freeInBlock(sets, number) : undefined;
    if (freeHere === undefined || left < freeHere) {
      for (let word = place >>> 5; word <= end >>> 5; word++) {
        let taken = 0;
        for (const set of sets) taken |= set.word(word);
        let free = ~taken & mask(word << 5, place, end);
        const count = ones(free);
        if (left < count) {
          for (; left > 0; left--) free &= free - 1;
          return (word << 5) + lowestBit(free);
        }
        left -= count;
      }
    } else {
      left -= freeHere;
    }
    place = end + 1;
  }
  return -1;
}

/** How many places of a block are in no set, where that is known without looking at its words. */
function freeInBlock(sets: readonly PortSet[], number: number): number | undefined {
  let taken = 0;
  for (const set of sets) {
    const count = set.countInBlock(number);
    if (count > 0 && taken > 0) return undefined;
    taken += count;
  }
  return bitsPerBlock - taken;
}

/**
 * How many places from `from` to `to` are in each set and in none before it, added to `counts`
 * (as long as `sets`): a place in several sets counts for the first.
 */
export function countByFirstSet(
  sets: readonly PortSet[],
  from: number,
  to: number,
  counts: number[],
): void {
  let place = from;
  while (place <= to) {
    const number = place >>> 10;
    const end = Math.min(to, place | (bitsPerBlock - 1));
    let inhabited = 0;
    let only = 0;
    for (let i = 0; i < sets.length; i++) {
      if ((sets[i]?.countInBlock(number) ?? 0) === 0) continue;
      inhabited++;
      only = i;
    }
    if (inhabited === 1 && end - place === bitsPerBlock - 1) {
      counts[only] = (counts[only] ?? 0) + (sets[only]?.countInBlock(number) ?? 0);
    } else if (inhabited > 0) {
      for (let index = place >>> 5; index <= end >>> 5; index++) {
        let left = mask(index << 5, place, end);
        for (let i = 0; i < sets.length && left !== 0; i++) {
          const here = (sets[i]?.word(index) ?? 0) & left;
          counts[i] = (counts[i] ?? 0) + ones(here);
          left &= ~here;
        }
      }
    }
    place = end + 1;
  }
}
