/**
 * Puts numbers on an element as CSS custom properties, from script. A strict style-src allows no
 * `style` attribute in the server's HTML, so the first frame must look right without them.
 */

import type { Action } from 'svelte/action';

export type Places = Readonly<Record<`--${string}`, number | string>>;

export const place: Action<HTMLElement | SVGElement, Places> = (element, places) => {
  const put = (values: Places): void => {
    for (const [name, value] of Object.entries(values))
      element.style.setProperty(name, String(value));
  };
  put(places);
  return { update: put };
};
