/** `${name#pattern}`, `${name/pattern/text}`: patterns taken out of a value, or replaced in it. */

import { boundedExpression, type Expression, type Paused } from './bounded-expression.ts';
import { patternSource } from './patterns.ts';
import type { Piece } from './pieces.ts';

/** The text in the place of a match: `&` that is not quoted is the match itself. */
export function replaced(replacement: readonly Piece[], match: string): string {
  return replacement
    .map((piece) => {
      if (piece === 'break') return ' ';
      if (piece.kind === 'quoted') return piece.text;
      return piece.text.replaceAll(/\\([\s\S])|&/g, (whole, escaped: string | undefined) =>
        whole === '&' ? match : (escaped ?? ''),
      );
    })
    .join('');
}

/** Matches or characters between two pauses. */
const manyAtOnce = 8192;

/** Puts another text in the place of the first match, or of each. */
export function* replaceMatches(
  value: string,
  expression: Expression,
  isEach: boolean,
  other: (match: string) => string,
): Paused<string> {
  const search = expression.search(value);
  const made: string[] = [];
  let at = 0;
  for (let count = 1; at <= value.length; count++) {
    const match = yield* search.next(at);
    if (match === null) break;
    const [text = ''] = match.groups;
    made.push(value.slice(at, match.index), other(text));
    at = match.index + text.length;
    if (text === '') {
      // An empty match: on with the next character.
      made.push(value.slice(at, at + 1));
      at += 1;
    }
    if (!isEach) break;
    if (count % manyAtOnce === 0) yield;
  }
  made.push(value.slice(at));
  return made.join('');
}

/** The value without its shortest or longest beginning, or end, that matches. */
export function* removePattern(
  value: string,
  pattern: string,
  side: 'prefix' | 'suffix',
  isGreedy: boolean,
): Paused<string> {
  if (side === 'prefix') {
    const expression = boundedExpression(`^(?:${patternSource(pattern, false, isGreedy)})`);
    const match = yield* expression.search(value).next(0);
    return match === null ? value : value.slice(match.groups[0]?.length ?? 0);
  }
  const search = boundedExpression(`(?:${patternSource(pattern)})$`).search(value);
  const start = isGreedy ? (yield* search.next(0))?.index : yield* search.lastStart();
  return value.slice(0, start ?? value.length);
}

/** A value with each of its characters, or the first alone, changed. */
export function* changeCharacters(
  value: string,
  isEach: boolean,
  change: (character: string) => string,
): Paused<string> {
  const made: string[] = [];
  let count = 0;
  for (const character of value) {
    made.push(isEach || count === 0 ? change(character) : character);
    count += 1;
    if (count % manyAtOnce === 0) yield;
  }
  return made.join('');
}
