/**
 * Runs in a lesson inside a learning platform, before the lesson's own script: what the lesson keeps in
 * the browser's storage is kept by the platform instead (SCORM 1.2, `cmi.suspend_data`), and what has
 * been read and answered becomes completion and score. Works where a frame has no storage at all; where
 * no platform is found, the lesson works by itself. Stands alone: nothing is imported.
 */

/** What SCORM 1.2 asks of a platform (RTE 3.3.2); every value is text. */
interface ScormApi {
  LMSInitialize(parameter: ''): string;
  LMSFinish(parameter: ''): string;
  LMSGetValue(element: string): string;
  LMSSetValue(element: string, value: string): string;
  LMSCommit(parameter: ''): string;
}

/** The lesson's record in its storage, as far as it is read here. */
interface LessonRecord {
  readonly doneAt?: number;
  readonly checks?: Readonly<Record<string, { readonly rightAt?: number }>>;
}

const progressKey = 'port-dojo.progress';
/** SCORM 1.2 promises so many characters of `cmi.suspend_data`. */
const MOST_CHARACTERS = 4096;
const MOST_PARENTS = 7;
const COMMIT_AFTER_MS = 800;

/** The platform's API in this window's parents or opener; a foreign parent may not be looked into. */
function findApi(): ScormApi | null {
  const from = (start: Window | null): ScormApi | null => {
    let there: Window | null = start;
    for (let step = 0; there !== null && step <= MOST_PARENTS; step += 1) {
      try {
        const { API } = there as Window & { API?: ScormApi };
        if (API) return API;
      } catch {
        return null;
      }
      if (there === there.parent) return null;
      there = there.parent;
    }
    return null;
  };
  return from(window) ?? from(window.opener as Window | null);
}

/** A storage in memory that reports each change. */
function storageWith(first: Readonly<Record<string, string>>, onChange: () => void): Storage {
  const items = new Map(Object.entries(first));
  return {
    get length() {
      return items.size;
    },
    key: (place) => [...items.keys()][place] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem(key, value) {
      items.set(key, value);
      onChange();
    },
    removeItem(key) {
      items.delete(key);
      onChange();
    },
    clear() {
      items.clear();
      onChange();
    },
  };
}

function readItems(text: string): Record<string, string> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter(
        (entry): entry is [string, string] => typeof entry[1] === 'string',
      ),
    );
  } catch {
    return {};
  }
}

function lessonRecord(text: string | null, slug: string): LessonRecord {
  try {
    const { lessons } = JSON.parse(text ?? '') as { lessons?: Record<string, LessonRecord> };
    return lessons?.[slug] ?? {};
  } catch {
    return {};
  }
}

const twoDigits = (value: number): string => String(Math.floor(value)).padStart(2, '0');

/** A length of time as SCORM 1.2 writes it: `0000:12:30`. */
function timeSpan(ms: number): string {
  const seconds = ms / 1000;
  const hours = String(Math.floor(seconds / 3600)).padStart(4, '0');
  return `${hours}:${twoDigits((seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
}

function keepInPlatform(api: ScormApi): void {
  const slug = document.querySelector<HTMLElement>('.lesson[data-lesson]')?.dataset['lesson'] ?? '';
  const questions = document.querySelectorAll('form.lesson-check').length;
  const beganAt = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const send = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isOver) return;
    const record = lessonRecord(storage.getItem(progressKey), slug);
    const right = Object.values(record.checks ?? {}).filter(({ rightAt }) => rightAt !== undefined);
    if (questions > 0) {
      api.LMSSetValue('cmi.core.score.min', '0');
      api.LMSSetValue('cmi.core.score.max', '100');
      const share = Math.min(1, right.length / questions);
      api.LMSSetValue('cmi.core.score.raw', String(Math.round(share * 100)));
    }
    api.LMSSetValue(
      'cmi.core.lesson_status',
      record.doneAt === undefined ? 'incomplete' : 'completed',
    );
    api.LMSSetValue('cmi.suspend_data', packed(storage));
    api.LMSCommit('');
  };
  const storage = storageWith(readItems(api.LMSGetValue('cmi.suspend_data')), () => {
    timer ??= setTimeout(send, COMMIT_AFTER_MS);
  });
  Object.defineProperty(window, 'localStorage', { value: storage, configurable: true });
  if (['', 'not attempted'].includes(api.LMSGetValue('cmi.core.lesson_status')))
    api.LMSSetValue('cmi.core.lesson_status', 'incomplete');
  api.LMSCommit('');
  addEventListener('pagehide', () => {
    if (isOver) return;
    send();
    api.LMSSetValue('cmi.core.session_time', timeSpan(Date.now() - beganAt));
    api.LMSSetValue('cmi.core.exit', 'suspend');
    isOver = true;
    api.LMSFinish('');
  });
}

/** All that fits; the record of progress before everything else. */
function packed(storage: Storage): string {
  const items: Record<string, string> = {};
  const keys = Array.from({ length: storage.length }, (_, place) => storage.key(place) ?? '');
  keys.sort((a, b) => Number(b === progressKey) - Number(a === progressKey));
  for (const key of keys) {
    const more = { ...items, [key]: storage.getItem(key) ?? '' };
    if (JSON.stringify(more).length <= MOST_CHARACTERS) Object.assign(items, more);
  }
  return JSON.stringify(items);
}

const api = findApi();
if (api?.LMSInitialize('') === 'true') keepInPlatform(api);
