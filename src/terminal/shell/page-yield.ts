/** Keeps the page alive while a script runs: now and then the event loop gets its turn. */

/** How long a script may keep the page to itself, in milliseconds: under two frames. */
const busyMs = 24;

/** Bytes that may be shown before the page draws them. */
const shownPerFrame = 32_768;
/** About as long as a frame takes, in milliseconds. */
const frameMs = 12;

export class PageYield {
  private lastYield = 0;
  private shown = 0;

  /** Counts what is shown: lines come no faster than the page can draw them. */
  async afterShowing(bytes: number): Promise<void> {
    this.shown += bytes;
    if (this.shown < shownPerFrame) return;
    this.shown = 0;
    await new Promise((resolve) => setTimeout(resolve, frameMs));
    this.lastYield = performance.now();
  }

  /** Whether the page has waited long enough. */
  get isDue(): boolean {
    return performance.now() - this.lastYield >= busyMs;
  }

  /** Lets the page draw and listen, where it is due. */
  async ifDue(): Promise<void> {
    if (this.isDue) await this.now();
  }

  /** Gives everything else that waits its turn. */
  async now(): Promise<void> {
    await nextTask();
    this.lastYield = performance.now();
  }
}

/** The next turn of the event loop; a message is not held up as timers are. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
