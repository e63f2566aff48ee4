/**
 * Where a machine's state is kept between visits: this browser's local storage. A snapshot that is
 * too large is not kept. One that cannot be used (cut, or of another version of the site) is put
 * aside, word for word, before anything is written in its place.
 */

export interface MachineStorage {
  /** What was kept; undefined where nothing was, or nothing that can be read. */
  load(key: string): unknown;
  /** False where there was no room. */
  save(key: string, snapshot: unknown): boolean;
  /**
   * Copies what is kept, since it cannot be used.
   * @returns false where there is no room for the copy: then it must not be written over
   */
  putAside(key: string): boolean;
  /** What has been put aside for a key, word for word, in the order in which it was. */
  aside(key: string): readonly string[];
  /** Removes what has been put aside for a key. */
  forgetAside(key: string): void;
  /** Whether anything is kept, readable or not. */
  has(key: string): boolean;
  clear(key: string): void;
  /**
   * Calls back when another tab has kept something: this one must not write over it.
   * @returns how to stop
   */
  onElsewhere(key: string, listener: () => void): () => void;
}

const prefix = 'port-dojo:machine:';
const asidePrefix = 'port-dojo:machine-aside:';
/** Browsers give about five megabytes; the learner's progress must have room too. */
const largest = 1_500_000;

export const machineStorage: MachineStorage = {
  load(key) {
    try {
      const text = localStorage.getItem(prefix + key);
      return text === null ? undefined : (JSON.parse(text) as unknown);
    } catch {
      return undefined;
    }
  },
  save(key, snapshot) {
    try {
      const text = JSON.stringify(snapshot);
      if (text.length > largest) return false;
      localStorage.setItem(prefix + key, text);
      return true;
    } catch {
      return false;
    }
  },
  putAside(key) {
    try {
      const text = localStorage.getItem(prefix + key);
      if (text === null) return true;
      for (let n = 1; ; n += 1) {
        const copy = `${asidePrefix}${key}:${n}`;
        const there = localStorage.getItem(copy);
        if (there === null) localStorage.setItem(copy, text);
        if (there === null || there === text) return true;
      }
    } catch {
      return false;
    }
  },
  aside(key) {
    try {
      return asideKeys(key).flatMap((copy) => localStorage.getItem(copy) ?? []);
    } catch {
      return [];
    }
  },
  forgetAside(key) {
    try {
      for (const copy of asideKeys(key)) localStorage.removeItem(copy);
    } catch {
      // A browser that keeps nothing has nothing to remove.
    }
  },
  has(key) {
    try {
      return localStorage.getItem(prefix + key) !== null;
    } catch {
      return false;
    }
  },
  clear(key) {
    try {
      localStorage.removeItem(prefix + key);
    } catch {
      // A browser that keeps nothing has nothing to remove.
    }
  },
  onElsewhere(key, listener) {
    const hear = (event: StorageEvent): void => {
      if (event.key === prefix + key && event.newValue !== null) listener();
    };
    addEventListener('storage', hear);
    return () => {
      removeEventListener('storage', hear);
    };
  },
};

function asideKeys(key: string): readonly string[] {
  const found: string[] = [];
  for (let n = 1; ; n += 1) {
    const copy = `${asidePrefix}${key}:${n}`;
    if (localStorage.getItem(copy) === null) return found;
    found.push(copy);
  }
}
