/**
 * The port that Linux gives bind() to port 0, and listen() on a socket without a port: a start drawn
 * each time, first all candidates at an odd distance from the low end (connect() begins with the
 * others, so that the two keep out of each other's way), then those at an even distance. A socket with
 * SO_REUSEADDR looks through the lower half of the range first.
 *
 * Source: kernel 6.12 and 7.3, net/ipv4/inet_connection_sock.c:inet_csk_find_open_port. Measured on
 * 6.18.
 */

import type { Random } from '../../time-and-chance/random.ts';
import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import { selectFrom } from './algorithm.ts';
import type { Obstacles, Run } from './obstacles.ts';
import { pass, walkLength } from './parity-passes.ts';

/** Ports below which a range is not halved. */
const smallestHalved = 4;

/** The two halves in which a socket with SO_REUSEADDR looks, or the one range of others. */
export function linuxBindParts(
  low: number,
  high: number,
  reuseAddress: boolean,
): [number, number][] {
  const ports = high - low + 1;
  if (!reuseAddress || ports < smallestHalved) return [[low, high]];
  const half = low + ((ports >> 2) << 1);
  return [
    [low, half - 1],
    [half, high],
  ];
}

function linuxBindRuns(low: number, high: number, offset: number): Run[] {
  const length = walkLength(low, high);
  return [...pass(low, high, length, offset, 2), ...pass(low, high, length, offset - 1, 2)];
}

/** Every candidate again, from the parameters of a reason: one offset, or two for the two halves. */
export function linuxBindRunsAgain(
  low: number,
  high: number,
  { offset = 1, upperOffset }: Readonly<Record<string, number>>,
): Run[] {
  return linuxBindParts(low, high, upperOffset !== undefined).flatMap(([partLow, partHigh], i) =>
    linuxBindRuns(partLow, partHigh, i === 0 ? offset : (upperOffset ?? 1)),
  );
}

export function createLinuxBind(random: Random): PortAlgorithm {
  const starts = random.fork('bind-start');
  return {
    id: 'linux-bind',
    rotation: 1,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const parts = linuxBindParts(request.low, request.high, request.reuseAddress);
      const offsets = parts.map(([low, high]) => starts.below(walkLength(low, high)) | 1);
      const [offset = 1, upperOffset] = offsets;
      const runs = parts.flatMap(([low, high], i) => linuxBindRuns(low, high, offsets[i] ?? 1));
      const parameters = upperOffset === undefined ? { offset } : { offset, upperOffset };
      return selectFrom('linux-bind', request, runs, obstacles, parameters);
    },
  };
}
