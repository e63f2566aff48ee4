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
import type { Cast, Session } from './session.ts';
import {
  openingMoment,
  Telling,
  type HostRange,
  type Opening,
  type Recording,
  type Story,
} from './story.ts';

/** Room for every timer there is to run out, and an end to any world that would go on by itself. */
const AFTER_THE_LAST_ACTION_MS = 600_000;
/** An action comes before what else is due at its moment, so a run that waits for one stops before. */
const JUST_BEFORE_MS = 1e-3;

/** A session on its way: its world can stop, take in what else the learner does, and go on. */
export class SessionRun {
  readonly #base: Scenario;
  readonly #world: World;
  readonly #ranges: HostRange[] = [];
  readonly #telling: Telling;
  /** So many events have been looked through for settings. */
  #looked = 0;
  readonly #settings = new Map<string, Map<string, string | undefined>>();
  #session: Session;
  #scenario: Scenario;

  constructor(base: Scenario, session: Session) {
    this.#base = base;
    this.#session = session;
    this.#scenario = scenarioOf(base, session);
    this.#world = new World(this.#scenario);
    this.#telling = new Telling(base, session, this.#world.trace);
    for (const host of this.#world.hosts) {
      const values = host.sysctl.keys().map((key) => [key, host.sysctl.get(key)] as const);
      this.#settings.set(host.name, new Map(values));
      this.#note(host.name, 0);
    }
  }

  /**
   * Goes on to just before a moment, or to the end, as long as there is time for it; its story is laid
   * out on the way, and shows that moment then.
   * @returns whether it is there
   */
  goTowards(toMs: number, hasTime: () => boolean): boolean {
    const beforeMs = Math.min(toMs - JUST_BEFORE_MS, this.#endMs);
    this.#world.runWhile(hasTime, beforeMs);
    this.#takeIn();
    if (toMs < this.#endMs) this.#telling.replay.seekIndex(this.#world.trace.length);
    return (this.#world.nextMs ?? Infinity) > beforeMs;
  }

  /**
   * Becomes the run of a session that is this one with more actions at its end.
   * @returns false, and nothing has changed, if that is another or the world is past them
   */
  becomes(session: Session): boolean {
    const { learnerActions } = this.#session;
    const known = session.learnerActions.slice(0, learnerActions.length);
    const scenario = scenarioOf(this.#base, session);
    const more = scenario.actions.slice(this.#scenario.actions.length);
    const lastMs = this.#scenario.actions.at(-1)?.atMs ?? 0;
    const isSame =
      session.seed === this.#session.seed &&
      session.cutMs === this.#session.cutMs &&
      JSON.stringify(known) === JSON.stringify(learnerActions) &&
      JSON.stringify(scenario.hosts) === JSON.stringify(this.#scenario.hosts);
    if (!isSame || more.some(({ atMs }) => atMs < lastMs || atMs <= this.#world.nowMs))
      return false;
    for (const action of more) this.#world.schedule(action);
    this.#session = session;
    this.#scenario = scenario;
    return true;
  }

  /** Runs to its end. */
  end(): Recording {
    this.#world.runToEnd(this.#endMs);
    this.#takeIn();
    return { trace: this.#world.trace, ranges: this.#ranges, isCut: false };
  }

  /** Nothing is left to happen. */
  get isOver(): boolean {
    return (this.#world.nextMs ?? Infinity) > this.#endMs;
  }

  /** It has come so far. */
  get nowMs(): number {
    return this.#world.nowMs;
  }

  /** The latest action has been taken, and there is enough to begin with: later sockets need no more room. */
  get canBeTold(): boolean {
    const lastMs = this.#session.learnerActions.at(-1)?.atMs ?? 0;
    return this.isOver || ((this.#world.nextMs ?? Infinity) > lastMs && this.#telling.fillsTables);
  }

  /**
   * Its story, as far as it has come.
   * @param known the cast of the story before
   */
  story(known: Cast): Story {
    return this.#telling.story(this.#ranges, this.isOver, known);
  }

  #takeIn(): void {
    const { trace } = this.#world;
    for (; this.#looked < trace.length; this.#looked += 1) {
      const event = trace[this.#looked];
      if (event?.event !== 'sysctl') continue;
      this.#settings.get(event.host)?.set(event.key, event.value);
      this.#note(event.host, this.#looked + 1);
    }
    this.#telling.takeIn();
  }

  get #endMs(): number {
    const { actions, untilMs } = this.#scenario;
    return untilMs ?? (actions.at(-1)?.atMs ?? 0) + AFTER_THE_LAST_ACTION_MS;
  }

  #note(name: string, index: number): void {
    const profile = profileOf(this.#scenario.hosts.find((spec) => spec.name === name)?.os ?? '');
    const known = this.#settings.get(name);
    if (profile === undefined || known === undefined) return;
    const { low, high } = profile.portSettings({ get: (key) => known.get(key) }, 'tcp');
    this.#ranges.push({ host: name, index, low, high });
  }
}

/** Runs a session to its end. */
export function record(base: Scenario, session: Session): Recording {
  return new SessionRun(base, session).end();
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
