/**
 * A recording laid out for showing: who is there, what happens when, which questions can be asked,
 * and a replay that can show any moment.
 */

import { Replay } from '../../network/trace/replay.ts';
import type { HostSpec, Scenario } from '../../network/scenario/scenario.ts';
import type { ReplaySocket } from '../../network/trace/replay.ts';
import type {
  ErrorEvent,
  PortChoiceReason,
  PortChosenEvent,
  StateEvent,
  TraceEvent,
} from '../../network/trace/trace.ts';
import { isListed, MOST_LINES, visibleSockets } from '../../simulation-kit/socket-rows.ts';
import { Timeline } from '../../simulation-kit/timeline.ts';
import { Questions, type Question } from './prediction.ts';
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
  /** No event is missing. The others are still to come, and time waits for them. */
  readonly isWhole: boolean;
  /** So many events have happened before anybody does anything: servers listen, settings are made. */
  readonly opening: number;
  /** When the last thing was done: after that nothing happens but that TIME-WAIT ends. */
  readonly doneMs: number;
  /** How many sockets each host lists at most at one time. */
  readonly mostSockets: ReadonlyMap<string, number>;
  /** From which range a host chooses TCP ports, once so many events have happened. */
  rangeOf(host: string, index: number): { readonly low: number; readonly high: number };
}

/** Whether it is no more than a setting that is made, or a server that begins to listen. */
function isOpening(event: TraceEvent): boolean {
  return (
    event.atMs <= 0 &&
    (event.event === 'sysctl' ||
      (event.event === 'state' && (event.state === 'LISTEN' || event.state === 'UNCONN')))
  );
}

/** Whether nobody does anything: a socket has waited long enough. */
function isTimeUp(event: TraceEvent): boolean {
  return event.event === 'state' && event.state === 'CLOSED' && event.was === 'TIME-WAIT';
}

/** Whether it is something that comes after a call that has failed, in the eyes of a learner. */
function isNews(event: TraceEvent, clients: ReadonlySet<string>): boolean {
  return (
    event.event === 'port-chosen' ||
    ((event.event === 'segment' || event.event === 'datagram') && event.phase === 'sent') ||
    (event.event === 'error' && clients.has(event.host))
  );
}

/** Lays a trace out while it is still being made: each event is looked at once. */
export class Telling {
  readonly replay: Replay;
  readonly #cast: Cast;
  readonly #clients: ReadonlySet<string>;
  readonly #timeline: Timeline;
  readonly #questions: Questions;
  readonly #choices: { index: number; event: Choice }[] = [];
  readonly #failures: Failure[] = [];
  /** The latest thing that has happened is a call that failed. */
  #failed: { readonly event: ErrorEvent; readonly from: number } | null = null;
  readonly #listed = new Map<string, Set<number>>();
  readonly #mostSockets = new Map<string, number>();
  #opening: number | null = null;
  #doneMs = 0;
  #taken = 0;

  /** @param trace the same array all the time, which may grow */
  constructor(base: Scenario, session: Session, trace: readonly TraceEvent[]) {
    this.#cast = castOf(base, session);
    this.#clients = new Set(this.#cast.clients.map((host) => host.name));
    this.#timeline = new Timeline(base.latencyMs);
    this.#questions = new Questions(trace);
    this.replay = new Replay(trace);
  }

  /** A client and a server have as many sockets as a table shows: those of a stream are as high as they will be. */
  get fillsTables(): boolean {
    const isFull = ({ name }: HostSpec): boolean =>
      (this.#mostSockets.get(name) ?? 0) >= MOST_LINES;
    return this.#cast.clients.some(isFull) && this.#cast.servers.some(isFull);
  }

  /** Takes in what has been added to the trace since. */
  takeIn(): void {
    const { trace } = this.replay;
    for (; this.#taken < trace.length; this.#taken += 1) {
      const event = trace[this.#taken];
      if (event !== undefined) this.#take(event, this.#taken);
    }
    this.replay.extend();
  }

  #take(event: TraceEvent, index: number): void {
    this.#timeline.take(event);
    if (!isTimeUp(event)) this.#doneMs = event.atMs;
    if (this.#opening === null && !isOpening(event)) this.#opening = index;
    if (isChoice(event) && this.#clients.has(event.host)) this.#choices.push({ index, event });
    if (event.event === 'state') this.#count(event);
    if (!isNews(event, this.#clients)) return;
    if (this.#failed !== null) this.#failures.push({ ...this.#failed, until: index });
    this.#failed = event.event === 'error' ? { event, from: index + 1 } : null;
  }

  #count(event: StateEvent): void {
    let listed = this.#listed.get(event.host);
    if (listed === undefined) this.#listed.set(event.host, (listed = new Set()));
    if (isListed(event)) listed.add(event.socket);
    else listed.delete(event.socket);
    if (listed.size > (this.#mostSockets.get(event.host) ?? 0))
      this.#mostSockets.set(event.host, listed.size);
  }

  /**
   * The story as far as it has been taken in.
   * @param ranges from which the hosts choose
   * @param isWhole that is all of it
   * @param known the cast of the story before: where it is the same, what shows it has nothing to do
   */
  story(ranges: readonly HostRange[], isWhole: boolean, known?: Cast): Story {
    const { replay } = this;
    const { trace } = replay;
    const isKnown = known !== undefined && JSON.stringify(this.#cast) === JSON.stringify(known);
    const questions = this.#questions;
    return {
      cast: isKnown ? known : this.#cast,
      trace,
      replay,
      timeline: this.#timeline,
      /** Found when the first is asked for. */
      get questions() {
        return questions.find();
      },
      choices: this.#choices,
      failures:
        this.#failed === null
          ? this.#failures
          : [...this.#failures, { ...this.#failed, until: trace.length }],
      isWhole,
      opening: this.#opening ?? trace.length,
      doneMs: this.#doneMs,
      mostSockets: this.#mostSockets,
      rangeOf(name, happened) {
        const found = ranges.findLast(({ host, index }) => host === name && index <= happened);
        return { low: found?.low ?? 0, high: found?.high ?? 65_535 };
      },
    };
  }
}

/** Lays a session's recording out. */
export function storyOf(base: Scenario, session: Session, recording: Recording): Story {
  const telling = new Telling(base, session, recording.trace);
  telling.takeIn();
  return telling.story(recording.ranges, !recording.isCut);
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
