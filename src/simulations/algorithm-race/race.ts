/**
 * The engine's algorithms on the same load. Everything is worked out again from the setup, so that a
 * link, a pause put in and a step more all show one truth.
 */

import { Obstacles } from '../../network/port-selection/obstacles.ts';
import { PortSet } from '../../network/data-structures/port-set.ts';
import type { PortAlgorithm } from '../../network/port-selection/algorithm.ts';
import { createLinuxBind } from '../../network/port-selection/linux-bind.ts';
import { createLinuxConnect } from '../../network/port-selection/linux-connect.ts';
import { createRfc6056First } from '../../network/port-selection/rfc6056-1.ts';
import { createRfc6056Second } from '../../network/port-selection/rfc6056-2.ts';
import { createRfc6056Third } from '../../network/port-selection/rfc6056-3.ts';
import { createRfc6056Fourth } from '../../network/port-selection/rfc6056-4.ts';
import { createRfc6056Fifth } from '../../network/port-selection/rfc6056-5.ts';
import { createTraditional } from '../../network/port-selection/traditional-bsd.ts';
import { Random } from '../../time-and-chance/random.ts';
import { contestants, HIGH, LOW } from './contestants.ts';
import type { Contestant, Lanes, RaceSetup } from './contestants.ts';

const CLIENT = 0x0a000002;
const FIRST_SERVER = 0xc6336401;
/** Between two connections, and for a pause. */
const STEP_MS = 10;
const PAUSE_MS = 10_000;

const makers: Readonly<Record<Contestant, (random: Random) => PortAlgorithm>> = {
  'traditional-up': (random) => {
    const start = random.fork('start');
    const first = (low: number, high: number): number => low + start.below(high - low + 1);
    return createTraditional({ direction: 'up', first });
  },
  'rfc6056-1': createRfc6056First,
  'rfc6056-2': createRfc6056Second,
  'rfc6056-3': createRfc6056Third,
  'rfc6056-4': (random) => createRfc6056Fourth(random),
  'rfc6056-5': (random) => createRfc6056Fifth(random),
  'linux-connect': (random) => createLinuxConnect(random),
  'linux-bind': createLinuxBind,
};

/**
 * The ports of one contestant: `count` of them and the next, all kept open. A bound port is taken for
 * every destination, one chosen while connecting only for its own.
 * @param seed a whole number; one seed, one race.
 */
export function laneOf(
  contestant: Contestant,
  seed: number,
  { load, count, pauses }: RaceSetup,
): readonly number[] {
  const algorithm = makers[contestant](new Random(seed).fork('algorithm race').fork(contestant));
  const taken = new PortSet(algorithm.rotation);
  const isBind = contestant === 'linux-bind';
  return Array.from({ length: count + 1 }, (_, index) => {
    const { port } = algorithm.choose(
      {
        low: LOW,
        high: HIGH,
        localAddress: CLIENT,
        remoteAddress: isBind ? 0 : FIRST_SERVER + (load === 'other' ? index : 0),
        remotePort: isBind ? 0 : 443,
        nowMs: index * STEP_MS + pauses.filter((after) => after <= index).length * PAUSE_MS,
        reuseAddress: false,
        hasOwnRange: false,
      },
      new Obstacles([{ reason: 'in-use', ports: taken }]),
    );
    if (isBind || load === 'same') taken.add(port);
    return port;
  });
}

export function race(seed: number, setup: RaceSetup): Lanes {
  return Object.fromEntries(
    contestants.map((contestant) => [contestant, laneOf(contestant, seed, setup)]),
  ) as Lanes;
}
