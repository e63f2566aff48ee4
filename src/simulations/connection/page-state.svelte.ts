/**
 * The simulator and the page around it: the address bar follows it and can ask for a moment; a page that
 * keeps its state, or shows it in a second window, is told where it stands and can ask for it too.
 */

import { flushSync, untrack } from 'svelte';
import { AddressState } from '../../simulation-kit/address-state.ts';
import { followMoments, tellMoment, type Moment } from '../../simulation-kit/mirrored-moments.ts';
import type { Simulator } from './simulator.svelte.ts';

/** Browsers limit how often the address may change. */
const ADDRESS_AFTER_MS = 250;

export class PageState {
  readonly #id: string;
  readonly #sim: Simulator;
  readonly #address: AddressState;
  /** What the page asks for is being done: it is not told of it. */
  #isFollowing = false;

  /** Follows the simulator as long as the component that makes it is there. */
  constructor(id: string, sim: Simulator) {
    this.#id = id;
    this.#sim = sim;
    this.#address = new AddressState(id);
    $effect(() => this.#writeAddress());
    let known = '';
    let knownSession = sim.session;
    $effect(() => {
      const { motion, speed, asks, session, isAtRest, isPrepared } = sim;
      const live = { motion, speed, asks, isAsking: sim.question !== null };
      // While time goes on by itself, only that it does.
      const nowMs = motion === 'paused' ? sim.nowMs : 0;
      // What was pressed before the engine was there is told when it comes.
      const isNews = isPrepared && !(isAtRest && known === '');
      const state = isNews ? untrack(() => sim.encode()) : null;
      if (state === null) return;
      const now = JSON.stringify([live, nowMs]);
      if (now === known && session === knownSession) return;
      known = now;
      knownSession = session;
      if (!this.#isFollowing) tellMoment({ id, state, live });
    });
  }

  /** The address bar follows when the picture stands still. */
  #writeAddress(): (() => void) | undefined {
    if (this.#sim.isAtRest || this.#sim.motion !== 'paused') return undefined;
    const state = this.#sim.encode();
    if (state === null) return undefined;
    const timer = setTimeout(() => {
      this.#address.put(state);
    }, ADDRESS_AFTER_MS);
    return () => {
      clearTimeout(timer);
    };
  }

  /** Stands where the address says; a reader who opened it is brought to the simulator. */
  followAddress(root: HTMLElement): void {
    const state = this.#address.asked();
    if (state === null) return;
    this.#sim.restore(state);
    if (this.#address.isFirst) root.scrollIntoView({ block: 'start', behavior: 'instant' });
  }

  /**
   * Stands where the page asks, from now on.
   * @returns how to stop
   */
  followPage(): () => void {
    return followMoments(this.#id, ({ state, live }: Moment) => {
      this.#isFollowing = true;
      this.#sim.follow(state, live, () => {
        flushSync();
        this.#isFollowing = false;
      });
    });
  }

  /** A link to this session and moment. */
  readonly link = async (): Promise<string> => {
    await this.#sim.prepare();
    return this.#address.linkTo(this.#sim.encode() ?? '');
  };
}
