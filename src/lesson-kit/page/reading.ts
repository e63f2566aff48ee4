/**
 * Follows the reader: which turns came into view, which numbers were met on the way, whether the end
 * was reached. Remembers it, shows it, and offers to go on where the last visit stopped.
 */

import { lessonProgress } from '../../progress/progress-record.ts';
import {
  onProgressChange,
  readProgress,
  recordLesson,
  recordTurn,
} from '../../progress/progress-store.ts';
import { filled, type LessonPageWords } from './lesson-page-words.ts';

/** How long a turn must stay in view to count as read: past it, nobody scrolls through. */
const dwellMs = 1200;
/** Who has met this share of the turns by the end has read the lesson. */
const readShare = 0.8;

export interface Reading {
  /** The lesson's turns in order. */
  readonly turns: readonly HTMLElement[];
}

export function followReading(lesson: HTMLElement, slug: string, words: LessonPageWords): Reading {
  const turns = [...lesson.querySelectorAll<HTMLElement>('.turn[id]')];
  const end = lesson.querySelector('.lesson-end');

  const show = () => {
    const { turns: known, checks, doneAt } = lessonProgress(readProgress(), slug);
    const reached = turns.filter(({ id }) => known.includes(id));
    const line = lesson.querySelector('.reading-line');
    if (line)
      line.textContent = filled(words.progress, { reached: reached.length, total: turns.length });
    const bar = lesson.querySelector<HTMLProgressElement>('.reading-bar');
    if (bar) [bar.max, bar.value] = [turns.length, reached.length];
    lesson.toggleAttribute('data-done', doneAt !== undefined);
    for (const form of lesson.querySelectorAll('form.lesson-check')) {
      const badge = form.querySelector<HTMLElement>('.check-done');
      if (badge) badge.hidden = checks[form.id]?.rightAt === undefined;
    }
    showNumbersMet(lesson, reached);
  };

  offerToGoOn(lesson, turns, lessonProgress(readProgress(), slug).turns, words);
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
  return { turns };
}

function offerToGoOn(
  lesson: HTMLElement,
  turns: readonly HTMLElement[],
  known: readonly string[],
  words: LessonPageWords,
): void {
  const isKnown = turns.map(({ id }) => known.includes(id));
  // Where reading broke off; a turn or two that were passed over are no break.
  const last = isKnown.findIndex(
    (isRead, index) => isRead && !isKnown.slice(index + 1, index + 4).includes(true),
  );
  const link = lesson.querySelector<HTMLAnchorElement>('.go-on');
  const turn = turns[last];
  const isAtEnd = last >= turns.length - 2;
  if (!link || !turn || last < 2 || isAtEnd || location.hash !== '') return;
  link.href = `#${turn.id}`;
  link.textContent = filled(words.goOn, { turn: last + 1 });
  link.hidden = false;
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
  for (const link of lesson.querySelectorAll<HTMLElement>('.turn-link')) link.tabIndex = -1;
  const seen = new Set<string>();
  for (const badge of lesson.querySelectorAll<HTMLElement>('.dialogue [data-port]')) {
    const port = badge.dataset['port'] ?? '';
    if (seen.has(port)) badge.tabIndex = -1;
    seen.add(port);
  }
}
