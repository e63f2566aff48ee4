/**
 * Components that a page loads when they are asked for (a terminal, a lab's room) bring their styles
 * along in their script, where Astro would write them into every page that could load them. Svelte
 * adds such styles as an element, which the content security policy refuses; here they become sheets
 * of the document, which it allows.
 */

import type { CompileOptions } from 'svelte/compiler';
import type { Plugin } from 'vite';

/** Never part of a first frame, and most of them loaded by `import()`. */
const loadedLater =
  /src\/(site-ui\/PutAside|quiz\/view\/practice\/QuestionCard|terminal\/(view\/(?!Open)|labs-view\/(?!Open))\w+|simulations\/connection\/(WhyPanel|More)|simulation-kit\/(PredictCard|QrSheet|SocketMenu))\.svelte$/;

/** For Svelte's plugin: the styles of what is loaded later go into its script. */
export function laterStyleOptions({
  filename,
}: {
  filename: string;
}): Partial<CompileOptions> | undefined {
  return loadedLater.test(filename) ? { css: 'injected' } : undefined;
}

const sheets = `
import { effect } from '../reactivity/effects.js';

export function append_styles(anchor, css) {
  effect(() => {
    const adopted = document.adoptedStyleSheets;
    if (adopted.some((sheet) => sheet.hash === css.hash)) return;
    const sheet = new CSSStyleSheet();
    sheet.hash = css.hash;
    sheet.replaceSync(css.code);
    document.adoptedStyleSheets = [...adopted, sheet];
  });
}
`;

/** Svelte's way of adding styles, by a sheet of the document. */
export function laterStyles(): Plugin {
  return {
    name: 'later-styles',
    enforce: 'pre',
    transform(_code, id) {
      return id.includes('svelte/src/internal/client/dom/css.js')
        ? { code: sheets, map: null }
        : undefined;
    },
  };
}
