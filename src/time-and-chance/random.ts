/**
 * Seeded luck: the only luck there is. A stream of random numbers is Chris Doty-Humphrey's sfc32
 * (PractRand 0.95, "small fast counting", 128 bits of state, period at least 2^32 and about 2^127 on
 * average; passes PractRand and BigCrush). It is not for secrets: real kernels use ChaCha.
 *
 * Streams are forked by name: `random.fork('client').fork('tcp')` is the same stream whatever was
 * drawn elsewhere before, so that adding one thing to a world does not change the luck of another.
 */

import { siphash, type SipKey } from './siphash.ts';

/** Everything a stream is; lets a world be copied and taken up again. */
export type RandomState = readonly [a: number, b: number, c: number, counter: number];

/** "port-dojo-seed-1": any fixed key does; it only has to stay the same for ever. */
const seedingKey: SipKey = [0x706f7274, 0x2d646f6a, 0x6f2d7365, 0x65642d31];

const roundsBeforeUse = 15;

export class Random {
  readonly #identity: readonly [number, number];
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** A stream from a seed of 32 bits, or of 64 as two halves. */
  constructor(seed: number, seedHigh = 0) {
    this.#identity = [seed >>> 0, seedHigh >>> 0];
    const first = siphash(seedingKey, [...this.#identity, 1]);
    const second = siphash(seedingKey, [...this.#identity, 2]);
    this.#a = first.low | 0;
    this.#b = first.high | 0;
    this.#c = second.low | 0;
    for (let i = 0; i < roundsBeforeUse; i++) this.uint32();
  }

  /** A whole number from 0 to 2^32 − 1. */
  uint32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /**
   * A whole number from 0 to `limit` − 1, each equally likely (draws again rather than favour small
   * numbers). `limit` is a whole number from 1 to 2^32.
   */
  below(limit: number): number {
    if (!Number.isInteger(limit) || limit < 1 || limit > 0x100000000)
      throw new RangeError(`below(${limit})`);
    if ((limit & (limit - 1)) === 0 && limit <= 0x80000000) return this.uint32() & (limit - 1);
    // Of the last numbers, which do not make up a whole `limit`, none counts.
    for (;;) {
      const drawn = this.uint32();
      const rest = drawn % limit;
      if (drawn - rest <= 0x100000000 - limit) return rest;
    }
  }

  /** A number in [0, 1) with 53 random bits. */
  fraction(): number {
    return ((this.uint32() >>> 5) * 0x4000000 + (this.uint32() >>> 6)) / 0x20000000000000;
  }

  /** 128 bits for a keyed hash. */
  key(): SipKey {
    return [this.uint32(), this.uint32(), this.uint32(), this.uint32()];
  }

  /** A stream of its own for a name; depends on this stream's seed and the name, not on what was drawn. */
  fork(name: string): Random {
    const words: number[] = [...this.#identity];
    for (let i = 0; i < name.length; i++) words.push(name.charCodeAt(i));
    const { low, high } = siphash(seedingKey, words);
    return new Random(low, high);
  }

  /** The stream's present state; `restore` takes it up again. */
  save(): RandomState {
    return [this.#a, this.#b, this.#c, this.#counter];
  }

  restore(state: RandomState): void {
    [this.#a, this.#b, this.#c, this.#counter] = state;
  }
}
