/** A button that shows the readings of words, where a language has any; remembered for the whole course. */

const storageKey = 'port-dojo.readings';

export function offerReadings(lesson: HTMLElement): void {
  const button = lesson.querySelector<HTMLElement>('.readings');
  if (button === null) return;
  const show = (isOn: boolean): void => {
    button.setAttribute('aria-pressed', String(isOn));
    void import('./readings.ts').then(({ showReadings }) => {
      showReadings(lesson, isOn);
    });
  };
  button.addEventListener('click', () => {
    const isOn = button.getAttribute('aria-pressed') !== 'true';
    show(isOn);
    try {
      localStorage.setItem(storageKey, isOn ? 'on' : 'off');
    } catch {
      // Then it holds for this page alone.
    }
  });
  try {
    if (localStorage.getItem(storageKey) === 'on') show(true);
  } catch {
    // Nothing is remembered in this browser.
  }
}
