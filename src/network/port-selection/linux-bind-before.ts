/**
 * The port that Linux before 4.6 gives bind() to port 0: a start drawn from the range, then port by
 * port round it. net/ipv4/inet_connection_sock.c:inet_csk_get_port of 3.10. Left out: the reuse of
 * ports that all have SO_REUSEADDR once half of the range is taken.
 */

import type { Random } from '../../time-and-chance/random.ts';
import type { PortAlgorithm, Selection, SelectionRequest } from './algorithm.ts';
import { selectFrom } from './algorithm.ts';
import type { Obstacles } from './obstacles.ts';
import { upwards } from './round-the-range.ts';

export function createOlderLinuxBind(random: Random): PortAlgorithm {
  const starts = random.fork('bind-start');
  return {
    id: 'linux-bind-before-4.6',
    rotation: 0,
    choose(request: SelectionRequest, obstacles: Obstacles): Selection {
      const { low, high } = request;
      const start = low + starts.below(high - low + 1);
      return selectFrom('linux-bind-before-4.6', request, upwards(low, high, start), obstacles);
    },
  };
}
