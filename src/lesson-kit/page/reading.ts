/**
 * Follows the reader: which turns came into view, which numbers were met on the way, whether the end
 * was reached. Remembers it, shows it, and offers to go on where the last visit stopped.
 */

import { lessonProgress, type LessonProgress } from '../../progress/progress-record.ts';
import {
  onProgressChange,
  readProgress,
  recordLesson,
  recordTurn,
} from '../../progress/progress-store.ts';
import { fill } from '../../i18n/format.ts';
import type { LessonPageWords } from './lesson-page-words.ts';

/** How long a turn must stay in view to count as read: past it, nobody scrolls through. */
const dwellMs = 1200;
/** Who has met this share of the turns by the end has read the lesson. */
const readShare = 0.8;
/** The end of an address that asks for the turn where reading stopped. */
const goOnHash = '#continue';

export interface Reading {
  /** The lesson's turns in order. */
  readonly turns: readonly HTMLElement[];
  /** Where earlier visits stopped: the first turn not read; undefined before any, and at the end. */
  readonly firstUnread: () => HTMLElement | undefined;
}

export function followReading(lesson: HTMLElement, slug: string, words: LessonPageWords): Reading {
  const turns = [...lesson.querySelectorAll<HTMLElement>('.turn[id]')];
  const end = lesson.querySelector('.lesson-end');

  const show = () => {
    const { turns: known, checks, doneAt } = lessonProgress(readProgress(), slug);
    const reached = turns.filter(({ id }) => known.includes(id));
    const line = lesson.querySelector('.reading-line');
    if (line)
      line.textContent = fill(words.progress, { reached: reached.length, total: turns.length });
    const bar = lesson.querySelector<HTMLProgressElement>('.reading-bar');
    if (bar) [bar.max, bar.value] = [turns.length, reached.length];
    lesson.toggleAttribute('data-done', doneAt !== undefined);
    showChecks(lesson, checks, words);
    showNumbersMet(lesson, reached);
  };

  // As the page was opened: what is read on this visit moves neither the link nor the way on.
  const unread = unreadAfter(turns, lessonProgress(readProgress(), slug).turns);
  offerToGoOn(lesson, turns, unread, words);
  recordLesson(slug, 'opened');
  onProgressChange(show);
  show();

  const hasReadEnough = () => {
    const known = lessonProgress(readProgress(), slug).turns;
    return turns.filter(({ id }) => known.includes(id)).length >= turns.length * readShare;
  };
  const timers = new Map<Element, ReturnType<typeof setTimeout>>();
  const meet = (target: Element) => {
    if (target !== end) recordTurn(slug, target.id);
    else if (hasReadEnough()) recordLesson(slug, 'done');
    else return;
    observer.unobserve(target);
  };
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(timers.get(target));
        if (isIntersecting) timers.set(target, setTimeout(meet, dwellMs, target));
      }
    },
    { rootMargin: '0px 0px -10% 0px' },
  );
  for (const turn of turns) observer.observe(turn);
  if (end) observer.observe(end);
  return { turns, firstUnread: () => unread };
}

/** What was right once is settled; what was tried and never right is offered again at the end. */
function showChecks(
  lesson: HTMLElement,
  checks: LessonProgress['checks'],
  words: LessonPageWords,
): void {
  const forms = [...lesson.querySelectorAll<HTMLElement>('form.lesson-check')];
  const again: HTMLElement[] = [];
  for (const form of forms) {
    const known = checks[form.id];
    const isRight = known?.rightAt !== undefined;
    if (known !== undefined && !isRight) again.push(form);
    const [done, tried] = ['.check-done', '.check-again'].map((name) =>
      form.querySelector<HTMLElement>(name),
    );
    if (done) done.hidden = !isRight;
    if (tried) tried.hidden = isRight || known === undefined;
  }
  const right = forms.filter(({ id }) => checks[id]?.rightAt !== undefined).length;
  const line = lesson.querySelector('.reading-done');
  if (line && forms.length > 0)
    line.textContent = fill(words.readRight, { right, all: forms.length });
  const list = lesson.querySelector<HTMLElement>('.try-again');
  if (!list) return;
  list.hidden = again.length === 0;
  list.querySelector('ul')?.replaceChildren(
    ...again.map((form) => {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = `#${form.id}`;
      link.textContent = form.querySelector('legend')?.textContent.trim() ?? form.id;
      item.append(link);
      return item;
    }),
  );
}

/** The first turn that was not read; a turn or two that were passed over are no break. */
function unreadAfter(
  turns: readonly HTMLElement[],
  known: readonly string[],
): HTMLElement | undefined {
  const isKnown = turns.map(({ id }) => known.includes(id));
  const last = isKnown.findIndex(
    (isRead, index) => isRead && !isKnown.slice(index + 1, index + 4).includes(true),
  );
  return last < 0 ? undefined : turns[last + 1];
}

function offerToGoOn(
  lesson: HTMLElement,
  turns: readonly HTMLElement[],
  turn: HTMLElement | undefined,
  words: LessonPageWords,
): void {
  const link = lesson.querySelector<HTMLAnchorElement>('.go-on');
  if (!link || !turn) return;
  link.href = `#${turn.id}`;
  link.textContent = fill(words.goOn, { turn: turns.indexOf(turn) + 1 });
  link.hidden = location.hash !== '' && location.hash !== goOnHash;
  // Somebody who pressed "Continue" elsewhere wants to be there, not at the top.
  if (location.hash === goOnHash) location.replace(link.href);
}

function showNumbersMet(lesson: HTMLElement, reached: readonly HTMLElement[]): void {
  const met = new Set(reached.flatMap(({ textContent }) => textContent.match(/\d+/g) ?? []));
  let hasMetAny = false;
  for (const item of lesson.querySelectorAll<HTMLElement>('[data-met]')) {
    const isMet = met.has(item.dataset['met'] ?? '');
    item.hidden = !isMet;
    if (isMet) hasMetAny = true;
  }
  const list = lesson.querySelector<HTMLElement>('.met');
  if (list !== null) list.hidden = !hasMetAny;
}

/**
 * A lesson names its numbers many times, and each turn has a link to itself. The first badge of each
 * number is a stop for the Tab key; the others still open when pressed, and the address of a turn
 * comes with going turn by turn.
 */
export function thinOutTabStops(lesson: HTMLElement): void {
  const seen = new Set<string>();
  for (const badge of lesson.querySelectorAll<HTMLElement>('.dialogue [data-port]')) {
    const port = badge.dataset['port'] ?? '';
    if (seen.has(port)) badge.tabIndex = -1;
    seen.add(port);
  }
}
