/**
 * Puts an address in the address bar, without a step in the browser's history. Browsers refuse it
 * after many in a short time (WebKit throws after 100 in ten seconds): the page goes on with the
 * address it had, and the next change brings it up to date.
 * @param address of this site: absolute, or relative to the page
 */
export function replaceAddress(address: string | URL): void {
  try {
    history.replaceState(history.state, '', address);
  } catch (problem) {
    if (!(problem instanceof DOMException)) throw problem;
  }
}
