/** The panel that saves the whole site and removes it again, and says what became of it. */

import { ask } from './ask-worker.ts';
import type { Answer } from './messages.ts';

interface Words {
  readonly unsupported: string;
  readonly size: string;
  readonly whole: string;
  readonly saving: string;
  readonly removed: string;
  readonly failed: Readonly<Record<Extract<Answer, { kind: 'failed' }>['reason'], string>>;
}

/** While it is saved the bar moves all the time; a screen reader hears of it so often. */
const timesToldWhileSaving = 4;

/** A browser that has not started the worker by then does not want to. */
const patienceMs = 10_000;

const panel = document.querySelector<HTMLElement>('.offline-panel');
const notKept = document.querySelector<HTMLElement>('.not-kept');
// The worker shows this page at the address of one that is not there.
if (notKept && location.pathname !== notKept.dataset['own']) notKept.hidden = false;
if (panel) startPanel(panel);

function startPanel(here: HTMLElement): void {
  const words = JSON.parse(here.dataset['words'] ?? '{}') as Words;
  const status = here.querySelector('[role="status"]');
  const bar = here.querySelector('progress');
  const save = here.querySelector<HTMLButtonElement>('[data-part="save"]');
  const remove = here.querySelector<HTMLButtonElement>('[data-part="remove"]');
  if (!status || !bar || !save || !remove) return;

  const say = (text: string) => {
    status.textContent = text;
  };

  /** How much of the saving has been told; undefined while nothing is saved. */
  let told: number | undefined;

  const show = (answer: Answer) => {
    if (answer.kind === 'failed') {
      say(words.failed[answer.reason]);
      told = undefined;
      bar.hidden = true;
      save.setAttribute('aria-disabled', 'false');
      return;
    }
    if (answer.kind === 'others') return;
    const { files, allFiles, bytes, allBytes, isWhole } = answer;
    const isSaving = answer.kind === 'progress';
    const isAllThere = files === allFiles && isWhole;
    const message = isSaving ? words.saving : isAllThere ? words.whole : words.size;
    const values: Readonly<Record<string, string>> = {
      files: String(files),
      allFiles: String(allFiles),
      saved: megabytes(bytes),
      all: megabytes(allBytes),
    };
    const part = isSaving ? Math.floor((bytes / allBytes) * timesToldWhileSaving) : undefined;
    if (part === undefined || part !== told)
      say(message.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? ''));
    told = part;
    bar.hidden = !isSaving;
    bar.value = bytes / allBytes;
    // Who has pressed it keeps the place: a button that is disabled, or gone, loses the focus.
    const hadFocus = document.activeElement === save;
    save.setAttribute('aria-disabled', String(isSaving));
    remove.hidden = isSaving || !isWhole;
    save.hidden = isAllThere;
    if (hadFocus && isAllThere) remove.focus();
  };

  const begin = async () => {
    const registration = await workerReady();
    const worker = registration?.active;
    if (!worker) {
      say(words.unsupported);
      return;
    }
    ask(worker, { kind: 'state' }, show);
    save.addEventListener('click', () => {
      if (save.getAttribute('aria-disabled') === 'true') return;
      void keepFromClearing();
      ask(worker, { kind: 'save' }, show);
    });
    remove.addEventListener('click', () => {
      ask(worker, { kind: 'remove' }, (answer) => {
        show(answer);
        say(words.removed);
        save.focus();
      });
    });
  };
  begin().catch(() => {
    say(words.unsupported);
  });
}

/** So that the browser does not clear it away by itself; it may refuse, and WebKitGTK has no way to ask. */
async function keepFromClearing(): Promise<void> {
  const storage = navigator.storage as Partial<StorageManager> | undefined;
  await storage?.persist?.().catch(() => false);
}

/** Undefined where there is no worker, or none begins. */
async function workerReady(): Promise<ServiceWorkerRegistration | undefined> {
  if (!('serviceWorker' in navigator)) return undefined;
  const late = new Promise<undefined>((resolve) => {
    setTimeout(() => {
      resolve(undefined);
    }, patienceMs);
  });
  return await Promise.race([navigator.serviceWorker.ready, late]);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
