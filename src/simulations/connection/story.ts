/**
 * A session told by the engine: the world is run to its end, and what it left behind (the trace) is
 * what every part of the picture is read off.
 */

import { profileOf } from '../../network/os-profiles/profiles.ts';
import { Replay } from '../../network/replay.ts';
import type { Scenario } from '../../network/scenario.ts';
import type { ReplaySocket } from '../../network/replay.ts';
import type { PortChosenEvent, TraceEvent } from '../../network/trace.ts';
import { World } from '../../network/world.ts';
import { visibleSockets } from '../../simulation-kit/socket-rows.ts';
import { timelineOf, type Timeline } from '../../simulation-kit/timeline.ts';
import { questionsOf, type Question } from './prediction.ts';
import { castOf, scenarioOf, type Cast, type Session } from './session.ts';

/** Room for every timer there is to run out, and an end to any world that would go on by itself. */
const AFTER_THE_LAST_DEED_MS = 600_000;

export interface PortRangeOfHost {
  readonly low: number;
  readonly high: number;
}

export interface Story {
  readonly cast: Cast;
  readonly trace: readonly TraceEvent[];
  readonly replay: Replay;
  readonly timeline: Timeline;
  readonly questions: readonly Question[];
  /** The clients' choices of a port, with their places in the trace. */
  readonly choices: readonly { readonly index: number; readonly event: PortChosenEvent }[];
  /** From which range a host chooses TCP ports, at the replay's moment. */
  rangeOf(host: string): PortRangeOfHost;
}

/** Runs a session. */
export function tell(base: Scenario, session: Session): Story {
  const scenario = scenarioOf(base, session);
  const cast = castOf(base, session);
  const world = new World(scenario);
  const settings = new Map(
    world.hosts.map((host) => [
      host.name,
      new Map(host.sysctl.keys().map((key) => [key, host.sysctl.get(key)])),
    ]),
  );
  const last = scenario.actions.at(-1)?.atMs ?? 0;
  world.runToEnd(scenario.untilMs ?? last + AFTER_THE_LAST_DEED_MS);
  const { trace } = world;
  const replay = new Replay(trace);
  const clients = new Set(cast.clients.map((host) => host.name));
  const choices: { index: number; event: PortChosenEvent }[] = [];
  trace.forEach((event, index) => {
    if (event.event === 'port-chosen' && clients.has(event.host)) choices.push({ index, event });
  });
  const systems = new Map(scenario.hosts.map((host) => [host.name, host.os]));
  return {
    cast,
    trace,
    replay,
    timeline: timelineOf(trace, scenario.latencyMs),
    questions: questionsOf(trace),
    choices,
    rangeOf(host) {
      const reader = {
        get: (key: string) => replay.sysctl(host, key) ?? settings.get(host)?.get(key),
      };
      const profile = profileOf(systems.get(host) ?? '');
      const { low, high } = profile?.portSettings(reader, 'tcp') ?? { low: 0, high: 65_535 };
      return { low, high };
    },
  };
}

/** Every host's sockets after the first `index` events, as its table lists them. */
export function socketsOf(
  story: Story,
  index: number,
): ReadonlyMap<string, readonly ReplaySocket[]> {
  const { replay, cast } = story;
  replay.seekIndex(index);
  return new Map(
    [...cast.clients, ...cast.servers].map((host) => [
      host.name,
      visibleSockets(replay.sockets(host.name)),
    ]),
  );
}

/**
 * The moment that tells the story while the picture stands still: a segment half-way. Where the
 * learner is to predict the reply it is the first request; otherwise the first page on its way back.
 */
export function restMoment(trace: readonly TraceEvent[], isPredicting: boolean): number {
  let fallback = 0;
  for (const event of trace) {
    if (event.event !== 'segment' || event.phase !== 'sent' || event.arrivesAtMs === undefined)
      continue;
    const middle = (event.atMs + event.arrivesAtMs) / 2;
    const isAnswer = event.flags.includes('SYN') && event.flags.includes('ACK');
    if (fallback === 0) fallback = middle;
    if (isPredicting) return middle;
    if (isAnswer) return middle;
  }
  return fallback;
}
