/**
 * Progress in this browser's localStorage, for page scripts. No tab overwrites what another has done:
 * browsers let a tab see another's writing late, so each keeps what it knows, merges it with all that
 * it sees or hears about, and writes again where something is missing. A record that is not whole is
 * kept aside, word for word, under a key of its own before anything is written over it. Where storage
 * is refused or full everything still works until the page is left, and `progressState` says so.
 */

import { asideKeyStart, outcomeEvent, probeKey, probeRoom, progressKey } from './progress-keys.ts';
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
import { putAside } from './put-aside.ts';
import type { PracticeMemory } from './practice-memory.ts';

export interface ProgressState {
  /** false: storage is refused or full, and what is done now is forgotten with the page. */
  readonly canRemember: boolean;
  /** Keys of records that could not be read whole; the record in use itself where no copy fits. */
  readonly aside: readonly string[];
}

/** Everything that this tab has done or seen. */
let progress: Progress = noProgress;
/** The stored text that `progress` contains; null where nothing is stored. */
let knownText: string | null = null;
let canRemember = true;
/** false while the stored record is not whole and has no copy aside: writing would destroy it. */
let mayWrite = true;
/** Whether the stored record is one that this version writes. */
let isWhole = true;
const listeners = new Set<(progress: Progress) => void>();

function setOutcome(isRemembered: boolean): void {
  if (isRemembered === canRemember) return;
  canRemember = isRemembered;
  dispatchEvent(new CustomEvent(outcomeEvent, { detail: canRemember }));
}

function write(key: string, text: string): boolean {
  try {
    localStorage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}

/** Takes in what is stored, or what another tab says that it has stored. */
function takeIn(text: string | null): void {
  if (text === knownText) return;
  if (text === null) {
    // It was there and has been cleared elsewhere.
    progress = noProgress;
    mayWrite = isWhole = true;
  } else {
    const record = parseProgress(text);
    progress = mergeProgress(progress, record.progress);
    isWhole = record.condition === 'whole';
    mayWrite = isWhole || putAside(asideKeyStart, text);
    if (!mayWrite) setOutcome(false);
  }
  knownText = text;
}

/** What this learner has done so far. */
export function readProgress(): Progress {
  try {
    takeIn(localStorage.getItem(progressKey));
  } catch {
    setOutcome(false);
  }
  return progress;
}

function hasRoom(): boolean {
  const isRoom = write(probeKey, '.'.repeat(probeRoom));
  localStorage.removeItem(probeKey);
  return isRoom;
}

/** Whether progress is remembered, and what lies aside. */
export function progressState(): ProgressState {
  readProgress();
  try {
    const aside = Object.keys(localStorage).filter((key) => key.startsWith(asideKeyStart));
    return {
      canRemember: canRemember && hasRoom(),
      aside: [...aside.sort(), ...(mayWrite ? [] : [progressKey])],
    };
  } catch {
    return { canRemember: false, aside: [] };
  }
}

/** Writes what is known where the store does not hold it. */
function store(): void {
  const text = formatProgress(progress);
  if (text === (knownText ?? formatProgress(noProgress))) return;
  const isWritten = mayWrite && write(progressKey, text);
  if (isWritten) {
    knownText = text;
    isWhole = true;
  }
  setOutcome(isWritten);
}

function save(next: Progress): void {
  if (formatProgress(next) === formatProgress(progress)) return;
  progress = next;
  store();
  tellAll();
}

function tellAll(): void {
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
  const known = readProgress();
  for (const key of progressState().aside) localStorage.removeItem(key);
  if (mayWrite) return;
  knownText = null;
  mayWrite = true;
  progress = known;
  store();
}

/** Forgets everything, also what lies aside. Ask first. */
export function clearProgress(): void {
  try {
    for (const key of [progressKey, ...progressState().aside]) localStorage.removeItem(key);
  } catch {
    setOutcome(false);
  }
  knownText = null;
  mayWrite = true;
  progress = noProgress;
  tellAll();
}

/** What another tab wrote counts even where this tab has written over it since. */
function hear(event: StorageEvent): void {
  if (event.key !== null && event.key !== progressKey) return;
  const before = progress;
  takeIn(event.key === null ? null : event.newValue);
  readProgress();
  // A tab of another version would answer a correction with its own, for ever.
  if (isWhole) store();
  if (formatProgress(before) !== formatProgress(progress)) tellAll();
}

// Components that are drawn while the site is built import this file too.
if ('addEventListener' in globalThis) addEventListener('storage', hear);
