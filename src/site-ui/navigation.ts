/** The places the header names: add a line when a page exists, and its word to `nav` in the messages. */

import type { Messages } from '../i18n/messages.ts';

export interface NavigationEntry {
  readonly key: keyof Messages['nav'];
  /** As `localizedPath` takes it. */
  readonly path: string;
}

export const navigation: readonly NavigationEntry[] = [
  { key: 'course', path: '/course/' },
  { key: 'practice', path: '/practice/' },
  { key: 'lab', path: '/lab/' },
  { key: 'ports', path: '/ports/' },
  { key: 'inspect', path: '/inspect/' },
  { key: 'glossary', path: '/glossary/' },
  { key: 'teach', path: '/teach/' },
];
