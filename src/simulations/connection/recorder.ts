/**
 * Records the sessions of one simulator. A whole run takes long with thousands of connections, and the
 * very first one with none; an action in the present changes only what comes after it. So in idle
 * moments a world follows the learner, and the next action goes on from there.
 */

import type { Scenario } from '../../network/scenario/scenario.ts';
import { SessionRun } from './recording.ts';
import type { Session } from './session.ts';
import type { Recording } from './story.ts';

/** So long a world may run before the page is given its turn. */
const SLICE_MS = 4;
/** … while a press waits for it: most are done at once. */
const PRESSED_SLICE_MS = 20;

/** Whether a slice that begins now may go on. */
function untilLater(sliceMs: number): () => boolean {
  const until = performance.now() + sliceMs;
  return () => performance.now() < until;
}

export class Recorder {
  readonly #base: Scenario;
  /** Follows the session that was recorded last, once there was time to begin. */
  #ahead: SessionRun | null = null;
  #followed: Session | null = null;
  #nowMs = 0;
  #isWaiting = false;

  constructor(base: Scenario) {
    this.#base = base;
  }

  /** Runs a session to its end. */
  record(session: Session): Recording {
    return this.#runOf(session).end();
  }

  /**
   * Runs a session to its end and gives the page its turn meanwhile: recording it then takes no time.
   * @param isLong it takes a while: the page is given its turn more often
   */
  async makeReady(session: Session, isLong: boolean): Promise<void> {
    const sliceMs = isLong ? SLICE_MS : PRESSED_SLICE_MS;
    const run = this.#runOf(session);
    this.#ahead = null;
    this.#followed = null;
    while (!run.goTowards(Infinity, untilLater(sliceMs)))
      await new Promise((next) => setTimeout(next));
    // What is shown of it is a task of its own.
    await new Promise((next) => setTimeout(next));
    this.#ahead = run;
  }

  /** From where the following world begins, if the session goes on from there. */
  #runOf(session: Session): SessionRun {
    return this.#ahead?.becomes(session) === true
      ? this.#ahead
      : new SessionRun(this.#base, session);
  }

  /** From now on a world follows this session. */
  begin(session: Session): void {
    this.#ahead = null;
    this.#followed = session;
    this.#wait();
  }

  /** The learner is at this moment: the next action may come here. */
  follow(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#wait();
  }

  #wait(): void {
    if (this.#isWaiting || this.#followed === null) return;
    this.#isWaiting = true;
    const goOn = (): void => {
      this.#isWaiting = false;
      if (this.#followed === null) return;
      this.#ahead ??= new SessionRun(this.#base, this.#followed);
      if (!this.#ahead.goTowards(Math.ceil(this.#nowMs), untilLater(SLICE_MS))) this.#wait();
    };
    // Not every browser says when it is idle.
    if (typeof requestIdleCallback === 'function') requestIdleCallback(goOn, { timeout: 500 });
    else setTimeout(goOn, SLICE_MS);
  }
}
