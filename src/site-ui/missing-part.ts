/**
 * Says that a part of the page could not be loaded, where nobody else does: what a press or a look asks
 * for comes over the network, which may have gone since the page was there. The next press, or the
 * network's return, takes the words away, and the part is asked for again.
 */

const place = document.querySelector<HTMLElement>('.missing-part');
/** Errors of scripts that were asked for, from the build's own loader. */
const known = new WeakSet<object>();

function say(text: string): void {
  if (place && place.textContent !== text) place.textContent = text;
}

function sayMissing(): void {
  say(place?.dataset['words'] ?? '');
}

addEventListener('vite:preloadError', (event: Event & { readonly payload?: unknown }) => {
  if (typeof event.payload === 'object' && event.payload !== null) known.add(event.payload);
});
addEventListener('unhandledrejection', (event) => {
  const reason: unknown = event.reason;
  if (typeof reason !== 'object' || reason === null || !known.has(reason)) return;
  event.preventDefault();
  sayMissing();
});
// A widget that could not wake up: wake-when-seen.ts.
addEventListener('port-dojo:missing-part', sayMissing);

const forget = (): void => {
  say('');
};
addEventListener('online', forget);
addEventListener('pointerdown', forget, true);
addEventListener('keydown', forget, true);
