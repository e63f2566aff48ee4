/**
 * One step at a time, for a projector or a slow reading: what comes later is hidden, Space or → brings
 * the next part, ← takes it back, Escape shows all again. Keys that a control needs stay with it.
 */

import { filled, type LessonPageWords } from './lesson-page-words.ts';
import type { Reading } from './reading.ts';

const controls =
  'a, button, input, select, textarea, summary, [contenteditable], [role], astro-island, [popover]';

/** In this tab, the lesson that is being gone through: a reload goes on where it was. */
const storageKey = 'port-dojo.steps';

export function offerSteps(
  lesson: HTMLElement,
  slug: string,
  words: LessonPageWords,
  { turns }: Reading,
): void {
  const dialogue = lesson.querySelector<HTMLElement>('.dialogue');
  const bar = lesson.querySelector<HTMLElement>('.steps-bar');
  const start = lesson.querySelector<HTMLElement>('.steps-start');
  if (!dialogue || !bar || !start) return;
  const parts = [...dialogue.querySelectorAll<HTMLElement>(':scope > :not(script, style, link)')];
  const place = bar.querySelector('.steps-place');
  const back = bar.querySelector<HTMLButtonElement>('[data-step="-1"]');
  const next = bar.querySelector<HTMLButtonElement>('[data-step="1"]');
  let now = -1;

  const show = () => {
    const isOn = now >= 0;
    lesson.toggleAttribute('data-stepping', isOn);
    bar.hidden = !isOn;
    parts.forEach((part, index) => {
      part.toggleAttribute('data-later', isOn && index > now);
      part.toggleAttribute('data-now', index === now);
    });
    if (place) place.textContent = filled(words.step, { step: now + 1, total: parts.length });
    if (back) back.disabled = now <= 0;
    if (next) next.disabled = now >= parts.length - 1;
  };

  const goTo = (index: number) => {
    // A heading comes with what follows it.
    if (parts[index]?.tagName === 'H2') index += index < now ? -1 : 1;
    const part = parts[index];
    if (!part) return;
    now = index;
    show();
    remember(slug);
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
    const isTall = part.offsetHeight > innerHeight * 0.6;
    part.scrollIntoView({ block: isTall ? 'start' : 'center' });
    if (part.id) history.replaceState(null, '', `#${part.id}`);
  };

  const leave = () => {
    const part = parts[now];
    now = -1;
    show();
    remember(null);
    part?.scrollIntoView({ block: 'center' });
    start.focus({ preventScroll: true });
  };

  start.addEventListener('click', () => {
    const inView = parts.findIndex((part) => part.getBoundingClientRect().bottom > 0);
    const isAtTop = turns[0] !== undefined && turns[0].getBoundingClientRect().top > 0;
    goTo(isAtTop ? 0 : Math.max(0, inView));
  });
  bar.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-step]') : null;
    if (!button) return;
    const step = Number(button.dataset['step']);
    if (step === 0) leave();
    else goTo(now + step);
  });
  document.addEventListener('keydown', (event) => {
    const { target, key } = event;
    if (now < 0 || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === 'Escape') leave();
    const control = target instanceof Element ? target.closest(controls) : null;
    // The part itself is only a place to stand, whatever its role.
    if (control && control !== parts[now]) return;
    const step = key === ' ' || key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    goTo(now + step);
  });

  if (remembered() === slug) {
    const place = parts.findIndex(({ id }) => id !== '' && `#${id}` === location.hash);
    goTo(Math.max(0, place));
  }
}

function remember(slug: string | null): void {
  try {
    if (slug === null) sessionStorage.removeItem(storageKey);
    else sessionStorage.setItem(storageKey, slug);
  } catch {
    // Storage refused: a reload shows the whole lesson.
  }
}

function remembered(): string | null {
  try {
    return sessionStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
