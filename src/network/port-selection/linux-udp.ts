/**
 * The port that Linux gives a UDP socket, by bind() to port 0, connect() or the first sendto(). UDP
 * keeps its sockets in a hash table by port; the search draws a port of the range, then tries the
 * other ports of the same slot in a drawn order, then those of the next slot, and so on. No parity,
 * no destination. In a range smaller than the table that is: the next free port upwards.
 *
 * Source: kernel 6.12 and 7.3, net/ipv4/udp.c:udp_lib_get_port. Measured on 6.18.
 */

import type { Random } from '../../time-and-chance/random.ts';
import { namedStretches } from './algorithm.ts';
import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import type { Obstacles } from './obstacles.ts';
import type { SkipReason, SkippedRun } from '../trace.ts';

/** Every candidate in order: `multiplier` is odd and says in which order a slot's ports come. */
export function* linuxUdpCandidates(
  low: number,
  high: number,
  start: number,
  slots: number,
  multiplier: number,
): Generator<number> {
  const stride = Math.imul(multiplier, slots) & 0xffff;
  for (let slot = 0; slot < slots; slot++) {
    const first = (start + slot) & 0xffff;
    let port = first;
    do {
      if (port >= low && port <= high) yield port;
      port = (port + stride) & 0xffff;
    } while (port !== first);
  }
}

/** `slots`: the size of the hash table, a power of two; the kernel chooses it by the memory it finds. */
export function createLinuxUdp(random: Random, slots = 4096): PortAlgorithm {
  const starts = random.fork('udp-start');
  return {
    id: 'linux-udp',
    rotation: 0,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const start = low + starts.below(high - low + 1);
      const multiplier = starts.uint32() | 1;
      const skipped: Partial<Record<SkipReason, number>> = {};
      const firstSkipped: SkippedRun[] = [];
      let considered = 0;
      let chosen = -1;
      for (const port of linuxUdpCandidates(low, high, start, slots, multiplier)) {
        considered++;
        const reason = obstacles.reasonFor(port);
        if (reason === null) {
          chosen = port;
          break;
        }
        skipped[reason] = (skipped[reason] ?? 0) + 1;
        if (firstSkipped.length < namedStretches) {
          firstSkipped.push({ first: port, last: port, count: 1, reason });
        }
      }
      return {
        port: chosen,
        why: {
          algorithm: 'linux-udp',
          range: [low, high],
          start,
          step: 1,
          considered,
          skipped,
          ...(firstSkipped.length > 0 ? { firstSkipped } : {}),
        },
      };
    },
  };
}
