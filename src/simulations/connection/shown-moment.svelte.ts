/**
 * What is shown of a session at a moment: read off the story's replay, and nothing of it kept. The
 * ground floor of the simulator; how time moves is above it (playback.svelte.ts), and what the learner
 * does above that (simulator.svelte.ts).
 */

import type { Scenario } from '../../network/scenario/scenario.ts';
import type { ReplaySocket } from '../../network/trace/replay.ts';
import type { Motion, SpeedId } from '../../simulation-kit/speeds.ts';
import { portOf } from '../../simulation-kit/endpoint.ts';
import { speedFactor } from '../../simulation-kit/timeline.ts';
import { inARow } from '../../simulation-kit/words.ts';
import { QUIC_PORT } from './requestable-services.ts';
import type { Question } from './prediction.ts';
import { sessionOf, type Session } from './session.ts';
import {
  failureAt,
  openingMoment,
  socketsOf,
  storyOf,
  type Opening,
  type Recording,
  type Story,
} from './story.ts';
import { contextOf, subjectOf, type Counts } from './event-sentences.ts';
import type { System } from './why.ts';
import { usualSize, wireAt, type PictureSize, type WirePicture } from './wire-picture.ts';
import type { Words } from './words.ts';

/** What is read of a moment, as one value: parts that show it may take it over one after the other. */
export interface Reading {
  readonly story: Story;
  /** So many events have happened. */
  readonly index: number;
  /** Every host's, as its table lists them. */
  readonly sockets: ReadonlyMap<string, readonly ReplaySocket[]>;
  readonly counts: Counts;
  readonly picked: Story['choices'][number] | null;
}

/** What has just been done, and how things stand after it. */
export interface Said {
  readonly announcement: string;
  readonly context: string;
}

/** What follows the moment that is read. */
export interface Follower {
  follow(ms: number, soonMs: number): void;
  finish(): void;
}

export interface ShownOptions {
  readonly scenario: Scenario;
  readonly words: Words;
  /** The systems there are, by id. */
  readonly systems: Readonly<Record<string, System>>;
  readonly asks: boolean;
  readonly opens: Opening;
  /** The scenario as the page carries it, already run. */
  readonly recording: Recording;
}

/** Rewind and fast forward go this much faster than play. */
const FAST = 8;
/** In a crowd what is read is drawn again so often: nobody reads sixty numbers a second. */
export const READ_EVERY_MS = 200;
/** Whoever crosses the wire faster than this on the screen cannot be read. */
const READABLE_MS = 300;

export class ShownMoment {
  readonly base: Scenario;
  readonly words: Words;
  readonly systems: Readonly<Record<string, System>>;
  readonly opens: Opening;

  session: Session = $state.raw({
    seed: 0,
    clients: [],
    servers: 0,
    cutMs: null,
    learnerActions: [],
  });
  nowMs = $state(0);
  motion: Motion = $state('paused');
  speed: SpeedId = $state('slow');
  asks = $state(false);
  question: Question | null = $state.raw(null);
  isAnswered = $state(false);
  selected: string | null = $state(null);
  announcement = $state('');
  /** How things stand after it: the picture shows that, and goes on showing it as time goes on. */
  context = $state('');
  readonly said: Said = $derived({ announcement: this.announcement, context: this.context });
  /** What is wrong with the link that was opened, until something is done. */
  problem = $state('');
  /** Nobody has touched it: the picture is the lesson's own. */
  isAtRest = $state(true);
  /** At 0 ms, and nothing of that moment has happened yet. */
  isBefore = $state(true);
  /** Motion is not wanted: segments are shown in the middle, time goes in steps. */
  isStill = $state(false);
  /** How much room the picture has. */
  room: PictureSize = $state.raw(usualSize);

