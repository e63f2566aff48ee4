/**
 * Where a machine's state is kept between visits: this browser's local storage. A snapshot that is
 * too large is not kept, and a kept one that cannot be read counts as none.
 */

export interface MachineStorage {
  load(key: string): unknown;
  /** False where there was no room. */
  save(key: string, snapshot: unknown): boolean;
  clear(key: string): void;
}

const prefix = 'port-dojo:machine:';
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
  clear(key) {
    try {
      localStorage.removeItem(prefix + key);
    } catch {
      // A browser that keeps nothing has nothing to remove.
    }
  },
};
