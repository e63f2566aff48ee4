/**
 * The port that Linux gives a UDP socket, by bind() to port 0, connect() or the first sendto(). UDP
 * keeps its sockets in a hash table by port; the search draws a port of the range, then tries the
 * other ports of the same slot in a drawn order, then those of the next slot, and so on. No parity,
 * no destination. In a range smaller than the table that is: the next free port upwards.
 *
 * Source: kernel 6.12 and 7.3, net/ipv4/udp.c:udp_lib_get_port. Measured on 6.18.
 */

import type { Random } from '../../time-and-chance/random.ts';
import { countByFirstSet, firstPlaceInNone, PortSet } from '../data-structures/port-set.ts';
import type { SkipReason, SkippedRun } from '../trace/trace.ts';
import {
  namedStretches,
  type PortAlgorithm,
  type Selection,
  type SelectionRequest,
} from './algorithm.ts';
import type { Obstacles } from './obstacles.ts';

/**
 * Every candidate in order. `slots`: the size of the hash table, a power of two; `multiplier`: odd,
 * says in which order the ports of a slot come.
 */
export function* linuxUdpCandidates(
  low: number,
  high: number,
  start: number,
  { slots = 1, multiplier = 1 }: Readonly<Record<string, number>>,
): Generator<number> {
  for (let slot = 0; slot < slots; slot++) {
    const first = (start + slot) & 0xffff;
    const lowestInRange = low + ((first - low) & (slots - 1));
    if (lowestInRange <= high) yield* portsOfSlot(first, slots, multiplier, low, high);
  }
}

function* portsOfSlot(
  first: number,
  slots: number,
  multiplier: number,
  low: number,
  high: number,
): Generator<number> {
  const stride = Math.imul(multiplier, slots) & 0xffff;
  let port = first;
  do {
    if (port >= low && port <= high) yield port;
    port = (port + stride) & 0xffff;
  } while (port !== first);
}

/**
 * `slots`: the kernel sizes its hash table by the machine's memory; 16,384 on the machine of the
 * recordings (24 GB), 256 at least (UDP_HTABLE_SIZE_MIN).
 */
export function createLinuxUdp(random: Random, slots = 16_384): PortAlgorithm {
  const starts = random.fork('udp-start');
  const rotation = Math.log2(slots);
  /** Ports out of the last range: candidates that are never even looked at. */
  let outside = { low: 0, high: 65535, ports: new PortSet(rotation) };
  const portsOutside = (low: number, high: number): PortSet => {
    if (low !== outside.low || high !== outside.high) {
      outside = { low, high, ports: new PortSet(rotation) };
      outside.ports.addRange(0, low - 1);
      outside.ports.addRange(high + 1, 65535);
    }
    return outside.ports;
  };

  return {
    id: 'linux-udp',
    rotation,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const start = low + starts.below(high - low + 1);
      const parameters = { slots, multiplier: starts.below(32768) * 2 + 1 };
      const sets = [portsOutside(low, high), ...obstacles.list.map(({ ports }) => ports)];
      const counts: number[] = [];
      const perSlot = 65536 / slots;

      // Whole slots without a free port are counted; the slot with one is gone through.
      const firstSlot = start & (slots - 1);
      const from = firstSlot * perSlot;
      let place = firstPlaceInNone(sets, from, 65535);
      const end = place < 0 ? 65536 : place - (place % perSlot);
      countByFirstSet(sets, from, end - 1, counts);
      if (place < 0) {
        place = firstPlaceInNone(sets, 0, from - 1);
        countByFirstSet(sets, 0, (place < 0 ? from : place - (place % perSlot)) - 1, counts);
      }
      const skipped: Partial<Record<SkipReason, number>> = {};
      let considered = 0;
      obstacles.list.forEach(({ reason }, i) => {
        const count = counts[i + 1] ?? 0;
        if (count > 0) skipped[reason] = (skipped[reason] ?? 0) + count;
        considered += count;
      });
      let port = -1;
      if (place >= 0) {
        const slot = Math.floor(place / perSlot);
        const first = (start + ((slot - firstSlot) & (slots - 1))) & 0xffff;
        for (const candidate of portsOfSlot(first, slots, parameters.multiplier, low, high)) {
          considered++;
          const reason = obstacles.reasonFor(candidate);
          if (reason === null) {
            port = candidate;
            break;
          }
          skipped[reason] = (skipped[reason] ?? 0) + 1;
        }
      }
      const order = linuxUdpCandidates(low, high, start, parameters);
      const firstSkipped = namedSkips(order, obstacles);
      return {
        port,
        why: {
          algorithm: 'linux-udp',
          range: [low, high],
          start,
          step: 1,
          considered,
          skipped,
          parameters,
          ...(firstSkipped.length > 0 ? { firstSkipped } : {}),
        },
      };
    },
  };
}

/** The first few candidates, up to the one that is free. */
function namedSkips(candidates: Iterable<number>, obstacles: Obstacles): SkippedRun[] {
  const found: SkippedRun[] = [];
  for (const port of candidates) {
    const reason = obstacles.reasonFor(port);
    if (reason === null) break;
    found.push({ first: port, last: port, count: 1, reason });
    if (found.length === namedStretches) break;
  }
  return found;
}
