/**
 * How time moves: playing, rewinding, steps and jumps; and where it stops by itself: at a question, at a
 * call that fails, at the end. The middle floor of the simulator.
 */

import { advance } from '../../simulation-kit/timeline.ts';
import type { Motion } from '../../simulation-kit/speeds.ts';
import { fill, formatTime } from '../../simulation-kit/words.ts';
import { questionBetween } from './prediction.ts';
import { sentenceOf } from './event-sentences.ts';
import { READ_EVERY_MS, ShownMoment, type ShownOptions } from './shown-moment.svelte.ts';

/** Without sliding, each picture stays for this long at the speed `slow`. */
const STILL_MS = 1600;
/** While time plays, the clock and the scrubber are drawn again so often: the packets alone move in every frame. */
const CLOCK_EVERY_MS = 80;
/** With more failures than this, playing runs through them. */
const MOST_STOPS = 5;

export class Playback extends ShownMoment {
  /** The latest moment that has been shown: what comes after it may still be changed. */
  protected seenMs = 0;
  /** Questions that were answered or passed by. */
  protected settled: readonly string[] = [];
  /** Without sliding: how long this picture has been shown. */
  protected stillFor = 0;
  /** Time waits for the engine. */
  protected isHeld = false;
  #clockMs = $state(0);
  /** How long ago the clock was drawn, in ms on the screen. */
  #sinceClock = 0;
  /** What clock and scrubber show. */
  readonly clockMs = $derived(this.motion === 'paused' ? this.nowMs : this.#clockMs);

  constructor(options: ShownOptions) {
    super(options);
    this.seenMs = this.nowMs;
  }

  /** The question is answered or passed by: it is not asked again. */
  protected leaveQuestion(): void {
    if (this.question !== null) this.settled = [...this.settled, this.question.about];
    this.question = null;
    this.isAnswered = false;
  }

  move(motion: Motion): void {
    this.isAtRest = false;
    this.problem = '';
    this.stillFor = 0;
    if (motion === 'paused') {
      this.motion = 'paused';
      // At a moment that a link can name, so that it is the same wherever the link is opened.
      this.nowMs = Math.round(this.nowMs * 100) / 100;
      this.say(fill(this.words.announce.paused, { time: formatTime(this.nowMs) }));
      return;
    }
    this.leaveQuestion();
    this.drawClock();
    const { isWhole, timeline } = this.story;
    if (motion !== 'rewinding' && isWhole && this.nowMs >= timeline.endMs) this.nowMs = 0;
    this.motion = motion;
  }

  /** Clock and scrubber are drawn now. */
  protected drawClock(): void {
    this.#clockMs = this.nowMs;
    this.#sinceClock = 0;
  }

  seek(ms: number): void {
    this.isAtRest = false;
    this.problem = '';
    this.isBefore = ms <= 0;
    this.leaveQuestion();
    this.nowMs = Math.min(Math.max(ms, 0), this.story.timeline.endMs);
    this.read();
    this.seenMs = Math.max(this.seenMs, this.nowMs);
  }

  step(direction: 1 | -1): void {
    this.finish();
    const { timeline } = this.story;
    this.motion = 'paused';
    const to = direction > 0 ? timeline.next(this.nowMs) : timeline.previous(this.nowMs);
    if (to === null) return;
    if (direction > 0 && this.askBetween(this.nowMs, to)) return;
    this.seek(to);
  }

  jump(end: 'start' | 'end'): void {
    this.finish();
    this.motion = 'paused';
    this.seek(end === 'start' ? 0 : this.story.timeline.endMs);
  }

  protected askBetween(fromMs: number, toMs: number): boolean {
    if (!this.asks) return false;
    const question = questionBetween(this.story.questions, fromMs, toMs, this.settled);
    if (question === null) return false;
    this.isAtRest = false;
    this.nowMs = question.atMs;
    this.seenMs = Math.max(this.seenMs, this.nowMs);
    this.motion = 'paused';
    this.question = question;
    this.isAnswered = false;
    this.say(this.words.predict.asked);
    return true;
  }

  /**
   * Playing stops where a call fails, so that it is seen; once for each, and not in a flood: time waits
   * until it is known whether it is one.
   */
  #failsBetween(fromMs: number, toMs: number): boolean {
    const { failures, isWhole } = this.story;
    if (failures.length > MOST_STOPS) return false;
    const failed = failures.find(({ event }) => event.atMs > fromMs && event.atMs <= toMs);
    if (failed === undefined) return false;
    if (!isWhole) return true;
    this.nowMs = failed.event.atMs;
    this.seenMs = Math.max(this.seenMs, this.nowMs);
    this.selected = null;
    this.motion = 'paused';
    this.sayWithContext(sentenceOf(this.words, this.story.cast, failed.event) ?? '');
    return true;
  }

  /** The learner has answered, or wants to see: go on. */
  goOn(): void {
    this.leaveQuestion();
    this.drawClock();
    this.motion = 'playing';
  }

  skip(): void {
    this.asks = false;
    this.goOn();
  }

  /** `screenMs` have passed on the screen. */
  tick(screenMs: number): void {
    if (this.motion === 'paused' || this.isHeld) return;
    const { timeline } = this.story;
    const sign = this.motion === 'rewinding' ? -1 : 1;
    let to: number;
    if (this.isStill) {
      this.stillFor += screenMs;
      if (this.stillFor < STILL_MS / 2) return;
      to = advance(timeline, this.nowMs, sign * this.stillFor, this.speed, this.pace);
      this.stillFor = 0;
      to = (sign > 0 ? timeline.next(to) : timeline.previous(to)) ?? to;
    } else {
      to = advance(timeline, this.nowMs, sign * Math.min(screenMs, 100), this.speed, this.pace);
    }
    if (this.motion === 'playing' && this.askBetween(this.nowMs, to)) return;
    if (this.motion === 'playing' && this.#failsBetween(this.nowMs, to)) return;
    this.nowMs = to;
    this.#sinceClock += screenMs;
    this.sinceRead += screenMs;
    const isReading = this.isStill || !this.isCrowded || this.sinceRead >= READ_EVERY_MS;
    if (isReading) this.read();
    if (this.isStill || (this.isCrowded ? isReading : this.#sinceClock >= CLOCK_EVERY_MS))
      this.drawClock();
    this.seenMs = Math.max(this.seenMs, to);
    if (sign < 0 && to <= 0) this.isBefore = true;
    if (sign > 0 ? this.story.isWhole && to >= timeline.endMs : to <= 0) {
      this.motion = 'paused';
      if (sign > 0) this.sayWithContext(this.words.announce.ended);
    }
  }
}
