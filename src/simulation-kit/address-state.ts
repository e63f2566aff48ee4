/** One widget's state in the address bar: what a link asks for, and what the widget puts there. */

import { replaceAddress } from './replace-address.ts';
import { firstNamed, readState, writeState } from './url-state.ts';

export class AddressState {
  readonly #id: string;
  /** What the widget has put there or has been asked for already. */
  #known: string | null = null;

  constructor(id: string) {
    this.#id = id;
  }

  /** The state that the address asks this widget for, once; null where there is nothing new. */
  asked(): string | null {
    const state = readState(location.hash, this.#id);
    if (state === null || state === this.#known) return null;
    this.#known = state;
    return state;
  }

  get isNamed(): boolean {
    return readState(location.hash, this.#id) !== null;
  }

  /** Whether a reader who opened this address is to be brought to this widget. */
  get isFirst(): boolean {
    return firstNamed(location.hash) === this.#id;
  }

  /** Puts a state in the address, without a step in the browser's history. */
  put(state: string): void {
    this.#known = state;
    const hash = writeState(location.hash, this.#id, state);
    if (hash !== location.hash) replaceAddress(hash);
  }

  /** The address of this page with this widget's state alone. */
  linkTo(state: string): string {
    return `${location.href.split('#')[0] ?? ''}${writeState('', this.#id, state)}`;
  }
}
