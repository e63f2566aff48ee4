import { describe, expect, it } from 'vitest';
import { siphash, type SipKey } from './siphash.ts';

/** The reference key 00 01 … 0f, as little-endian words. */
const key: SipKey = [0x03020100, 0x07060504, 0x0b0a0908, 0x0f0e0d0c];

/** The reference message 00 01 02 …, `count` words of it. */
const message = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (0x03020100 + i * 0x04040404) >>> 0);

describe('siphash', () => {
  // Computed with an independent 64-bit implementation that gives the paper's own vector
  // (Appendix A: 15 bytes, a129ca6149be45e5); 0 and 8 bytes are in the authors' vectors_sip64 too.
  it.each([
    [0, 0x726fdb47, 0xdd0e0e31],
    [1, 0xcf2794e0, 0x277187b7],
    [2, 0x93f5f579, 0x9a932462],
    [3, 0x751e8fbc, 0x860ee5fb],
    [4, 0x3f2acc7f, 0x57c29bdb],
    [5, 0xbed65cf2, 0x1aa2ee98],
    [8, 0x7127512f, 0x72f27cce],
    [15, 0x6ca4ecb1, 0x5c5f91e1],
  ])('hashes %i words as the reference does', (count, high, low) => {
    expect(siphash(key, message(count))).toEqual({ high, low });
  });

  it('takes words modulo 2^32', () => {
    expect(siphash(key, [-1, 2 ** 32 + 5])).toEqual(siphash(key, [0xffffffff, 5]));
  });

  it('depends on every bit of the key', () => {
    const seen = new Set<string>();
    for (let bit = 0; bit < 128; bit++) {
      const changed = [...key] as [number, number, number, number];
      const word = bit >>> 5;
      changed[word] = ((changed[word] ?? 0) ^ (1 << (bit & 31))) >>> 0;
      const { high, low } = siphash(changed, message(4));
      seen.add(`${high}:${low}`);
    }
    expect(seen.size).toBe(128);
  });
});
