/**
 * What a caller outside finds at a server's TCP ports, for answers that the engine works out: open
 * (SYN ACK came back), closed (RST came back) or filtered (nothing came back in time).
 */

import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import type { SegmentEvent } from '../../network/trace/trace.ts';
import { World } from '../../network/world.ts';

export type Finding = 'open' | 'closed' | 'filtered';

/** Long enough for SYNs at 0, 1 and 3 seconds; scanners wait no longer. */
const PATIENCE_MS = 6_500;

/**
 * @param listen what listens, as `listen` of a scenario's host.
 * @param firewall as `firewall` of a scenario's host; undefined: none.
 * @param ports 0–65535, asked all at once.
 * @returns one finding for each port, in their order.
 * @throws RangeError from the scenario's parser, where `listen` or `firewall` is none.
 */
export function seenFromOutside(
  listen: unknown,
  firewall: unknown,
  ports: readonly number[],
): readonly Finding[] {
  const world = new World(
    parseScenario({
      version: 1,
      seed: 1,
      hosts: [
        {
          name: 'server',
          os: 'linux',
          address: '10.0.0.10',
          listen,
          ...(firewall === undefined ? {} : { firewall }),
        },
        { name: 'caller', os: 'linux', address: '10.0.0.66' },
      ],
      actions: ports.map((port, index) => ({
        atMs: 0,
        do: 'connect',
        from: 'caller',
        to: `10.0.0.10:${port}`,
        request: 0,
        as: `call-${index}`,
      })),
      untilMs: PATIENCE_MS,
    }),
  );
  world.runToEnd();
  return ports.map((port) => {
    const reply = world.trace.find(
      (event): event is SegmentEvent =>
        event.event === 'segment' &&
        event.phase === 'arrived' &&
        event.from === `10.0.0.10:${port}`,
    );
    if (!reply) return 'filtered';
    return reply.flags.includes('RST') ? 'closed' : 'open';
  });
}
