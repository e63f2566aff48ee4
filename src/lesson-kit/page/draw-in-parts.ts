/**
 * A lesson is long, and laying all of it out at once would hold up the first press. Of a page that is
 * opened at its top only what is near the window is drawn at first (styles/lesson.css); the rest follows
 * here, a few parts at a time, with room for a press between them. Before a jump all of it is drawn, so
 * that who jumps arrives where the jump goes.
 */

/** Little enough for one moment on a slow telephone. */
const PARTS_AT_A_TIME = 2;
const PAUSE_MS = 30;

/**
 * Draws parts from the first on.
 * @param draw is called once for each part
 * @param done is called once, after the last
 * @param pause comes before every few, and calls its argument when it is over
 * @returns draws all that is left, now
 */
export function drawEach<Part>(
  parts: readonly Part[],
  draw: (part: Part) => void,
  done: () => void,
  pause: (next: () => void) => void,
): () => void {
  let drawn = 0;
  const drawTo = (end: number): void => {
    if (drawn >= parts.length) return;
    parts.slice(drawn, end).forEach(draw);
    drawn = end;
    if (drawn >= parts.length) done();
    else pause(goOn);
  };
  const goOn = (): void => {
    drawTo(drawn + PARTS_AT_A_TIME);
  };
  pause(goOn);
  return () => {
    drawTo(parts.length);
  };
}

/** By a link, to the end, by the browser's search, by the address bar. */
function isJump(event: Event): boolean {
  const { target } = event;
  if (event instanceof KeyboardEvent)
    return event.ctrlKey || event.metaKey || event.key === 'End' || event.key === 'F3';
  return event.type !== 'click' || (target instanceof Element && target.closest('a') !== null);
}

/**
 * Draws what was left for later; the root's `data-in-parts` goes when all is there. Its `data-top`
 * stays, which the styles go by: they would all be looked up again without it.
 * @param done is called once all is drawn
 */
export function drawInParts(lesson: HTMLElement, done: () => void): void {
  const root = document.documentElement;
  if (!root.hasAttribute('data-in-parts')) {
    done();
    return;
  }
  const jumps = new AbortController();
  const drawAll = drawEach(
    [...lesson.querySelectorAll('.dialogue > *')],
    (part) => part.toggleAttribute('data-drawn', true),
    () => {
      jumps.abort();
      root.removeAttribute('data-in-parts');
      done();
    },
    (next) => setTimeout(next, PAUSE_MS),
  );
  const onJump = (event: Event): void => {
    if (!isJump(event)) return;
    drawAll();
    // By the address bar, or back and forward: the browser has jumped already, and does so again.
    if (event.type === 'hashchange') document.querySelector(':target')?.scrollIntoView();
  };
  // Before the browser or another listener jumps.
  for (const type of ['click', 'keydown', 'hashchange'])
    addEventListener(type, onJump, { capture: true, signal: jumps.signal });
}
