/** The simulator alone in the window: as large as both sides allow. */

import styles from './full-screen.css?inline';

/** As wide as a simulator is laid out for; wider, it grows. */
const LAID_OUT_FOR = 1000;
const MOST_ZOOM = 3;

export class FullScreen {
  isWide = $state(false);
  zoom = $state(1);
  #root: HTMLElement | undefined;
  #isStyled = false;

  /** As long as the component that makes it is there. */
  constructor() {
    $effect(() => {
      this.fit();
    });
  }

  /** The simulator's element, once it is there. */
  set root(element: HTMLElement) {
    this.#root = element;
  }

  /** The window has another size. */
  readonly fit = (): void => {
    if (!this.isWide || this.#root === undefined) {
      this.zoom = 1;
      return;
    }
    const height = [
      ...this.#root.querySelectorAll<HTMLElement>('.corner, .problem, .picture, .deck'),
    ].reduce((sum, child) => sum + child.offsetHeight + 8, 16);
    this.zoom = Math.max(1, Math.min(innerHeight / height, innerWidth / LAID_OUT_FOR, MOST_ZOOM));
  };

  /** The browser has gone into full screen or out of it. */
  readonly follow = (): void => {
    this.isWide = document.fullscreenElement === this.#root;
  };

  /** Once for each simulator: the first frame has no use for these styles. */
  #style(): void {
    if (this.#isStyled) return;
    this.#isStyled = true;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  /** Goes out of a full screen that is the page's own. @returns false: it was none */
  leave(): boolean {
    if (!this.isWide || document.fullscreenElement !== null) return false;
    this.isWide = false;
    return true;
  }

  readonly toggle = (): void => {
    this.#style();
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    else if (this.isWide) this.isWide = false;
    else if (!document.fullscreenEnabled) this.isWide = true;
    else
      this.#root?.requestFullscreen().catch(() => {
        this.isWide = true;
      });
  };
}
