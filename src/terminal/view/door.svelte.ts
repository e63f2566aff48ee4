/** What stands behind a door: a part of the page that is fetched when it is asked for. */

import { onMount } from 'svelte';

export class Door<Room> {
  /** What was behind it, once it is here. */
  room = $state.raw<Room | null>(null);
  isLoading = $state(false);
  hasFailed = $state(false);
  /** Whether the page can answer yet. */
  isReady = $state(false);
  readonly #load: () => Promise<{ readonly default: Room }>;

  /** For a component that is being made. */
  constructor(load: () => Promise<{ readonly default: Room }>) {
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
      this.room = (await this.#load()).default;
    } catch {
      this.hasFailed = true;
    }
    this.isLoading = false;
  };
}
