/**
 * Same scenario, same bytes, also from one state of the project to the next: a change inside the
 * engine must not change a trace, unless it means to (see `trace-bytes.ts`).
 */

import { expect, it } from 'vitest';
import { traceHash } from './trace-bytes.ts';
import hashes from './trace-bytes.json' with { type: 'json' };

it('every scenario that is kept gives the trace that it gave before', () => {
  const now = Object.fromEntries(Object.keys(hashes).map((name) => [name, traceHash(name)]));
  expect(now).toEqual(hashes);
});
