/**
 * Puts numbers on an element as CSS custom properties, from script. A strict style-src allows no
 * `style` attribute in the server's HTML, so the first frame must look right without them.
 */

import type { Action } from 'svelte/action';

export type CustomProperties = Readonly<Record<`--${string}`, number | string>>;

export const customProperties: Action<HTMLElement | SVGElement, CustomProperties> = (
  element,
  properties,
) => {
  const put = (values: CustomProperties): void => {
    for (const [name, value] of Object.entries(values))
      element.style.setProperty(name, String(value));
  };
  put(properties);
  return { update: put };
};