  /** What the engine left of the session, laid out. Set together with it. */
  story: Story = $state.raw(null as never);
  /** How many virtual milliseconds pass in one on the screen, wherever nothing is shortened. */
  protected readonly pace = $derived.by(() => {
    const factor = speedFactor(this.speed, this.base.latencyMs);
    return this.motion === 'playing' ? factor : factor * FAST;
  });
  /** Segments arrive before they could be read: a crowd's packets stay as they were when it was. */
  readonly #isRush = $derived.by(
    () => this.motion !== 'paused' && this.pace * READABLE_MS > this.base.latencyMs,
  );
  readonly wire = $derived.by(() => {
    if (!this.#isRush) return this.#wireAt(this.nowMs);
    if (this.nowMs === this.#readMs) return this.#wireRead;
    return this.#wireAt(this.nowMs, () => this.#wireRead);
  });
  /** Time goes on, and more is on its way than can be told. */
  protected readonly isCrowded = $derived(
    this.motion !== 'paused' && this.wire.density === 'crowd',
  );
  /** When what is read was last drawn, while much happens at once. */
  #readMs = $state(0);
  /** How long ago, in ms on the screen. */
  protected sinceRead = 0;
  /** What is read (sockets, counts, sentences) shows this moment: in a crowd, of a moment ago. */
  readonly readMs = $derived(this.isCrowded ? this.#readMs : this.nowMs);
  /** How much of the trace has happened by then: what does not move depends on this only. */
  readonly index = $derived(this.#indexAt(this.readMs));
  readonly sockets = $derived.by(() => socketsOf(this.story, this.index));
  readonly counts = $derived.by(() => {
    const counts = { open: 0, used: 0, waiting: 0 };
    for (const host of this.story.cast.clients) {
      for (const { state, remotePort } of this.sockets.get(host.name) ?? []) {
        if (state === 'TIME-WAIT') counts.waiting += 1;
        else if (remotePort !== 0) counts.used += 1;
        const isQuic = state === 'ESTAB' && remotePort === QUIC_PORT;
        if (state === 'ESTABLISHED' || isQuic) counts.open += 1;
      }
    }
    return counts;
  });
  readonly #wireRead = $derived(this.#wireAt(this.#readMs));
  /** The picture as sentences tell it. */
  readonly told = $derived(this.isCrowded ? this.#wireRead : this.wire);
  /** The latest choice of a port, or the selected connection's. */
  readonly picked = $derived.by(() => {
    const { choices } = this.story;
    let low = 0;
    let high = choices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((choices[middle]?.index ?? 0) < this.index) low = middle + 1;
      else high = middle;
    }
    const selected = this.selected;
    const picked =
      selected === null
        ? undefined
        : choices.slice(0, low).findLast(({ event }) => event.connection === selected);
    return picked ?? choices[low - 1] ?? null;
  });
  readonly reading: Reading = $derived({
    story: this.story,
    index: this.index,
    sockets: this.sockets,
    counts: this.counts,
    picked: this.picked,
  });
  readonly choice = $derived(this.picked?.event ?? null);
  /** The port that was chosen; null where none was free. */
  readonly chosenPort = $derived(this.choice?.event === 'port-chosen' ? this.choice.port : null);
  /** A call that has failed, as long as nothing has come after it; and the port it was for. */
  readonly failure = $derived.by(() => {
    if (this.selected !== null) return null;
    const failed = failureAt(this.story.failures, this.index);
    return failed === null ? null : { event: failed, port: this.portOf(failed.connection ?? '') };
  });
  /** Runs ahead of the moment that is read, once the engine is there. */
  protected recorder: Follower | null = null;

  constructor({ scenario, words, systems, asks, opens, recording }: ShownOptions) {
    this.base = scenario;
    this.words = words;
    this.systems = systems;
    this.asks = asks;
    this.opens = opens;
    this.session = sessionOf(scenario);
    this.story = storyOf(scenario, this.session, recording);
    this.nowMs = openingMoment(this.story.trace, opens);
  }

  #indexAt(ms: number): number {
    const { replay, opening } = this.story;
    if (this.isBefore && ms <= 0) replay.seekIndex(opening);
    else replay.seekTime(ms);
    return replay.index;
  }

  #wireAt(ms: number, held?: () => WirePicture): WirePicture {
    const { replay, cast } = this.story;
    this.#indexAt(ms);
    return wireAt(
      replay.flights(),
      ms,
      cast,
      this.base.latencyMs,
      this.isStill,
      this.room,
      this.question?.segment ?? null,
      held,
    );
  }

  /** What is read is drawn now. */
  protected read(): void {
    this.#readMs = this.nowMs;
    this.sinceRead = 0;
    this.recorder?.follow(this.nowMs, this.nowMs + 1000 * this.pace);
  }

  /** All of the story is there. */
  finish(): void {
    this.recorder?.finish();
  }

  /** To which port a connection goes, by its name. */
  protected portOf(connection: string): number | null {
    const stem = connection.split('#')[0];
    const action = this.session.learnerActions.find((one) => `c${String(one.id)}` === stem);
    if (action !== undefined) return 'port' in action ? action.port : null;
    const given = this.base.actions.find((one) => one.do === 'connect' && one.as === stem);
    return given?.do === 'connect' ? portOf(given.to) : null;
  }

  /**
   * Shows how the story ends, as on paper: when the last thing has been done, and the ports it was done
   * with can still be seen.
   * @returns how to come back
   */
  showEnd(): () => void {
    const { nowMs, isBefore } = this;
    this.nowMs = this.story.doneMs;
    this.isBefore = false;
    return () => {
      this.nowMs = nowMs;
      this.isBefore = isBefore;
    };
  }

  get isEmpty(): boolean {
    return this.session.cutMs === -1 && this.session.learnerActions.length === 0;
  }

  /** A host's name at the head of a sentence, or within one. */
  subject(name: string, isObject = false): string {
    return subjectOf(this.words, this.story.cast, name, isObject);
  }

  /** A client's system. */
  systemAt(name: string): System {
    const os = this.story.cast.clients.find((host) => host.name === name)?.os ?? '';
    return this.systems[os] ?? { name: os, evidence: 'assumed' };
  }

  systemOf(name: string): string {
    return this.systemAt(name).name;
  }

  /** Says it to those who listen to the page. */
  protected say(...sentences: string[]): void {
    this.announcement = inARow(...sentences);
    this.context = '';
  }

  /** Says it, and how many connections there are now to those who do not see it. */
  protected sayWithContext(...sentences: string[]): void {
    this.say(...sentences);
    this.context = contextOf(this.words, this.counts);
  }
}
