/**
 * A part of a widget whose words change again and again. A browser would lay out the whole page anew
 * each time, in case the part has another size; this one is given its size, so that only the part is.
 *
 *     <div> <div use:apart> <p>{what changes}</p> </div> </div>
 *
 * The element must be a plain block, no item of a grid or a row, and hold one block without margins; no
 * `<select>` may be in it, or Chromium takes no notice (its list is anchored to it). What has no script
 * or is printed has the size of what it holds (styles/base.css). With `{ keeps: true }` it is as high as
 * it ever was while it is so wide: what is below it moves once, and not with every message.
 */

import type { Action } from 'svelte/action';

export const apart: Action<HTMLElement, { readonly keeps: boolean } | undefined> = (
  element,
  { keeps } = { keeps: false },
) => {
  const content = element.firstElementChild;
  if (content === null) return {};
  let known = { blockSize: 0, inlineSize: 0 };
  const sizes = new ResizeObserver(([entry]) => {
    const { blockSize = 0, inlineSize = 0 } = entry?.borderBoxSize[0] ?? {};
    if (!keeps || inlineSize !== known.inlineSize) known = { blockSize: 0, inlineSize };
    if (blockSize >= known.blockSize) known = { blockSize, inlineSize };
    // Not shown, it has no size that could be kept.
    element.toggleAttribute('data-apart', blockSize > 0);
    element.style.setProperty('--apart', `${known.blockSize}px`);
  });
  sizes.observe(content);
  return {
    destroy: () => {
      sizes.disconnect();
    },
  };
};
