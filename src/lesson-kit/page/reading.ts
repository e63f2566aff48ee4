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

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        if (target === end) recordLesson(slug, 'done');
        else recordTurn(slug, target.id);
      }
    },
    { rootMargin: '0px 0px -25% 0px' },
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
  const last = turns.findLastIndex(({ id }) => known.includes(id));
  const link = lesson.querySelector<HTMLAnchorElement>('.go-on');
  const turn = turns[last];
  if (!link || !turn || last < 2 || location.hash !== '') return;
  link.href = `#${turn.id}`;
  link.textContent = filled(words.goOn, { turn: last + 1 });
  link.hidden = false;
}

function showNumbersMet(lesson: HTMLElement, reached: readonly HTMLElement[]): void {
  const met = new Set(reached.flatMap(({ textContent }) => textContent.match(/\d+/g) ?? []));
  for (const item of lesson.querySelectorAll<HTMLElement>('[data-met]')) {
    item.hidden = !met.has(item.dataset['met'] ?? '');
  }
}

/**
 * A lesson names its numbers many times. The first badge of each is a stop for the Tab key; the
 * others still open when pressed.
 */
export function thinOutTabStops(lesson: HTMLElement): void {
  const seen = new Set<string>();
  for (const badge of lesson.querySelectorAll<HTMLElement>('.dialogue [data-port]')) {
    const port = badge.dataset['port'] ?? '';
    if (seen.has(port)) badge.tabIndex = -1;
    seen.add(port);
  }
}
