/**
 * One lesson's state in all windows of this browser: a channel for those that are open, the storage for
 * one that is opened or reloaded. Where storage is refused, an open window tells a new one.
 */

import {
  isLater,
  openingState,
  parseStamped,
  type Stamped,
  type StageState,
} from '../stage-state.ts';

/** A lesson that was left so long ago begins again. */
const FORGET_AFTER_MS = 12 * 60 * 60 * 1000;

export class StageLink {
  readonly #key: string;
  readonly #channel: BroadcastChannel | null;
  readonly #by = crypto.getRandomValues(new Uint32Array(2)).join('-');
  #stamped: Stamped = { revision: 0, by: '', atMs: 0, state: openingState };

  /**
   * @param slug the lesson's
   * @param onChange is told what another window has done
   */
  constructor(slug: string, onChange: (state: StageState) => void) {
    this.#key = `port-dojo.stage.${slug}`;
    const stored = this.#stored();
    if (stored !== null && Date.now() - stored.atMs < FORGET_AFTER_MS) this.#stamped = stored;
    const take = (stamped: Stamped | null): void => {
      if (stamped === null || !isLater(stamped, this.#stamped)) return;
      this.#stamped = stamped;
      onChange(stamped.state);
    };
    // Another window of a browser without the channel still writes to the storage.
    addEventListener('storage', ({ key, newValue }) => {
      if (key === this.#key) take(read(newValue));
    });
    this.#channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(this.#key) : null;
    this.#channel?.addEventListener('message', ({ data }) => {
      if (data === 'what now?') this.#tell();
      else take(parseStamped(data));
    });
    this.#channel?.postMessage('what now?');
  }

  get state(): StageState {
    return this.#stamped.state;
  }

  /** Whether a window was here before this one. */
  get isKnown(): boolean {
    return this.#stamped.revision > 0;
  }

  /** Changes the state here and in the other windows. */
  change(changes: Partial<StageState>): StageState {
    const state = { ...this.#stamped.state, ...changes };
    this.#stamped = {
      revision: this.#stamped.revision + 1,
      by: this.#by,
      atMs: Date.now(),
      state,
    };
    try {
      localStorage.setItem(this.#key, JSON.stringify(this.#stamped));
    } catch {
      // Storage refused or full: the windows that are open still tell one another.
    }
    this.#tell();
    return state;
  }

  #tell(): void {
    if (this.#stamped.revision > 0) this.#channel?.postMessage(this.#stamped);
  }

  #stored(): Stamped | null {
    try {
      return read(localStorage.getItem(this.#key));
    } catch {
      return null;
    }
  }
}

function read(text: string | null): Stamped | null {
  try {
    return text === null ? null : parseStamped(JSON.parse(text));
  } catch {
    return null;
  }
}
