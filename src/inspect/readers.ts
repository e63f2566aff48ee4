/** The readers of foreign text and the samples for them, in one piece: loaded with the first text. */

export { PasteReader } from './read-paste.ts';
export { readRange } from './read-range.ts';
export { samples } from './samples.ts';
