/**
 * Runs the sessions of one simulator and tells their stories. A whole run takes long with thousands of
 * connections, and the very first one with none; an action in the present changes only what comes after
 * it. So in idle moments a world follows the learner, and the next action goes on from there.
 */

import type { Scenario } from '../../network/scenario/scenario.ts';
import { SessionRun } from './recording.ts';
import type { Cast, Session } from './session.ts';
import type { Story } from './story.ts';

/** So long a world may run before the page is given its turn. */
const SLICE_MS = 4;
/** … while a press waits for it: most are done at once. */
const PRESSED_SLICE_MS = 20;

/** Whether a slice that begins now may go on. */
function untilLater(sliceMs: number): () => boolean {
  const until = performance.now() + sliceMs;
  return () => performance.now() < until;
}

/** The page has its turn. A timer would wait: browsers give one within another four milliseconds. */
function nextTask(): Promise<void> {
  return new Promise((next) => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', () => {
      port1.close();
      next();
    });
    port1.start();
    port2.postMessage(null);
  });
}

/** More is told of a story that is not whole, with what is read anyway, no more often than this … */
const TOLD_AFTER_MS = 100;
/** … and while nothing is read, so often. */
const TOLD_EVERY_MS = 500;

/** A run whose story is told as far as it has come. */
interface Unfinished {
  readonly session: Session;
  readonly run: SessionRun;
  readonly tell: () => void;
}

export class Recorder {
  readonly #base: Scenario;
  /** Follows the session that was told last, once there was time to begin. */
  #ahead: SessionRun | null = null;
  #followed: Session | null = null;
  #unfinished: Unfinished | null = null;
  #toldAt = 0;
  #nowMs = 0;
  #soonMs = 0;
  #isWaiting = false;

  constructor(base: Scenario) {
    this.#base = base;
  }

  /**
   * Tells a session's story.
   * @param known the cast of the story before
   * @param more is given the story again whenever there is more of it; without it all of it is told now
   */
  tell(session: Session, known: Cast, more?: (story: Story) => void): Story {
    const run = this.#runOf(session);
    if (more === undefined) run.end();
    const tell = (): void => more?.(run.story(known));
    this.#unfinished = run.isOver ? null : { session, run, tell };
    this.#toldAt = performance.now();
    return run.story(known);
  }

  /**
   * Runs a session to its end and gives the page its turn meanwhile: telling it then takes no time.
   * @param isLong it takes a while: the page is given its turn more often, and it is ready as soon as
   *   one can begin to tell it
   */
  async makeReady(session: Session, isLong: boolean): Promise<void> {
    const sliceMs = isLong ? SLICE_MS : PRESSED_SLICE_MS;
    const run = this.#runOf(session);
    this.#ahead = null;
    this.#followed = null;
    while (!run.goTowards(Infinity, untilLater(sliceMs)) && !(isLong && run.canBeTold))
      await nextTask();
    // What is shown of it is a task of its own.
    await nextTask();
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
    if (this.#unfinished?.session !== session) this.#unfinished = null;
    this.#ahead = null;
    this.#followed = session;
    this.#wait();
  }

  /**
   * The learner is at this moment: the next action may come here.
   * @param soonMs will be shown in about a second
   */
  follow(nowMs: number, soonMs: number): void {
    this.#nowMs = nowMs;
    this.#soonMs = soonMs;
    this.#tellMore(TOLD_AFTER_MS);
    this.#wait();
  }

  /** What is still missing of the story is told now. */
  finish(): void {
    const unfinished = this.#unfinished;
    if (unfinished === null) return;
    this.#unfinished = null;
    unfinished.run.end();
    unfinished.tell();
  }

  #wait(): void {
    if (this.#isWaiting || this.#followed === null) return;
    this.#isWaiting = true;
    const goOn = (idle?: IdleDeadline): void => {
      this.#isWaiting = false;
      const isSliceLeft = untilLater(SLICE_MS);
      // The next picture is due when the idle time is over.
      const hasTime =
        idle === undefined || idle.didTimeout
          ? isSliceLeft
          : (): boolean => isSliceLeft() && idle.timeRemaining() > 0;
      if (!this.#isDone(hasTime)) this.#wait();
    };
    const { run } = this.#unfinished ?? {};
    if (run !== undefined && run.nowMs < this.#soonMs) void nextTask().then(() => goOn());
    // Not every browser says when it is idle.
    else if (typeof requestIdleCallback === 'function') requestIdleCallback(goOn, { timeout: 500 });
    else setTimeout(goOn, SLICE_MS);
  }

  /** Tells how far an unfinished story has come, if that was last done so long ago. */
  #tellMore(afterMs: number): void {
    const now = performance.now();
    if (this.#unfinished === null || now - this.#toldAt < afterMs) return;
    this.#toldAt = now;
    this.#unfinished.tell();
  }

  /** Does a slice of what is to be done. */
  #isDone(hasTime: () => boolean): boolean {
    if (this.#unfinished !== null) {
      const { run } = this.#unfinished;
      const isOver = run.goTowards(Infinity, hasTime);
      this.#tellMore(isOver ? 0 : TOLD_EVERY_MS);
      if (isOver) this.#unfinished = null;
      return false;
    }
    if (this.#followed === null) return true;
    this.#ahead ??= new SessionRun(this.#base, this.#followed);
    return this.#ahead.goTowards(Math.ceil(this.#nowMs), hasTime);
  }
}
