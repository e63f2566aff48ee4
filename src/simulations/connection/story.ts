/**
 * A recording laid out for showing: who is there, what happens when, which questions can be asked,
 * and a replay that stands at any moment.
 */

import { Replay } from '../../network/replay.ts';
import type { Scenario } from '../../network/scenario.ts';
import type { ReplaySocket } from '../../network/replay.ts';
import type {
  ErrorEvent,
  PortChoiceReason,
  PortChosenEvent,
  TraceEvent,
} from '../../network/trace.ts';
import { visibleSockets } from '../../simulation-kit/socket-rows.ts';
import { timelineOf, type Timeline } from '../../simulation-kit/timeline.ts';
import { questionsOf, type Question } from './prediction.ts';
import { castOf, type Cast, type Session } from './session.ts';

/** From which range a host chooses TCP ports, once `index` events of the trace have happened. */
export interface HostRange {
  readonly host: string;
  readonly index: number;
  readonly low: number;
  readonly high: number;
}

/** Plain data, as the engine leaves it and a page can carry it. */
export interface Recording {
  readonly trace: readonly TraceEvent[];
  readonly ranges: readonly HostRange[];
  /** Later events are missing; the engine has to run before time goes on. */
  readonly isCut: boolean;
}

/** A port was looked for, and none was free. */
export type FailedChoice = ErrorEvent & { readonly why: PortChoiceReason };
export type Choice = PortChosenEvent | FailedChoice;

function isChoice(event: TraceEvent): event is Choice {
  return event.event === 'port-chosen' || (event.event === 'error' && event.why !== undefined);
}

export interface Story {
  readonly cast: Cast;
  readonly trace: readonly TraceEvent[];
  readonly replay: Replay;
  readonly timeline: Timeline;
  readonly questions: readonly Question[];
  /** The clients' choices of a port, failed ones too, with their places in the trace. */
  readonly choices: readonly { readonly index: number; readonly event: Choice }[];
  /** From which range a host chooses TCP ports, at the replay's moment. */
  rangeOf(host: string): { readonly low: number; readonly high: number };
}

/** Lays a session's recording out. */
export function storyOf(base: Scenario, session: Session, recording: Recording): Story {
  const cast = castOf(base, session);
  const { trace, ranges } = recording;
  const replay = new Replay(trace);
  const clients = new Set(cast.clients.map((host) => host.name));
  const choices: { index: number; event: Choice }[] = [];
  trace.forEach((event, index) => {
    if (isChoice(event) && clients.has(event.host)) choices.push({ index, event });
  });
  return {
    cast,
    trace,
    replay,
    timeline: timelineOf(trace, base.latencyMs),
    questions: questionsOf(trace),
    choices,
    rangeOf(name) {
      const found = ranges.findLast(({ host, index }) => host === name && index <= replay.index);
      return { low: found?.low ?? 0, high: found?.high ?? 65_535 };
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
