/** Finding: MiniSearch over the documents of one language, with words as search-words.ts cuts them. */

import MiniSearch from 'minisearch';
import { isPort } from '../network/port-ranges.ts';
import type { SearchDocument, SearchKind } from './search-document.ts';
import { folded, isJapaneseToken, tokensOf, tokensToIndex } from './search-words.ts';

export interface Found {
  readonly document: SearchDocument;
  /** The document's tokens that were searched for, as they are in it. */
  readonly tokens: readonly string[];
}

export interface SearchIndex {
  /** The best first; none for a text without letters and digits. */
  readonly find: (text: string) => readonly Found[];
}

/** What has a name of its own comes before what only speaks of it. */
const weight: Readonly<Record<SearchKind, number>> = {
  term: 3,
  lesson: 2,
  command: 1.9,
  port: 1.8,
  page: 1.7,
  lab: 1.7,
  section: 1.4,
  turn: 1,
  question: 0.8,
};

/** Of more, the best. */
export const mostResults = 30;
/** Of so many letters on a word is also looked for with a typing error in it. */
const fuzzyFrom = 4;
/** A longer text is no question that anybody types. */
const longest = 200;

/** The index of documents; built in small steps, so that the page stays quick meanwhile. */
export async function buildSearchIndex(documents: readonly SearchDocument[]): Promise<SearchIndex> {
  const index = new MiniSearch<SearchDocument & { readonly id: number }>({
    fields: ['title', 'also', 'text'],
    tokenize: (text) => [...tokensToIndex(text)],
    // Folded already.
    processTerm: (term) => term,
  });
  await index.addAllAsync(
    documents.map((document, id) => ({ ...document, id })),
    { chunkSize: 100 },
  );
  return {
    find: (text) => {
      const port = portAskedFor(text);
      const query = port === undefined ? text.slice(0, longest) : String(port);
      const tokens = tokensOf(query);
      const options = {
        tokenize: (one: string) => [...tokensOf(one)],
        boost: { title: 4, also: 3 },
        prefix: (token: string) =>
          !isNumber(token) && (!isJapaneseToken(token) || Array.from(token).length === 1),
        fuzzy: (token: string) =>
          !isNumber(token) && !isJapaneseToken(token) && token.length >= fuzzyFrom ? 0.2 : false,
        boostDocument: (id: unknown) => {
          const document = documents[Number(id)];
          if (document === undefined) return 1;
          return weight[document.kind] * (isNamed(document, query) ? 4 : 1);
        },
      };
      const every = index.search(query, { ...options, combineWith: 'AND' });
      // Not all words together anywhere: then most of them.
      const found =
        every.length > 0
          ? every
          : index
              .search(query, { ...options, combineWith: 'OR' })
              .filter(({ queryTerms }) => queryTerms.length * 2 >= tokens.length);
      return found.slice(0, mostResults).flatMap(({ id, terms }) => {
        const document = documents[Number(id)];
        return document === undefined ? [] : [{ document, tokens: terms }];
      });
    },
  };
}

function isNumber(token: string): boolean {
  return /^\d+$/.test(token);
}

/** True where the whole text is a document's name, or one of them. */
function isNamed({ kind, title, also }: SearchDocument, text: string): boolean {
  const asked = tokensOf(text).join(' ');
  const name = kind === 'lesson' ? title.replace(/^\d+ /, '') : title;
  const number = kind === 'port' ? title.replace(/ .*/, '') : '';
  return [name, number, ...(also?.split('\n') ?? [])].some(
    (one) => tokensOf(one).join(' ') === asked,
  );
}

/** The port number that a text consists of: `443`, `port 443`, `４４３番`, `udp/53`. */
export function portAskedFor(text: string): number | undefined {
  const found =
    /^(?:(?:tcp|udp)\s*[/:]?\s*)?(?:port|ぽーと)?\s*:?\s*(\d{1,5})\s*(?:番|番ぽーと|\/?(?:tcp|udp))?$/.exec(
      folded(text).trim(),
    );
  const port = Number(found?.[1] ?? Number.NaN);
  return isPort(port) ? port : undefined;
}
