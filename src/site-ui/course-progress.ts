/** What this learner has done, written into the list of lessons on the course page. */

import { lessonProgress, type Progress } from '../progress/progress-record.ts';
import { onProgressChange, readProgress } from '../progress/progress-store.ts';

const summary = document.querySelector<HTMLElement>('[data-course-summary]');
/** What the page says before anything is begun. */
const start = summary?.textContent ?? '';
const lessons = [...document.querySelectorAll<HTMLElement>('[data-lesson]')];

function show(progress: Progress): void {
  let done = 0;
  let begun = 0;
  let minutes = 0;
  for (const item of lessons) {
    const { openedAt, doneAt } = lessonProgress(progress, item.dataset['lesson'] ?? '');
    const state = doneAt !== undefined ? 'done' : openedAt !== undefined ? 'begun' : '';
    if (state === 'done') done += 1;
    else minutes += Number(item.dataset['minutes']);
    if (state !== '') begun += 1;
    const mark = item.querySelector<HTMLElement>('.state');
    if (!mark) continue;
    mark.textContent = summary?.dataset[state] ?? '';
    mark.dataset['state'] = state;
  }
  if (!summary) return;
  if (begun === 0) {
    summary.textContent = start;
    return;
  }
  const words = (done === lessons.length ? summary.dataset['all'] : summary.dataset['some']) ?? '';
  const values: Record<string, number> = { done, minutes, all: lessons.length };
  summary.textContent = words.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}

show(readProgress());
onProgressChange(show);
