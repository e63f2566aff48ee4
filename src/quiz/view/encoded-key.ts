/**
 * A key on its way into the page: not to be read at a glance in the page's source, and no more than
 * that. The checks are for practice; whoever wants to look the answer up may.
 */

import type { Key } from '../engine/question.ts';

export function encodedKey(key: Key): string {
  return btoa(JSON.stringify(key));
}

/** Ids and numbers are ASCII, so no text encoding is needed. */
export function decodedKey(text: string): Key {
  return JSON.parse(atob(text)) as Key;
}
