/**
 * Which of up to 65,536 places are free, with a summary level: the next free place is found in a few
 * steps whether nearly all are free or nearly none. For simulations of very many connections.
 */

/** The place of the lowest set bit of a word that is not 0. */
function lowestBit(word: number): number {
  return 31 - Math.clz32(word & -word);
}

export class FreePlaces {
  /** A bit for each place: 1 is free. */
  readonly #words: Int32Array;
  /** A bit for each word that has a free place. */
  readonly #summary: Int32Array;

  /** All places from 0 to `size` − 1 are free at first. */
  constructor(size: number) {
    this.#words = new Int32Array(Math.ceil(size / 32));
    this.#summary = new Int32Array(Math.ceil(this.#words.length / 32));
    for (let place = 0; place < size; place++) this.free(place);
  }

  /** Held in typed arrays. */
  get bytes(): number {
    return this.#words.byteLength + this.#summary.byteLength;
  }

  isFree(place: number): boolean {
    return (((this.#words[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1;
  }

  free(place: number): void {
    const index = place >>> 5;
    this.#words[index] = (this.#words[index] ?? 0) | (1 << (place & 31));
    this.#summary[index >>> 5] = (this.#summary[index >>> 5] ?? 0) | (1 << (index & 31));
  }

  take(place: number): void {
    const index = place >>> 5;
    const word = (this.#words[index] ?? 0) & ~(1 << (place & 31));
    this.#words[index] = word;
    if (word === 0) {
      this.#summary[index >>> 5] = (this.#summary[index >>> 5] ?? 0) & ~(1 << (index & 31));
    }
  }

  /** The first free place from `from` to `to`, both included, or −1. */
  next(from: number, to: number): number {
    let index = from >>> 5;
    const here = (this.#words[index] ?? 0) & (-1 << (from & 31));
    if (here !== 0) {
      const place = (index << 5) + lowestBit(here);
      return place <= to ? place : -1;
    }
    index++;
    const lastIndex = to >>> 5;
    let group = index >>> 5;
    let words = (this.#summary[group] ?? 0) & (-1 << (index & 31));
    while (group <= lastIndex >>> 5) {
      if (words !== 0) {
        index = (group << 5) + lowestBit(words);
        const place = (index << 5) + lowestBit(this.#words[index] ?? 0);
        return place <= to ? place : -1;
      }
      group++;
      words = this.#summary[group] ?? 0;
    }
    return -1;
  }
}
