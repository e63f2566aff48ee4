/**
 * Parts of a lesson that are far from the window rest: the browser keeps their room and goes through
 * nothing in them (styles/lesson.css). A widget that grows by a line moves all that follows it, and with
 * a whole lesson to go through that cost more than the widget itself.
 *
 * The room that a part keeps is what it took when it was last drawn. Where that may be wrong (another
 * width, other letters, readings of words), and before a jump, all are drawn, and rest again later.
 */

/** A part this near is drawn, in heights of the window: what is scrolled to is there already. */
const NEAR = '100% 0px';
/** So long after the last of what wakes all. */
const REST_AFTER_MS = 1_000;

/** A link, or what changes far parts too: readings come above all words, a system is chosen for all. */
const waking = 'a, .readings, .try-it [role="tab"]';

export function restFarParts(lesson: HTMLElement): void {
  const parts = [...lesson.querySelectorAll('.dialogue > *')];
  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries)
        target.toggleAttribute('data-rests', !isIntersecting);
    },
    { rootMargin: NEAR },
  );
  let timer = 0;
  const restLater = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => {
      for (const part of parts) sight.observe(part);
    }, REST_AFTER_MS);
  };
  const wakeAll = (): void => {
    sight.disconnect();
    for (const part of parts) part.removeAttribute('data-rests');
    restLater();
  };

  // Before the browser or another listener jumps or changes anything.
  const isCapture = { capture: true };
  addEventListener(
    'click',
    ({ target }) => {
      if (target instanceof Element && target.closest(waking)) wakeAll();
    },
    isCapture,
  );
  addEventListener(
    'keydown',
    ({ key }) => {
      if (key === 'End') wakeAll();
    },
    isCapture,
  );
  let width = innerWidth;
  addEventListener('resize', () => {
    // A phone's window grows and shrinks with its address bar.
    if (innerWidth !== width) wakeAll();
    width = innerWidth;
  });
  document.fonts.addEventListener('loadingdone', wakeAll);
  restLater();
}
