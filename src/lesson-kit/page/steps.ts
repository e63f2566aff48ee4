/**
 * One step at a time, for a phone, a projector or a slow reading: first the lesson's title alone, then
 * part after part, at last the summary with the way to the next lesson. What comes later is hidden.
 * Space or → brings the next part, ← takes it back, Escape shows all again. Keys that a control needs
 * stay with it. On a phone a first visit begins so; afterwards the learner's own choice holds.
 */

import { fill } from '../../i18n/format.ts';
import type { LessonPageWords } from './lesson-page-words.ts';
import type { Reading } from './reading.ts';

/** What needs the arrows for itself; a link and a button do not. */
const arrowControls = 'input, select, textarea, [contenteditable], [role], astro-island, [popover]';

/** What is pressed with Space; a link is not. */
const spaceControls = `button, summary, ${arrowControls}`;

/** What waits to be answered or played: the way on is quiet until that was tried. */
const unanswered =
  '.choice:not([data-tried]), form.lesson-check:not([data-tried]), astro-island:not([data-tried]), [data-undone="true"]';

const storageKey = 'port-dojo.steps';

/** A phone, not a narrow window or a page that was zoomed. */
const isPhone = (): boolean => matchMedia('(width < 40rem) and (pointer: coarse)').matches;

export function offerSteps(
  lesson: HTMLElement,
  words: LessonPageWords,
  { turns, firstUnread }: Reading,
): void {
  const dialogue = lesson.querySelector<HTMLElement>('.dialogue');
  const foot = lesson.querySelector<HTMLElement>('.lesson-foot');
  const title = lesson.querySelector<HTMLElement>('.lesson-head');
  const bar = lesson.querySelector<HTMLElement>('.steps-bar');
  const start = lesson.querySelector<HTMLElement>('.steps-start');
  const next = bar?.querySelector<HTMLElement>('[data-step="1"]');
  const back = bar?.querySelector<HTMLButtonElement>('[data-step="-1"]');
  const onwards = bar?.querySelector<HTMLElement>('.steps-onwards');
  if (!dialogue || !foot || !title || !bar || !start || !next || !back || !onwards) return;
  const parts = [
    title,
    ...dialogue.querySelectorAll<HTMLElement>(':scope > :not(script, style, link)'),
    foot,
  ];
  const last = parts.length - 1;
  /** So many steps after the title: a heading is none of its own. */
  const stepsUpTo = (index: number): number =>
    parts.slice(1, index + 1).filter((part) => part.tagName !== 'H2').length;
  const place = bar.querySelector('.steps-place');
  let now = -1;

  /** A heading comes with what follows it. */
  const settle = (index: number, isBackwards: boolean): number =>
    parts[index]?.tagName === 'H2' ? index + (isBackwards ? -1 : 1) : index;

  /** From the title a learner who has been here goes on where the last visit stopped. */
  const following = (): number => {
    const turn = now === 0 ? firstUnread() : undefined;
    const at = turn === undefined ? -1 : parts.indexOf(turn);
    return at > 0 ? at : now + 1;
  };

  const show = (): void => {
    const isOn = now >= 0;
    lesson.toggleAttribute('data-stepping', isOn);
    lesson.toggleAttribute('data-whole', !isOn);
    document.documentElement.toggleAttribute('data-in-steps', isOn);
    bar.hidden = !isOn;
    const part = parts[now];
    // Over a simulator there is room for it beside the button that fills the screen.
    const simulator = part?.matches('.frame') === true ? part : null;
    const room = simulator ?? lesson;
    // Taking it away and putting it back would take the focus from its buttons.
    if (bar.parentElement !== room) room[simulator ? 'prepend' : 'append'](bar);
    bar.toggleAttribute('data-over-part', simulator !== null);
    bar.toggleAttribute('data-under-part', !simulator && part?.matches('.breaks-out') === true);
    parts.forEach((one, index) => {
      one.toggleAttribute('data-later', isOn && index > now);
      one.toggleAttribute('data-now', isOn && index === now);
    });
    if (place)
      place.textContent = fill(words.step, { step: stepsUpTo(now), total: stepsUpTo(last) });
    bar.style.setProperty('--done', String(Math.max(now, 0) / last));
    back.disabled = now <= 0;
    next.hidden = now === last;
    onwards.hidden = now !== last;
    showAnswered();
  };

  /** Whether the learner has tried what the step asks. */
  const showAnswered = (): void => {
    const part = parts[now];
    const isAsking = part?.matches(unanswered) ?? false;
    const isOpen = isAsking || (part?.querySelector(unanswered) ?? null) !== null;
    next.classList.toggle('quiet-button', isOpen);
    const turn = now === 0 ? firstUnread() : undefined;
    const label = isOpen
      ? words.stepSkip
      : turn === undefined
        ? words.stepNext
        : fill(words.goOn, { turn: turns.indexOf(turn) + 1 });
    next.textContent = `${label} →`;
  };

  const goTo = (wanted: number): void => {
    const index = settle(wanted, wanted < now);
    const part = parts[index];
    if (!part) return;
    now = index;
    show();
    remember('steps');
    part.tabIndex = -1;
    part.focus({ preventScroll: true });
    // Where the bar is above it, both are in view.
    part.style.scrollMarginBlockStart = bar.parentElement === part ? '0.5rem' : '';
    const isTall = part.offsetHeight > innerHeight * 0.6;
    // With a heading before it, the heading is in view too.
    const heading = parts[index - 1]?.tagName === 'H2' ? parts[index - 1] : undefined;
    if (heading && isTall) heading.scrollIntoView({ block: 'start' });
    else part.scrollIntoView({ block: isTall ? 'start' : 'center' });
    const { pathname, search } = location;
    try {
      history.replaceState(null, '', part.id ? `#${part.id}` : pathname + search);
    } catch {
      // Too many changes in a short time: the address follows with a later step. The widgets' own
      // helper is not used here, since it lies in their file, which a lesson loads only with them.
    }
  };

  const leave = (): void => {
    const part = parts[now];
    now = -1;
    show();
    remember('all');
    part?.scrollIntoView({ block: part === title ? 'start' : 'center' });
    start.focus({ preventScroll: true });
  };

  /** The part that an address on this page (`#id`, `#id=state`) leads to. */
  const partAt = (hash: string): number => {
    const target = document.getElementById(decodeURIComponent(hash.slice(1).split('=')[0] ?? ''));
    return target === null ? -1 : parts.findIndex((part) => part.contains(target));
  };

  start.addEventListener('click', () => {
    const inView = parts.findIndex((part) => part.getBoundingClientRect().bottom > 0);
    const isAtTop = turns[0] !== undefined && turns[0].getBoundingClientRect().top > 0;
    goTo(isAtTop ? 1 : Math.max(1, inView));
  });
  bar.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-step]') : null;
    if (!button) return;
    const step = Number(button.dataset['step']);
    if (step === 0) leave();
    else goTo(step > 0 ? following() : now - 1);
  });
  lesson.addEventListener('click', (event) => {
    const { target } = event;
    const link =
      target instanceof Element ? target.closest<HTMLAnchorElement>('a[href*="#"]') : null;
    if (now < 0 || link?.pathname !== location.pathname) return;
    const index = partAt(link.hash);
    if (index < 0) return;
    event.preventDefault();
    goTo(index);
  });
  addEventListener('hashchange', () => {
    const index = partAt(location.hash);
    if (now >= 0 && index >= 0 && index !== now) goTo(index);
  });
  document.addEventListener('keydown', (event) => {
    const { target, key } = event;
    if (now < 0 || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === 'Escape') leave();
    const needed = key === ' ' ? spaceControls : arrowControls;
    const control = target instanceof Element ? target.closest(needed) : null;
    // The part itself is only a place to stand, whatever its role.
    if (control && control !== parts[now]) return;
    const step = key === ' ' || key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    goTo(step > 0 ? following() : now - 1);
  });
  const tried = (event: Event): void => {
    const { target } = event;
    if (event instanceof KeyboardEvent && event.key === 'Tab') return;
    if (target instanceof Element) target.closest('astro-island')?.setAttribute('data-tried', '');
  };
  for (const type of ['pointerdown', 'keydown', 'input']) dialogue.addEventListener(type, tried);
  new MutationObserver(showAnswered).observe(dialogue, {
    subtree: true,
    attributeFilter: ['data-tried', 'data-undone'],
  });

  const mode = remembered();
  if (mode === 'steps' || (mode === null && isPhone())) {
    const asked = partAt(location.hash);
    if (asked > 0) goTo(asked);
    else {
      // The title: nothing moves, and the focus stays where a page begins.
      now = 0;
      show();
    }
  } else show();
}

function remember(mode: 'steps' | 'all'): void {
  try {
    localStorage.setItem(storageKey, mode);
  } catch {
    // Storage refused: the choice holds for this page.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}
