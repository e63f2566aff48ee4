/**
 * What a learner types into a search for ports, understood: a number, a range, words, a transport.
 * A number that cannot be a port is told apart, so that the page can say why.
 */

import { TRANSPORTS } from './registry-entry.ts';
import type { Transport } from './registry-entry.ts';

export type PortQueryProblem =
  /** Above 65535: does not fit in 16 bits. */
  | { readonly kind: 'too-large'; readonly value: string }
  | { readonly kind: 'negative'; readonly value: string }
  | { readonly kind: 'fraction'; readonly value: string }
  /** `600-500`: the other way round; `low` and `high` are what was probably meant. */
  | { readonly kind: 'reversed'; readonly low: number; readonly high: number };

export interface PortQuery {
  /** Lower-case words that a name or description must hold; all of them. */
  readonly words: readonly string[];
  readonly transport: Transport | null;
  /** Inclusive; equal for a single number; null where no number was given. */
  readonly range: readonly [low: number, high: number] | null;
  /** Digits that begin a number still being typed: `44` also finds 443. */
  readonly digits: string | null;
  readonly problem: PortQueryProblem | null;
}

/** Said beside a number, they name nothing: `port 443`, `443番`. */
const FILLERS: readonly string[] = ['port', 'ports', 'number', 'no', 'ポート', 'ポート番号', '番'];

const RANGE = /^:?(\d+)(?:-|–|〜|~|\.\.)(\d+)$/u;

/**
 * @param text anything; full-width forms are folded (NFKC), a URL's or `ss`'s punctuation around a
 *   number (`:443`, `443/tcp`, `http/`, `10.0.0.2:80`) is understood.
 */
export function parsePortQuery(text: string): PortQuery {
  const words: string[] = [];
  let transport: Transport | null = null;
  let range: readonly [number, number] | null = null;
  let digits: string | null = null;
  let problem: PortQueryProblem | null = null;
  const folded = text
    .slice(0, 400)
    .normalize('NFKC')
    // Marks of direction and zero-width characters, which come along when a number is copied.
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .slice(0, 200)
    .replace(/(?<=\d)番|ポート(?:番号)?(?=\d)/gu, ' ');
  for (const token of folded.split(/[\s,/、]+/u)) {
    const named = TRANSPORTS.find((one) => one === token);
    const number = /^(?:[\d.]*:)?(\d+)$/.exec(token);
    const span = RANGE.exec(token);
    if (token === '') continue;
    else if (named) transport = named;
    else if (span) {
      const [low, high] = [Number(span[1]), Number(span[2])];
      if (Math.max(low, high) > 65535) problem = { kind: 'too-large', value: token };
      else if (low > high) problem = { kind: 'reversed', low: high, high: low };
      else range = [low, high];
    } else if (/^[-−]\d+$/u.test(token)) problem = { kind: 'negative', value: token };
    else if (/^\d+\.\d+$/.test(token)) problem = { kind: 'fraction', value: token };
    else if (number && (/^:?\d+$/.test(token) || token.includes(':'))) {
      const digitsOnly = number[1] ?? '';
      const port = Number(digitsOnly);
      if (port > 65535) problem = { kind: 'too-large', value: digitsOnly };
      else {
        range = [port, port];
        digits = digitsOnly.startsWith('0') ? null : digitsOnly;
      }
    } else {
      const word = token.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}+*]+$/gu, '');
      if (word) words.push(word);
    }
  }
  const telling = range ? words.filter((word) => !FILLERS.includes(word)) : words;
  return { words: telling, transport, range, digits, problem };
}
