/**
 * What this learner has done, written into a list of lessons; how much is left, where the page says
 * it; and the way on, where the page has a button to begin with.
 */

import { fill } from '../i18n/format.ts';
import { lessonProgress, type Progress } from '../progress/progress-record.ts';
import { onProgressChange, readProgress } from '../progress/progress-store.ts';

type State = 'done' | 'begun' | '';

const list = document.querySelector<HTMLElement>('.lesson-path');
const lessons = [...document.querySelectorAll<HTMLElement>('[data-lesson]')];
const summary = document.querySelector<HTMLElement>('[data-course-summary]');
const begin = document.querySelector<HTMLAnchorElement>('[data-course-begin]');
/** What the page says before anything is begun. */
const start = {
  summary: summary?.textContent ?? '',
  label: begin?.textContent ?? '',
  href: begin?.href,
};

function stateOf(progress: Progress, lesson: HTMLElement): State {
  const { openedAt, doneAt } = lessonProgress(progress, lesson.dataset['lesson'] ?? '');
  return doneAt !== undefined ? 'done' : openedAt !== undefined ? 'begun' : '';
}

function showSummary(states: readonly State[]): void {
  if (!summary) return;
  const done = states.filter((state) => state === 'done').length;
  const minutes = lessons
    .filter((_, index) => states[index] !== 'done')
    .reduce((sum, lesson) => sum + Number(lesson.dataset['minutes']), 0);
  const words = done === lessons.length ? summary.dataset['all'] : summary.dataset['some'];
  summary.textContent = states.every((state) => state === '')
    ? start.summary
    : fill(words ?? '', { done, minutes, all: lessons.length });
}

/** The lesson that was begun last in the course's order, or the one after the last done. */
function showBegin(states: readonly State[]): void {
  if (!begin || start.href === undefined) return;
  const begun = states.lastIndexOf('begun');
  const after = states.lastIndexOf('done') + 1;
  const link = lessons[begun >= 0 ? begun : after]?.querySelector<HTMLAnchorElement>('a');
  const isNew = states.every((state) => state === '');
  // In a lesson that was begun, where reading stopped.
  begin.href = isNew || !link ? start.href : begun >= 0 ? `${link.href}#continue` : link.href;
  begin.textContent =
    isNew || !link
      ? start.label
      : fill(begin.dataset['courseBegin'] ?? '', { title: link.textContent.trim() });
}

function show(progress: Progress): void {
  const states = lessons.map((lesson) => stateOf(progress, lesson));
  lessons.forEach((lesson, index) => {
    const mark = lesson.querySelector<HTMLElement>('.state');
    const state = states[index] ?? '';
    if (!mark) return;
    mark.textContent = state === '' ? '' : (list?.dataset[state] ?? '');
    mark.dataset['state'] = state;
  });
  showSummary(states);
  showBegin(states);
}

show(readProgress());
onProgressChange(show);
