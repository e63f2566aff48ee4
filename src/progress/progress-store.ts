/**
 * Progress in this browser's localStorage, for page scripts. Every change reads what is there first,
 * so that two tabs never overwrite one another. A record that is not whole is kept aside, word for
 * word, under a key of its own before anything is written over it. Where storage is refused or full
 * everything still works until the page is left, and `progressState` says so.
 */

import { asideKeyStart, progressKey } from './progress-keys.ts';
import { formatProgress, parseProgress, type RecordCondition } from './progress-parse.ts';
import {
  mergeProgress,
  noProgress,
  withCheck,
  withLab,
  withLessonEvent,
  withPractice,
  withTurn,
  type CheckOutcome,
  type Progress,
} from './progress-record.ts';
import type { PracticeMemory } from './practice-memory.ts';

export interface ProgressState {
  /** false: storage is refused or full, and what is done now is forgotten with the page. */
  readonly canRemember: boolean;
  /** Keys of records that could not be read whole. */
  readonly aside: readonly string[];
}

let progress: Progress = noProgress;
let knownText: string | null = null;
let canRemember = true;
/** false while the stored record is not whole and has no copy aside: writing would destroy it. */
let mayWrite = true;
const listeners = new Set<(progress: Progress) => void>();

function write(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    canRemember = false;
    return false;
  }
}

function keepAside(text: string): boolean {
  for (let n = 1; ; n += 1) {
    const key = asideKeyStart + n;
    const there = localStorage.getItem(key);
    if (there === text) return true;
    if (there === null) return write(key, text);
  }
}

/** What this learner has done so far. */
export function readProgress(): Progress {
  try {
    const text = localStorage.getItem(progressKey);
    if (text === knownText) return progress;
    const record = text === null ? null : parseProgress(text);
    const stored = record?.progress ?? noProgress;
    progress = canRemember || text === null ? stored : mergeProgress(progress, stored);
    mayWrite = text === null || record?.condition === 'whole' || keepAside(text);
    knownText = text;
  } catch {
    canRemember = false;
  }
  return progress;
}

/** Whether progress is remembered, and what lies aside. */
export function progressState(): ProgressState {
  readProgress();
  try {
    const aside = Object.keys(localStorage).filter((key) => key.startsWith(asideKeyStart));
    return { canRemember, aside: aside.sort() };
  } catch {
    return { canRemember: false, aside: [] };
  }
}

function save(next: Progress): void {
  const text = formatProgress(next);
  if (text === formatProgress(progress)) return;
  progress = next;
  canRemember = mayWrite && write(progressKey, text);
  if (canRemember) knownText = text;
  for (const listener of listeners) listener(progress);
}

/** A turn came into view. */
export function recordTurn(lesson: string, turn: string): void {
  save(withTurn(readProgress(), lesson, turn));
}

/** A check was answered. */
export function recordCheck(lesson: string, question: string, outcome: CheckOutcome): void {
  save(withCheck(readProgress(), lesson, question, outcome, Date.now()));
}

/** A lesson was opened, or read to its end. */
export function recordLesson(lesson: string, event: 'opened' | 'done'): void {
  save(withLessonEvent(readProgress(), lesson, event, Date.now()));
}

/** Steps of a lab were taken; all of them, if it is done. */
export function recordLab(lab: string, steps: readonly string[], isDone: boolean): void {
  const before = readProgress().labs?.[lab]?.doneAt;
  const doneAt = isDone ? (before ?? Date.now()) : undefined;
  if (steps.length > 0) save(withLab(readProgress(), lab, steps, doneAt));
}

/** What practice remembers has changed. */
export function recordPractice(practice: PracticeMemory): void {
  save(withPractice(readProgress(), practice));
}

/** Calls back after every change, in this tab or another. Returns how to stop. */
export function onProgressChange(listener: (progress: Progress) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The learner's file: the whole record as text. */
export function exportProgress(): string {
  return formatProgress(readProgress());
}

/** Merges a learner's file into what is here; says in what condition the file was. */
export function importProgress(text: string): RecordCondition {
  const record = parseProgress(text);
  save(mergeProgress(readProgress(), record.progress));
  return record.condition;
}

/** A record kept aside, word for word. */
export function readAside(key: string): string | null {
  return localStorage.getItem(key);
}

/** Removes the records kept aside, once the learner has them elsewhere. */
export function forgetAside(): void {
  for (const key of progressState().aside) localStorage.removeItem(key);
}

/** Forgets everything, also what lies aside. Ask first. */
export function clearProgress(): void {
  try {
    for (const key of [progressKey, ...progressState().aside]) localStorage.removeItem(key);
  } catch {
    canRemember = false;
  }
  knownText = null;
  progress = noProgress;
  for (const listener of listeners) listener(progress);
}

// Components that are drawn while the site is built import this file too.
if (typeof window !== 'undefined')
  addEventListener('storage', (event: StorageEvent) => {
    if (event.key !== null && event.key !== progressKey) return;
    const now = readProgress();
    for (const listener of listeners) listener(now);
  });
