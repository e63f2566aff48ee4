/**
 * Keeps the keyboard's place. Where a key press disables, hides or replaces the control that it was
 * pressed on, the browser drops focus to the body, and Tab would begin at the top of the page again.
 * Here it goes to the control that follows in the same group, or else to the one before.
 */

const focusable =
  'a[href], button, input, select, textarea, summary, [tabindex]:not([tabindex^="-"])';

/** How long after a press a control may still vanish: a search, a loaded part. In ms. */
const lateMs = 400;

interface Place {
  readonly ancestor: Element;
  /** Which child of the ancestor held the control. */
  readonly index: number;
}

let control: Element | undefined;
let places: readonly Place[] = [];

document.addEventListener('keydown', watch, true);
// A click without a pointer: a screen reader's, or one that a key has made.
document.addEventListener(
  'click',
  (event) => {
    if (event.detail === 0) watch();
  },
  true,
);

function watch(): void {
  const focused = document.activeElement;
  if (focused !== null && focused !== document.body) remember(focused);
  requestAnimationFrame(() => requestAnimationFrame(mend));
  setTimeout(mend, lateMs);
}

function remember(focused: Element): void {
  control = focused;
  const found: Place[] = [];
  for (let child = focused; child.parentElement; child = child.parentElement) {
    const ancestor = child.parentElement;
    found.push({ ancestor, index: [...ancestor.children].indexOf(child) });
    if (ancestor.matches('main, dialog')) break;
  }
  places = found;
}

function isUsable(element: Element): boolean {
  return (
    element.isConnected &&
    !element.matches(':disabled, [inert] *') &&
    element.checkVisibility({ visibilityProperty: true })
  );
}

function mend(): void {
  const active = document.activeElement;
  const isLost = active === null || active === document.body || active === control;
  if (control === undefined || !isLost || isUsable(control)) return;
  for (const { ancestor, index } of places) {
    if (!ancestor.isConnected) continue;
    const usable = [...ancestor.querySelectorAll<HTMLElement>(focusable)].filter(isUsable);
    const from = ancestor.children[index];
    const next = usable.find(
      (element) =>
        from === undefined ||
        from.contains(element) ||
        from.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const target = (from === undefined ? undefined : next) ?? usable.at(-1);
    if (target === undefined) continue;
    target.focus();
    remember(target);
    return;
  }
}
