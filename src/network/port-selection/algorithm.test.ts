/** What the keyed hash of a destination is made of (net/core/secure_seq.c). */

import { describe, expect, it } from 'vitest';
import { parseAddress } from '../addresses.ts';
import { destinationWords } from './algorithm.ts';

function wordsTowards(local: string, remote: string, ...more: number[]): readonly number[] {
  const request = {
    low: 32_768,
    high: 60_999,
    localAddress: parseAddress(local) ?? NaN,
    remoteAddress: parseAddress(remote) ?? NaN,
    remotePort: 443,
    nowMs: 0,
    reuseAddress: false,
    hasOwnRange: false,
  };
  return destinationWords(request, ...more);
}

describe('the words of a destination', () => {
  it('are its addresses and port, and what else counts', () => {
    expect(wordsTowards('10.0.0.2', '192.168.1.7')).toEqual([0x0a000002, 0xc0a80107, 443]);
    expect(wordsTowards('10.0.0.2', '192.168.1.7', 5)).toEqual([0x0a000002, 0xc0a80107, 443, 5]);
  });

  it('are all bits of IPv6’s addresses, and nothing of the order in which they were named', () => {
    for (const stranger of ['2001:db8::aaaa', '2001:db8::bbbb']) parseAddress(stranger);
    expect(wordsTowards('2001:db8::2', 'fd00:1:2:3:4:5:6:7', 5)).toEqual([
      ...[0x20010db8, 0, 0, 2],
      ...[0xfd000001, 0x00020003, 0x00040005, 0x00060007],
      ...[443, 5],
    ]);
  });
});
