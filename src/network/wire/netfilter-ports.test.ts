/** How netfilter seeks a port: where it begins, how often it tries, and when it tries harder. */

import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import { classOf, seekPort } from './netfilter-ports.ts';

it('a port stays in its class', () => {
  expect([1, 511, 512, 1023, 1024, 65_535].map(classOf)).toEqual([
    { low: 1, high: 511 },
    { low: 1, high: 511 },
    { low: 600, high: 1023 },
    { low: 600, high: 1023 },
    { low: 1024, high: 65_535 },
    { low: 1024, high: 65_535 },
  ]);
});

/** What is asked about, of `size` ports from 40,000 of which `free` are free. */
function seek(size: number, free: readonly number[] = [], seed = 1) {
  const asked: (readonly [port: number, isHarder: boolean])[] = [];
  const pool = { low: 40_000, high: 39_999 + size };
  const found = seekPort(pool, new Random(seed), (port, isHarder) => {
    asked.push([port, isHarder]);
    return free.includes(port);
  });
  return { found, asked, ports: asked.map(([port]) => port) };
}

/** The tries, cut where a new start is drawn: each goes upward, with wrap. */
function walks(ports: readonly number[], size: number): number[] {
  const lengths: number[] = [];
  ports.forEach((port, index) => {
    const before = ports[index - 1];
    const isNext = before !== undefined && port === 40_000 + ((before - 40_000 + 1) % size);
    if (isNext) lengths[lengths.length - 1] = (lengths.at(-1) ?? 0) + 1;
    else lengths.push(1);
  });
  return lengths;
}

describe('the search', () => {
  it('of a small pool asks about each port once, from a drawn one upward, and ends', () => {
    for (let seed = 1; seed < 20; seed++) {
      const { found, ports } = seek(10, [], seed);
      expect(found).toBeUndefined();
      expect(ports).toHaveLength(10);
      expect(new Set(ports).size).toBe(10);
      expect(walks(ports, 10)).toEqual([10]);
    }
  });

  it('begins anywhere', () => {
    const starts = new Set(Array.from({ length: 60 }, (_, seed) => seek(10, [], seed).ports[0]));
    expect(starts.size).toBe(10);
  });

  it('ends at the first free port', () => {
    for (let seed = 1; seed < 20; seed++) {
      const { found, ports } = seek(10, [40_003, 40_007], seed);
      expect(found).toBe(ports.at(-1));
      expect([40_003, 40_007]).toContain(found);
    }
  });

  it('of a large pool tries 128, then 64, 32 and 16 from new starts, though more are free', () => {
    const { found, ports } = seek(20_000);
    expect(found).toBeUndefined();
    expect(walks(ports, 20_000)).toEqual([128, 64, 32, 16]);
  });

  it('of a pool of 128 tries each port once, of 129 also from new starts', () => {
    expect(seek(128).ports).toHaveLength(128);
    expect(seek(129).ports).toHaveLength(240);
  });

  it('is ready to evict in the last 32 tries of each start', () => {
    const isHarder = seek(20_000).asked.map(([, is]) => is);
    const expected = [128, 64, 32, 16].flatMap((tries) =>
      Array.from({ length: tries }, (_, index) => tries - index <= 32),
    );
    expect(isHarder).toEqual(expected);
  });
});
