/**
 * Records in this browser's localStorage that cannot be used: each is copied, word for word, under a
 * key of its own before anything is written in its place. The keys are one beginning and 1, 2, 3, ….
 */

/**
 * Copies a record; one that has been copied before is not copied again.
 * @param start what the keys of the copies begin with
 * @returns false where there is no room: then the record must not be written over
 */
export function putAside(start: string, text: string): boolean {
  try {
    for (let n = 1; ; n += 1) {
      const key = `${start}${n}`;
      const there = localStorage.getItem(key);
      if (there === null) localStorage.setItem(key, text);
      if (there === null || there === text) return true;
    }
  } catch {
    return false;
  }
}

/** What has been put aside under such keys, word for word, in the order in which it was. */
export function readAllAside(start: string): readonly string[] {
  try {
    return keysAside(start).flatMap((key) => localStorage.getItem(key) ?? []);
  } catch {
    return [];
  }
}

/** Removes what has been put aside, once the learner has it elsewhere. */
export function forgetAllAside(start: string): void {
  try {
    for (const key of keysAside(start)) localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing has nothing to remove.
  }
}

function keysAside(start: string): readonly string[] {
  const found: string[] = [];
  for (let n = 1; ; n += 1) {
    const key = `${start}${n}`;
    if (localStorage.getItem(key) === null) return found;
    found.push(key);
  }
}
