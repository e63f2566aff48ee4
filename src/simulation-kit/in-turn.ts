/** Several things to do that need not be done in one task: each has its turn, with a pause before it. */

type Work = () => void;

/** Waits until it is the next one's turn, then calls it. */
export type Pause = (next: Work) => void;

/** What is shown is seen first: the next has its turn after the next picture. */
export const afterPicture: Pause = (next) => {
  requestAnimationFrame(() => {
    setTimeout(next);
  });
};

/** A task of its own, as soon as the page has had its turn. */
export const asATask: Pause = (next) => {
  setTimeout(next);
};

export class InTurn {
  readonly #works: readonly Work[];
  readonly #pause: Pause;
  readonly #due = new Set<number>();
  #isWaiting = false;
  /** Where the search for the next one begins: who was last has to wait for all others. */
  #next = 0;

  /**
   * @param works in the order of their turns
   * @param pause comes before each
   */
  constructor(works: readonly Work[], pause: Pause) {
    this.#works = works;
    this.#pause = pause;
  }

  /** All are to have a turn; who still waits for one is not asked twice. */
  ask(): void {
    if (this.#due.size === 0) this.#next = 0;
    for (const index of this.#works.keys()) this.#due.add(index);
    this.#wait();
  }

  /** All that are still to have a turn have it now. */
  hurry(): void {
    for (const [index, work] of this.#works.entries()) {
      if (this.#due.delete(index)) work();
    }
  }

  #wait(): void {
    if (this.#isWaiting || this.#due.size === 0) return;
    this.#isWaiting = true;
    this.#pause(() => {
      this.#isWaiting = false;
      this.#go();
      this.#wait();
    });
  }

  #go(): void {
    const count = this.#works.length;
    for (let step = 0; step < count; step += 1) {
      const index = (this.#next + step) % count;
      if (!this.#due.delete(index)) continue;
      this.#next = (index + 1) % count;
      this.#works[index]?.();
      return;
    }
  }
}
