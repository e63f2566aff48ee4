/**
 * A part of a widget whose words change again and again. A browser would lay out the whole page anew
 * each time, in case the part has another size; this one is given its size, so that only the part is.
 *
 *     <div> <div use:apart> <p>{what changes}</p> </div> </div>
 *
 * The element must be a plain block, no item of a grid or a row, and hold one block without margins; no
 * `<select>` may be in it, or Chromium takes no notice (its list is anchored to it). What has no script
 * or is printed has the size of what it holds (styles/base.css).
 */

import type { Action } from 'svelte/action';

export const apart: Action = (element) => {
  const content = element.firstElementChild;
  if (content === null) return {};
  const sizes = new ResizeObserver(([entry]) => {
    const size = entry?.borderBoxSize[0]?.blockSize;
    // Not shown, it has no size that could be kept.
    element.toggleAttribute('data-apart', size !== undefined && size > 0);
    if (size !== undefined) element.style.setProperty('--apart', `${size}px`);
  });
  sizes.observe(content);
  return {
    destroy: () => {
      sizes.disconnect();
    },
  };
};
