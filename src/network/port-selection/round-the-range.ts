/** Walks that go round a range port by port: what RFC 6056's walking algorithms share. */

import type { Run } from './obstacles.ts';

/** Every port of a range once: from `start` upwards to `high`, then from `low` on. */
export function upwards(low: number, high: number, start: number): Run[] {
  const runs: Run[] = [{ first: start, step: 1, count: high - start + 1 }];
  if (start > low) runs.push({ first: low, step: 1, count: start - low });
  return runs;
}

/** The same downwards: from `start` to `low`, then from `high` on. */
export function downwards(low: number, high: number, start: number): Run[] {
  const runs: Run[] = [{ first: start, step: -1, count: start - low + 1 }];
  if (start < high) runs.push({ first: high, step: -1, count: high - start });
  return runs;
}
