/** Which ports a fresh Linux machine picks when it sends to these: asked of the engine, never made up. */

import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import { World } from '../../network/world.ts';

/** A machine whose port 32768 to 60999 are all free, and what it does one after the other. */
const rounds = 12;

/**
 * The source ports of one connection after another to each of these ports.
 * @param destinations ports of servers, in the order of the packets on the page.
 * @returns for each destination the ports that were picked, in order.
 */
export function picksFor(destinations: readonly number[]): readonly (readonly number[])[] {
  const actions = Array.from({ length: rounds }, (_, round) =>
    destinations.map((port, place) => ({
      atMs: (round * destinations.length + place) * 1000,
      do: 'connect',
      from: 'client',
      to: `10.0.0.10:${port}`,
    })),
  ).flat();
  const world = new World(
    parseScenario({
      version: 1,
      seed: 42,
      hosts: [
        { name: 'client', os: 'linux', address: '10.0.0.2' },
        {
          name: 'server',
          os: 'linux',
          address: '10.0.0.10',
          listen: destinations.map((port) => ({ port })),
        },
      ],
      actions,
    }),
  );
  world.runToEnd();
  const picked = world.trace.flatMap((event) =>
    event.event === 'port-chosen' && event.host === 'client' ? [event.port] : [],
  );
  return destinations.map((_, place) =>
    picked.filter((_port, at) => at % destinations.length === place),
  );
}
