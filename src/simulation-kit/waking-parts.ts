/**
 * A large widget wakes in parts. The page carries each as HTML; its script takes them over one after the
 * other, each in a task of its own, so that the page answers meanwhile. Until all are awake nothing that
 * they show may change.
 */
import { createRawSnippet, hydrate, unmount, type Component, type Snippet } from 'svelte';
import { render } from 'svelte/server';
import { asATask, InTurn } from './in-turn.ts';

/** A part's HTML, when the page is built. In the browser it is there, and this is nothing. */
function htmlOf<Props extends Record<string, unknown>>(
  part: Component<Props>,
  props: Props,
  id: string,
): string {
  if (!import.meta.env.SSR) return '<div class="wakes"></div>';
  return `<div class="wakes">${render(part, { props, idPrefix: id }).body}</div>`;
}

export class WakingParts {
  readonly #wakes: (() => void)[] = [];
  #isGone = false;

  /**
   * A part that wakes when it is its turn; turns come in the order of the page.
   * @param id unique on the page: what the ids in it begin with
   */
  part<Props extends Record<string, unknown>>(
    part: Component<Props>,
    props: Props,
    id: string,
  ): Snippet {
    return createRawSnippet(() => ({
      render: () => htmlOf(part, props, id),
      setup: (target) => {
        let end = (): void => undefined;
        this.#wakes.push(() => {
          const awake = hydrate(part, { target, props });
          end = () => void unmount(awake);
        });
        return () => {
          this.#isGone = true;
          end();
        };
      },
    }));
  }

  /** What the parts after it need and those before it do not: done in a task of its own. */
  first(work: () => void): void {
    if (import.meta.env.SSR) work();
    else this.#wakes.push(work);
  }

  /** Wakes them; `done` is called when all are awake, in a task of its own. */
  wake(done: () => void): void {
    const works = [...this.#wakes, done].map((work) => () => {
      if (!this.#isGone) work();
    });
    new InTurn(works, asATask).ask();
  }
}
