/**
 * The luck of each algorithm, for ever: lessons name the ports that their scenarios give, and a shared
 * link restores what it showed by its seed. Whoever changes a number here changes those.
 */

import { expect, it } from 'vitest';
import { Random } from '../../time-and-chance/random.ts';
import type { PortAlgorithm } from './algorithm.ts';
import { createLinuxBind } from './linux-bind.ts';
import { createOlderLinuxBind } from './linux-bind-before.ts';
import { createOlderLinuxConnect } from './linux-connect-before.ts';
import { createLinuxConnect } from './linux-connect.ts';
import { createLinuxUdp } from './linux-udp.ts';
import { createRfc6056First } from './rfc6056-1.ts';
import { createRfc6056Third } from './rfc6056-3.ts';
import { createRfc6056Fourth } from './rfc6056-4.ts';
import { obstaclesOf, portsOf, requestOf } from './selection-fixtures.ts';

const cases: readonly (readonly [string, (random: Random) => PortAlgorithm, readonly number[]])[] =
  [
    ['linux-connect', (random) => createLinuxConnect(random), [52_352, 52_366, 52_376, 52_384]],
    [
      'linux-connect-before-4.2',
      (random) => createOlderLinuxConnect(random, 'before-4.2'),
      [52_375, 52_376, 52_377, 52_378],
    ],
    [
      'linux-connect-4.2-to-4.5',
      (random) => createOlderLinuxConnect(random, '4.2-to-4.5'),
      [52_374, 52_376, 52_378, 52_380],
    ],
    [
      'linux-connect-4.6-to-5.11',
      (random) => createOlderLinuxConnect(random, '4.6-to-5.11'),
      [52_374, 52_376, 52_378, 52_380],
    ],
    [
      'linux-connect-5.12-to-5.17',
      (random) => createOlderLinuxConnect(random, '5.12-to-5.17'),
      [48_480, 48_482, 48_484, 48_486],
    ],
    ['linux-bind', (random) => createLinuxBind(random), [33_189, 51_159, 52_777, 52_121]],
    [
      'linux-bind-before-4.6',
      (random) => createOlderLinuxBind(random),
      [33_188, 51_159, 52_777, 52_121],
    ],
    ['linux-udp', (random) => createLinuxUdp(random), [33_424, 57_080, 51_138, 33_852]],
    ['rfc6056-1', (random) => createRfc6056First(random), [53_735, 51_355, 50_140, 37_383]],
    ['rfc6056-3', (random) => createRfc6056Third(random), [47_332, 47_333, 47_334, 47_335]],
    ['rfc6056-4', (random) => createRfc6056Fourth(random), [45_005, 45_006, 45_007, 45_008]],
  ];

it.each(cases)('%s gives seed 42 these ports', (id, make, expected) => {
  const algorithm = make(new Random(42));
  const request = requestOf({ low: 32_768, high: 60_999 });
  const choose = (): ReturnType<PortAlgorithm['choose']> =>
    algorithm.choose(request, obstaclesOf(algorithm.rotation));
  const selections = [choose(), choose(), choose(), choose()];
  expect(portsOf(selections)).toEqual(expected);
  expect([algorithm.id, ...selections.map(({ why }) => why.algorithm)]).toEqual(
    new Array(5).fill(id),
  );
});
