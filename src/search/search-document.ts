/** What can be found, as search.json lists it: one document for each place that has an address. */

export const searchKinds = [
  'lesson',
  'section',
  'turn',
  'question',
  'term',
  'command',
  'port',
  'lab',
  'page',
] as const;

export type SearchKind = (typeof searchKinds)[number];

export interface SearchDocument {
  readonly kind: SearchKind;
  /** Its address on this site, below the base path, with the anchor. */
  readonly href: string;
  /** Its name; a turn and a question have the name of their lesson. */
  readonly title: string;
  /** Its words, without marks. */
  readonly text: string;
  /** Other words for it: readings in kana, the other language's term. */
  readonly also?: string;
}

/** One language's search.json. */
export interface SearchFile {
  /** The page of the whole registry. */
  readonly ports: string;
  readonly documents: readonly SearchDocument[];
}
