/**
 * A recording laid out for showing: who is there, what happens when, which questions can be asked,
 * and a replay that can show any moment.
 */

import { Replay } from '../../network/trace/replay.ts';
import type { Scenario } from '../../network/scenario/scenario.ts';
import type { ReplaySocket } from '../../network/trace/replay.ts';
import type {
  ErrorEvent,
  PortChoiceReason,
  PortChosenEvent,
  TraceEvent,
} from '../../network/trace/trace.ts';
import { isListed, visibleSockets } from '../../simulation-kit/socket-rows.ts';
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

/** A call that fails, and how long that is the latest thing that has happened. */
export interface Failure {
  readonly event: ErrorEvent;
  /** It has happened once so many events have. */
  readonly from: number;
  /** When more events than this have happened, something else came after it. */
  readonly until: number;
}

function failuresOf(trace: readonly TraceEvent[], clients: ReadonlySet<string>): Failure[] {
  const failures: Failure[] = [];
  let open: { event: ErrorEvent; from: number } | null = null;
  const end = (until: number): void => {
    if (open !== null) failures.push({ ...open, until });
    open = null;
  };
  trace.forEach((event, index) => {
    const isNew =
      event.event === 'port-chosen' ||
      ((event.event === 'segment' || event.event === 'datagram') && event.phase === 'sent') ||
      (event.event === 'error' && clients.has(event.host));
    if (!isNew) return;
    end(index);
    if (event.event === 'error') open = { event, from: index + 1 };
  });
  end(trace.length);
  return failures;
}

/** The failure that is the latest thing that has happened, if one is. */
export function failureAt(failures: readonly Failure[], index: number): ErrorEvent | null {
  let low = 0;
  let high = failures.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((failures[middle]?.from ?? 0) <= index) low = middle + 1;
    else high = middle;
  }
  const last = failures[low - 1];
  return last !== undefined && index <= last.until ? last.event : null;
}

export interface Story {
  readonly cast: Cast;
  readonly trace: readonly TraceEvent[];
  readonly replay: Replay;
  readonly timeline: Timeline;
  readonly questions: readonly Question[];
  /** The clients' choices of a port, failed ones too, with their places in the trace. */
  readonly choices: readonly { readonly index: number; readonly event: Choice }[];
  /** The clients' calls that fail, in their order. */
  readonly failures: readonly Failure[];
  /** So many events have happened before anybody does anything: servers listen, settings are made. */
  readonly opening: number;
  /** How many sockets each host lists at most at one time. */
  readonly mostSockets: ReadonlyMap<string, number>;
  /** From which range a host chooses TCP ports, once so many events have happened. */
  rangeOf(host: string, index: number): { readonly low: number; readonly high: number };
}

function openingOf(trace: readonly TraceEvent[]): number {
  const first = trace.findIndex(
    (event) =>
      event.atMs > 0 ||
      !(
        event.event === 'sysctl' ||
        (event.event === 'state' && (event.state === 'LISTEN' || event.state === 'UNCONN'))
      ),
  );
  return first < 0 ? trace.length : first;
}

function mostSocketsOf(trace: readonly TraceEvent[]): ReadonlyMap<string, number> {
  const hosts = new Map<string, { readonly listed: Set<number>; most: number }>();
  for (const event of trace) {
    if (event.event !== 'state') continue;
    let host = hosts.get(event.host);
    if (host === undefined) hosts.set(event.host, (host = { listed: new Set(), most: 0 }));
    if (isListed(event)) host.listed.add(event.socket);
    else host.listed.delete(event.socket);
    if (host.listed.size > host.most) host.most = host.listed.size;
  }
  return new Map([...hosts].map(([name, { most }]) => [name, most]));
}

/**
 * Lays a session's recording out.
 * @param known the cast of the story before: where it is the same, what shows it has nothing to do
 */
export function storyOf(
  base: Scenario,
  session: Session,
  recording: Recording,
  known?: Cast,
): Story {
  const own = castOf(base, session);
  const cast = known !== undefined && JSON.stringify(own) === JSON.stringify(known) ? known : own;
  const { trace, ranges } = recording;
  const replay = new Replay(trace);
  const clients = new Set(cast.clients.map((host) => host.name));
  const choices: { index: number; event: Choice }[] = [];
  trace.forEach((event, index) => {
    if (isChoice(event) && clients.has(event.host)) choices.push({ index, event });
  });
  let questions: readonly Question[] | undefined;
  return {
    cast,
    trace,
    replay,
    timeline: timelineOf(trace, base.latencyMs),
    /** Found when the first is asked for. */
    get questions() {
      return (questions ??= questionsOf(trace));
    },
    choices,
    failures: failuresOf(trace, clients),
    opening: openingOf(trace),
    mostSockets: mostSocketsOf(trace),
    rangeOf(name, happened) {
      const found = ranges.findLast(({ host, index }) => host === name && index <= happened);
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

/** A moment that tells the story while the picture stands still: the first answer half-way. */
function midwayMoment(trace: readonly TraceEvent[]): number {
  let fallback = 0;
  for (const event of trace) {
    if (event.event !== 'segment' || event.phase !== 'sent' || event.arrivesAtMs === undefined)
      continue;
    const middle = (event.atMs + event.arrivesAtMs) / 2;
    if (event.flags.includes('SYN') && event.flags.includes('ACK')) return middle;
    if (fallback === 0) fallback = middle;
  }
  return fallback;
}

/** Where a simulator is at first: before anything has happened, or in the middle of a story. */
export type Opening = 'before' | 'midway';

/** The moment a simulator opens at. */
export function openingMoment(trace: readonly TraceEvent[], opens: Opening): number {
  return opens === 'before' ? 0 : midwayMoment(trace);
}
