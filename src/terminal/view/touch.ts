/** Whether fingers are all there is: then a focused field brings up a keyboard over half the screen. */

export function hasOnlyTouch(): boolean {
  return matchMedia('(hover: none) and (pointer: coarse)').matches;
}
