/**
 * Where a machine's state is kept between visits: this browser's local storage. A snapshot that is
 * too large is not kept. One that cannot be used (cut, or of another version of the site) is put
 * aside, word for word, before anything is written in its place.
 */

import { forgetAllAside, putAside, readAllAside } from '../../progress/put-aside.ts';

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
const asideStart = (key: string): string => `port-dojo:machine-aside:${key}:`;
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
      return text === null || putAside(asideStart(key), text);
    } catch {
      return false;
    }
  },
  aside: (key) => readAllAside(asideStart(key)),
  forgetAside(key) {
    forgetAllAside(asideStart(key));
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
