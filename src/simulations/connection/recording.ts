/**
 * A session run by the engine. The world runs to its end; what stays is its trace and from which
 * ranges the hosts chose. Everything that is shown is read off such a recording, so the engine
 * itself need not be loaded before the learner does something: the lesson's own scenario is recorded
 * when the page is built.
 */

import { profileOf } from '../../network/os-profiles/profiles.ts';
import type { Scenario } from '../../network/scenario/scenario.ts';
import { World } from '../../network/world.ts';
import { scenarioOf } from './learner-actions.ts';
import type { Session } from './session.ts';
import { openingMoment, type HostRange, type Opening, type Recording } from './story.ts';

/** Room for every timer there is to run out, and an end to any world that would go on by itself. */
const AFTER_THE_LAST_ACTION_MS = 600_000;

/** Runs a session to its end. */
export function record(base: Scenario, session: Session): Recording {
  const scenario = scenarioOf(base, session);
  const world = new World(scenario);
  const ranges: HostRange[] = [];
  const settings = new Map<string, Map<string, string | undefined>>();
  const note = (host: string, index: number): void => {
    const profile = profileOf(scenario.hosts.find((spec) => spec.name === host)?.os ?? '');
    const known = settings.get(host);
    if (profile === undefined || known === undefined) return;
    const { low, high } = profile.portSettings({ get: (key) => known.get(key) }, 'tcp');
    ranges.push({ host, index, low, high });
  };
  for (const host of world.hosts) {
    const values = host.sysctl.keys().map((key) => [key, host.sysctl.get(key)] as const);
    settings.set(host.name, new Map(values));
    note(host.name, 0);
  }
  const last = scenario.actions.at(-1)?.atMs ?? 0;
  world.runToEnd(scenario.untilMs ?? last + AFTER_THE_LAST_ACTION_MS);
  world.trace.forEach((event, index) => {
    if (event.event !== 'sysctl') return;
    settings.get(event.host)?.set(event.key, event.value);
    note(event.host, index + 1);
  });
  return { trace: world.trace, ranges, isCut: false };
}

/** How many events a page carries: enough for a lesson, too few for thousands of connections. */
const MOST_CARRIED = 400;

/** The recording for a page: whole, or where it is long only what leads to the first picture. */
export function carried(recording: Recording, opens: Opening): Recording {
  const { trace, ranges } = recording;
  if (trace.length <= MOST_CARRIED) return recording;
  const firstMs = openingMoment(trace, opens);
  return { trace: trace.filter((event) => event.atMs <= firstMs), ranges, isCut: true };
}
