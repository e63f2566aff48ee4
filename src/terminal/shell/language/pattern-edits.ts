/** `${name#pattern}`, `${name/pattern/text}`: patterns taken out of a value, or replaced in it. */

import { boundedExpression, type Expression } from './bounded-expression.ts';
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

/** Puts another text in the place of the first match, or of each. */
export function replaceMatches(
  value: string,
  expression: Expression,
  isEach: boolean,
  other: (match: string) => string,
): string {
  let made = '';
  let at = 0;
  for (let match = expression.exec(value); match !== null; match = expression.exec(value, at)) {
    const [text = ''] = match.groups;
    made += value.slice(at, match.index) + other(text);
    at = match.index + text.length;
    if (text === '') {
      // An empty match: on with the next character.
      made += value.slice(at, at + 1);
      at += 1;
    }
    if (!isEach || at > value.length) break;
  }
  return made + value.slice(at);
}

/** The value without its shortest or longest beginning, or end, that matches. */
export function removePattern(
  value: string,
  pattern: string,
  side: 'prefix' | 'suffix',
  isGreedy: boolean,
): string {
  if (side === 'prefix') {
    const expression = boundedExpression(`^(?:${patternSource(pattern, false, isGreedy)})`);
    const match = expression.exec(value);
    return match === null ? value : value.slice(match.groups[0]?.length ?? 0);
  }
  const characters = Array.from(value);
  const starts = characters.map((_, index) => index);
  starts.push(characters.length);
  const order = isGreedy ? starts : starts.reverse();
  const whole = boundedExpression(`^(?:${patternSource(pattern)})$`);
  for (const start of order) {
    if (whole.test(characters.slice(start).join(''))) return characters.slice(0, start).join('');
  }
  return value;
}
