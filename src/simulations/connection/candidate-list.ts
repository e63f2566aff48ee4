/**
 * Every candidate of one choice of a port, in the order in which the system looked at them, each with
 * its reason. The trace names only the first few, so the world is run again up to that choice and
 * asked there. Part of the engine: loaded and run only when somebody wants to see the list.
 */

import { listCandidates, type Candidate } from '../../network/port-selection/candidates.ts';
import type { Scenario } from '../../network/scenario/scenario.ts';
import type { Protocol } from '../../network/protocol.ts';
import type { TraceEvent } from '../../network/trace/trace.ts';
import { World } from '../../network/world.ts';
import { scenarioOf } from './learner-actions.ts';
import type { Session } from './session.ts';

/** The choice that an event reports, read off the world at that moment. */
function listAt(world: World, event: TraceEvent): readonly Candidate[] {
  const host = world.host(
    event.event === 'port-chosen' || event.event === 'error' ? event.host : '',
  );
  if (host === undefined) return [];
  const list = (protocol: Protocol, why: Parameters<typeof listCandidates>[0]): Candidate[] => [
    ...listCandidates(why, (port) => host.passedOverFor(protocol, port)),
  ];
  if (event.event === 'port-chosen') {
    return list(event.protocol, event.why).map((each) =>
      each.port === event.port ? { ...each, skipped: null } : each,
    );
  }
  if (event.event !== 'error' || event.why === undefined) return [];
  // The event does not say of which protocol: it is the one in whose table nothing was free.
  const tcp = list('tcp', event.why);
  return tcp.length > 0 && tcp.every(({ skipped }) => skipped !== null)
    ? tcp
    : list('udp', event.why);
}

/** The candidates of the choice at `index` in the session's trace; none where it is no choice. */
export function candidatesAt(
  base: Scenario,
  session: Session,
  index: number,
): readonly Candidate[] {
  let count = 0;
  let world: World | null = null;
  let found: readonly Candidate[] = [];
  const look = (event: TraceEvent): void => {
    if (count === index) found = world === null ? [] : listAt(world, event);
    count += 1;
  };
  world = new World(scenarioOf(base, session), { trace: look });
  world.runWhile(() => count <= index);
  return found;
}
