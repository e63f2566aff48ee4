/** Small worlds of the engine from which generators read their answers. */

import type { Host } from '../../network/system-calls/host.ts';
import { parseScenario } from '../../network/scenario/scenario-parser.ts';
import type { SegmentEvent } from '../../network/trace/trace.ts';
import { World } from '../../network/world.ts';

/**
 * A world that has run as far as it goes, or to `untilMs`.
 * @param scenario as in a scenario's file, without `version`.
 * @throws RangeError from the scenario's parser.
 */
export function worldAfter(scenario: Readonly<Record<string, unknown>>): World {
  const world = new World(parseScenario({ version: 1, ...scenario }));
  world.runToEnd();
  return world;
}

/** The segments of a world in the order in which they were sent. */
export function segmentsSent(world: World): readonly SegmentEvent[] {
  return world.trace.filter(
    (event): event is SegmentEvent => event.event === 'segment' && event.phase === 'sent',
  );
}

/** @throws RangeError where the world has no such host. */
export function hostOf(world: World, name: string): Host {
  const host = world.host(name);
  if (!host) throw new RangeError(`there is no host "${name}".`);
  return host;
}

/** The port at the end of `10.0.0.2:40000`. */
export function portOf(endpoint: string): number {
  return Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
}
