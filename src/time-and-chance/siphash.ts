/**
 * SipHash-2-4, the keyed hash that stands behind "same destination, same sequence; nobody outside
 * can foretell it". Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012); the Linux
 * kernel hashes addresses and ports with it (net/core/secure_seq.c). 64-bit words are kept as pairs
 * of 32-bit halves, so that the result is the same in every JavaScript engine and needs no BigInt.
 *
 * Input is a list of 32-bit words, taken as little-endian bytes; other lengths are left out.
 */

/** 128 bits as four 32-bit words, least significant first. */
export type SipKey = readonly [number, number, number, number];

/** 64 bits as two unsigned 32-bit halves. */
export interface Hash64 {
  readonly low: number;
  readonly high: number;
}

/**
 * The hash of up to any number of 32-bit words under a key.
 * Halves are unsigned; words are taken modulo 2^32.
 */
export function siphash(key: SipKey, words: readonly number[]): Hash64 {
  let v0l = key[0] ^ 0x70736575;
  let v0h = key[1] ^ 0x736f6d65;
  let v1l = key[2] ^ 0x6e646f6d;
  let v1h = key[3] ^ 0x646f7261;
  let v2l = key[0] ^ 0x6e657261;
  let v2h = key[1] ^ 0x6c796765;
  let v3l = key[2] ^ 0x79746573;
  let v3h = key[3] ^ 0x74656462;

  const rounds = (count: number): void => {
    for (let i = 0; i < count; i++) {
      let low: number;
      // v0 += v1; v1 <<<= 13; v1 ^= v0; v0 <<<= 32
      low = (v0l >>> 0) + (v1l >>> 0);
      v0h = (v0h + v1h + (low > 0xffffffff ? 1 : 0)) | 0;
      v0l = low | 0;
      low = (v1l << 13) | (v1h >>> 19);
      v1h = ((v1h << 13) | (v1l >>> 19)) ^ v0h;
      v1l = low ^ v0l;
      low = v0l;
      v0l = v0h;
      v0h = low;
      // v2 += v3; v3 <<<= 16; v3 ^= v2
      low = (v2l >>> 0) + (v3l >>> 0);
      v2h = (v2h + v3h + (low > 0xffffffff ? 1 : 0)) | 0;
      v2l = low | 0;
      low = (v3l << 16) | (v3h >>> 16);
      v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
      v3l = low ^ v2l;
      // v0 += v3; v3 <<<= 21; v3 ^= v0
      low = (v0l >>> 0) + (v3l >>> 0);
      v0h = (v0h + v3h + (low > 0xffffffff ? 1 : 0)) | 0;
      v0l = low | 0;
      low = (v3l << 21) | (v3h >>> 11);
      v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
      v3l = low ^ v0l;
      // v2 += v1; v1 <<<= 17; v1 ^= v2; v2 <<<= 32
      low = (v2l >>> 0) + (v1l >>> 0);
      v2h = (v2h + v1h + (low > 0xffffffff ? 1 : 0)) | 0;
      v2l = low | 0;
      low = (v1l << 17) | (v1h >>> 15);
      v1h = ((v1h << 17) | (v1l >>> 15)) ^ v2h;
      v1l = low ^ v2l;
      low = v2l;
      v2l = v2h;
      v2h = low;
    }
  };

  const lengthByte = (words.length * 4) << 24;
  for (let i = 0; i < words.length - 1; i += 2) {
    const low = words[i] ?? 0;
    const high = words[i + 1] ?? 0;
    v3l ^= low;
    v3h ^= high;
    rounds(2);
    v0l ^= low;
    v0h ^= high;
  }
  const rest = words.length % 2 === 1 ? (words[words.length - 1] ?? 0) : 0;
  v3l ^= rest;
  v3h ^= lengthByte;
  rounds(2);
  v0l ^= rest;
  v0h ^= lengthByte;
  v2l ^= 0xff;
  rounds(4);
  return { low: (v0l ^ v1l ^ v2l ^ v3l) >>> 0, high: (v0h ^ v1h ^ v2h ^ v3h) >>> 0 };
}
