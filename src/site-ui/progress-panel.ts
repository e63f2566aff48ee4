/** The progress panel at work: saves, loads and clears the record, and says what became of it. */

import { fill } from '../i18n/format.ts';
import { mostCharacters } from '../progress/progress-parse.ts';
import {
  clearProgress,
  exportProgress,
  forgetAside,
  importProgress,
  onProgressChange,
  progressState,
  readAside,
} from '../progress/progress-store.ts';
import { saveFile } from './save-file.ts';

const panel = document.querySelector<HTMLElement>('.progress-panel');

function part<T extends HTMLElement>(name: string, kind: new () => T): T {
  const element = panel?.querySelector(`[data-part="${name}"]`);
  if (element instanceof kind) return element;
  throw new Error(`The progress panel has no ${name}`);
}

function say(key: string, values: Readonly<Record<string, string>> = {}): void {
  const status = part('status', HTMLElement);
  const words = status.getAttribute(`data-${key}`) ?? '';
  status.textContent = fill(words, values);
}

function showState(): void {
  const { canRemember, aside } = progressState();
  part('cannot-remember', HTMLElement).hidden = canRemember;
  part('aside', HTMLElement).hidden = aside.length === 0;
}

function saveRecord(): void {
  const file = `port-dojo-${new Date().toISOString().slice(0, 10)}.json`;
  saveFile(file, exportProgress());
  say('saved', { file });
}

async function loadFile(chosen: File): Promise<void> {
  // A file of this size is none of ours, whatever is in it: it is not even read.
  const condition =
    chosen.size > mostCharacters * 3 ? 'too-large' : importProgress(await chosen.text());
  showState();
  const isAdded = condition !== 'foreign' && condition !== 'too-large';
  say(isAdded && !progressState().canRemember ? 'unsaved' : condition);
}

if (panel) {
  const file = part('file', HTMLInputElement);
  const dialog = part('clear-dialog', HTMLDialogElement);

  part('save', HTMLButtonElement).addEventListener('click', saveRecord);
  part('load', HTMLButtonElement).addEventListener('click', () => {
    file.click();
  });
  file.addEventListener('change', () => {
    const chosen = file.files?.[0];
    if (chosen) void loadFile(chosen);
    file.value = '';
  });
  part('save-aside', HTMLButtonElement).addEventListener('click', () => {
    for (const key of progressState().aside) saveFile(`${key}.txt`, readAside(key) ?? '');
    part('forget-aside', HTMLButtonElement).hidden = false;
  });
  part('forget-aside', HTMLButtonElement).addEventListener('click', () => {
    forgetAside();
    showState();
  });
  part('clear', HTMLButtonElement).addEventListener('click', () => {
    dialog.returnValue = '';
    dialog.showModal();
  });
  dialog.addEventListener('close', () => {
    if (dialog.returnValue !== 'yes') return;
    clearProgress();
    say('cleared');
    showState();
  });
  onProgressChange(showState);
  showState();
}
