/** A part of the page that is fetched when it is asked for, and the state of the button that asks. */

import { onMount } from 'svelte';

export class OnDemand<Component> {
  /** The part, once it is here. */
  component = $state.raw<Component | null>(null);
  isLoading = $state(false);
  hasFailed = $state(false);
  /** Whether the page can answer yet. */
  isReady = $state(false);
  readonly #load: () => Promise<{ readonly default: Component }>;

  /** For a component that is being made. */
  constructor(load: () => Promise<{ readonly default: Component }>) {
    this.#load = load;
    onMount(() => {
      this.isReady = true;
    });
  }

  /** Fetches it ahead; whether that works is seen when it is opened. */
  readonly prefetch = (): void => {
    void this.#load().catch(() => undefined);
  };

  readonly open = async (): Promise<void> => {
    this.isLoading = true;
    this.hasFailed = false;
    try {
      this.component = (await this.#load()).default;
    } catch {
      this.hasFailed = true;
    }
    this.isLoading = false;
  };
}
