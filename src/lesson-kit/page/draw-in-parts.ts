/**
 * A lesson is long, and laying all of it out at once would hold up the first press. Of a page that is
 * opened at its top only what is near the window is drawn at first (styles/lesson.css); the rest follows
 * here, a few parts at a time, with room for a press between them.
 */

/** Little enough for one moment on a slow telephone. */
const PARTS_AT_A_TIME = 2;
const PAUSE_MS = 30;

/** Draws what was left for later; the root's `data-in-parts` goes when all is there. */
export function drawInParts(lesson: HTMLElement): void {
  const root = document.documentElement;
  if (!root.hasAttribute('data-in-parts')) return;
  const parts = [...lesson.querySelectorAll('.dialogue > *')];
  const goOn = (): void => {
    for (const part of parts.splice(0, PARTS_AT_A_TIME)) part.toggleAttribute('data-drawn', true);
    if (parts.length > 0) setTimeout(goOn, PAUSE_MS);
    else root.removeAttribute('data-in-parts');
  };
  setTimeout(goOn, PAUSE_MS);
}
