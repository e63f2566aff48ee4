/** The notices of ProgressNotice.astro, shown where they are true; nothing on a page without them. */

import { asideKeyStart, outcomeEvent, probeKey, probeRoom } from '../progress/progress-keys.ts';

function show(when: 'aside' | 'refused', isTrue: boolean): void {
  const notice = document.querySelector<HTMLElement>(`.progress-notice[data-when="${when}"]`);
  if (notice) notice.hidden = !isTrue;
}

try {
  show(
    'aside',
    Object.keys(localStorage).some((key) => key.startsWith(asideKeyStart)),
  );
  localStorage.setItem(probeKey, '.'.repeat(probeRoom));
  localStorage.removeItem(probeKey);
} catch {
  show('refused', true);
}
// From here on, what becomes of the real writings counts.
addEventListener(outcomeEvent, (event) => {
  show('refused', event instanceof CustomEvent && event.detail === false);
});
