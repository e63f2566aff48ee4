/**
 * Makes a part of the lesson as large as its place allows, and no larger than reads well: the whole of
 * it is seen, whatever it holds. The browser's own zoom of an element does it, so that letters, spaces
 * and pictures grow together and line up anew.
 */

/** How much smaller than the screen's height letters are at their largest. */
const LETTERS_PER_HEIGHT = 19;
const STEPS = 8;

/** The largest zoom for a window's height: text as tall as a nineteenth of it. */
export function largestZoom(height: number, textSize: number): number {
  return Math.max(1, height / LETTERS_PER_HEIGHT / textSize);
}

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
  const fits = (zoom: number): boolean => {
    part.style.zoom = String(zoom);
    part.style.inlineSize = `${String(Math.floor(width / zoom))}px`;
    const isNarrow = part.scrollWidth <= part.clientWidth + 1;
    return isNarrow && part.getBoundingClientRect().height <= height + 0.5;
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
