/** What a choice looked at, told again from the reason in the trace, for every algorithm. */

import { describe, expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import type { SkipReason } from '../trace/trace.ts';
import type { PortAlgorithm } from './algorithm.ts';
import { listCandidates } from './candidates.ts';
import { createOlderLinuxBind } from './linux-bind-before.ts';
import { createOlderLinuxConnect } from './linux-connect-before.ts';
import { createLinuxConnect } from './linux-connect.ts';
import { createLinuxUdp } from './linux-udp.ts';
import { createRfc6056First } from './rfc6056-1.ts';
import { createRfc6056Second } from './rfc6056-2.ts';
import { createRfc6056Third } from './rfc6056-3.ts';
import { createRfc6056Fourth } from './rfc6056-4.ts';
import { createRfc6056Fifth } from './rfc6056-5.ts';
import { obstaclesOf, requestOf } from './selection-fixtures.ts';
import { createTraditional } from './traditional-bsd.ts';

const makers: readonly (readonly [string, (random: Random) => PortAlgorithm, object])[] = [
  ['linux-connect', (random) => createLinuxConnect(random), {}],
  ['linux-connect in ones', (random) => createLinuxConnect(random), { hasOwnRange: true }],
  ['linux-connect in wide steps', (random) => createLinuxConnect(random), { stepWidth: 7 }],
  [
    'linux-connect in wide steps of a range of its own',
    (random) => createLinuxConnect(random),
    { stepWidth: 7, hasOwnRange: true },
  ],
  ['linux before 4.2', (random) => createOlderLinuxConnect(random, 'before-4.2'), {}],
  ['linux 4.2 to 4.5', (random) => createOlderLinuxConnect(random, '4.2-to-4.5'), {}],
  ['linux 4.6 to 5.11', (random) => createOlderLinuxConnect(random, '4.6-to-5.11'), {}],
  ['linux 5.12 to 5.17', (random) => createOlderLinuxConnect(random, '5.12-to-5.17'), {}],
  ['linux bind before 4.6', (random) => createOlderLinuxBind(random), {}],
  ['linux-udp', (random) => createLinuxUdp(random, 256), {}],
  ['rfc6056-1', (random) => createRfc6056First(random), {}],
  ['rfc6056-2', (random) => createRfc6056Second(random), {}],
  ['rfc6056-3', (random) => createRfc6056Third(random), {}],
  ['rfc6056-4', (random) => createRfc6056Fourth(random), {}],
  ['rfc6056-5', (random) => createRfc6056Fifth(random, { largestStep: 4 }), {}],
  ['traditional upwards', () => createTraditional({ direction: 'up' }), {}],
  ['traditional downwards', () => createTraditional({ direction: 'down' }), {}],
];

describe.each(makers)('%s', (_name, make, difference) => {
  it('was asked of each candidate in turn, up to the port that it gave', () => {
    const request = requestOf({ high: 40_011, ...difference });
    const taken = [40_000, 40_001, 40_003, 40_004, 40_006, 40_007, 40_008, 40_010];
    for (let seed = 0; seed < 8; seed++) {
      const algorithm = make(new Random(seed));
      const obstacles = obstaclesOf(algorithm.rotation, {
        bound: taken.slice(0, 4),
        'in-use': taken,
      });
      for (let again = 0; again < 3; again++) {
        const { port, why } = algorithm.choose(request, obstacles);
        const candidates = [...listCandidates(why, (each) => obstacles.reasonFor(each))];
        expect(candidates.length).toBe(why.considered);
        expect(candidates[0]?.port).toBe(why.start);
        const passedOver = port < 0 ? candidates : candidates.slice(0, -1);
        if (port >= 0) expect(candidates.at(-1)).toEqual({ port, skipped: null });
        const counts: Partial<Record<SkipReason, number>> = {};
        for (const { skipped } of passedOver) {
          expect(skipped).not.toBeNull();
          if (skipped !== null) counts[skipped] = (counts[skipped] ?? 0) + 1;
        }
        expect(why.skipped).toEqual(counts);
        for (const { port: each } of candidates) {
          expect(each).toBeGreaterThanOrEqual(40_000);
          expect(each).toBeLessThanOrEqual(40_011);
        }
      }
    }
  });
});
