/**
 * Makes a part of the lesson as large as its place allows, and no larger than reads well: the whole of
 * it is seen, whatever it holds. The browser's own zoom of an element does it, so that letters, spaces
 * and pictures grow together and line up again.
 */

/** How much smaller than the screen's height letters are at their largest. */
const LETTERS_PER_HEIGHT = 19;
const STEPS = 8;

/** The largest zoom for a window's height: text as tall as a nineteenth of it. */
export function largestZoom(height: number, textSize: number): number {
  return Math.max(1, height / LETTERS_PER_HEIGHT / textSize);
}

/** How small letters become before the lines of a terminal are broken, as a part of the largest zoom. */
const BREAKS_BELOW = 0.65;

/**
 * @param least the smallest zoom: what is larger still is scrolled
 * @param most the largest zoom that is wanted
 * @returns the zoom that was put on the part
 */
export function fit(
  part: HTMLElement,
  { width, height }: { readonly width: number; readonly height: number },
  least: number,
  most: number,
): number {
  // On a wall nobody scrolls sideways: what prints more columns is smaller.
  const boxes = [...part.querySelectorAll<HTMLElement>('pre, .scroll-box')];
  const isNarrow = (box: HTMLElement): boolean => box.scrollWidth <= box.clientWidth + 1;
  const fits = (zoom: number): boolean => {
    part.style.zoom = String(zoom);
    part.style.inlineSize = `${String(Math.floor(width / zoom))}px`;
    return (
      isNarrow(part) && boxes.every(isNarrow) && part.getBoundingClientRect().height <= height + 0.5
    );
  };
  if (fits(most)) return most;
  let [low, high] = [least, most];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (fits(middle)) low = middle;
    else high = middle;
  }
  fits(low);
  return low;
}

/** As `fit`, but where lines of a terminal are so long that letters become too small, they are broken. */
export function fitOrBreak(
  part: HTMLElement,
  room: { readonly width: number; readonly height: number },
  least: number,
  most: number,
): number {
  part.toggleAttribute('data-breaks', false);
  const whole = fit(part, room, least, most);
  if (whole >= most * BREAKS_BELOW || part.querySelector('pre') === null) return whole;
  part.toggleAttribute('data-breaks', true);
  const broken = fit(part, room, least, most);
  if (broken > whole) return broken;
  part.toggleAttribute('data-breaks', false);
  return fit(part, room, least, most);
}
