/**
 * The code of a frame that shows a widget in a state: the widget's own page, and its state in the address,
 * so that it needs no storage.
 */

/** The id of the widget on its own page. */
const embeddedId = 'widget';

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${String(sign.codePointAt(0))};`);

/**
 * The address of a widget alone, in a state.
 * @param page the widget's own page, absolute
 * @param link an address that names a state of the widget: `…#sim-id=state`
 */
export function aloneAddress(page: string, link: string): string {
  const fragment = link.split('#')[1] ?? '';
  const state = fragment.slice(fragment.indexOf('=') + 1);
  return `${page}#sim-${embeddedId}=${state}`;
}

/** @param title says what the frame holds to those who do not see it; the rest as above */
export function embedCode(page: string, link: string, title: string): string {
  return (
    `<iframe src="${escaped(aloneAddress(page, link))}" title="${escaped(title)}" width="100%" height="680" ` +
    'loading="lazy"></iframe>'
  );
}
