/** The pieces of a word while it is expanded: what may be split, what is a pattern, what is as it is. */

import type { Word, WordPart } from '../just-bash/syntax.ts';

/** A stretch of an expanded word; `break` parts two fields that may not join. */
export type Piece =
  | 'break'
  | {
      readonly text: string;
      /** `quoted`: as it is; `plain`: not split, a pattern; `split`: the result of an expansion. */
      readonly kind: 'quoted' | 'plain' | 'split';
    };

/** A word that is what it is: most words of most lines. */
export function plainText(word: Word): string | undefined {
  const [part, ...more] = word.parts;
  if (part === undefined || more.length > 0) return undefined;
  if (part.type === 'Literal') return part.value;
  return part.type === 'SingleQuoted' ? part.value : undefined;
}

/** The parser marks patterns; what looks like one in a literal was quoted with `$'…'`. */
export function literalKind(text: string): 'quoted' | 'plain' {
  return /[*?[\\]/.test(text) ? 'quoted' : 'plain';
}

/** The parser keeps the quotes that stand inside a set: `['']`, `[\]x]`. */
export function globPieces(pattern: string): Piece[] {
  if (!/['"\\]/.test(pattern)) return [{ text: pattern, kind: 'plain' }];
  const pieces: Piece[] = [];
  const matcher = /'([^']*)'|"((?:[^"\\]|\\[\s\S])*)"|\\([\s\S])|([^'"\\]+|['"\\])/g;
  for (const [, single, double, escaped, plain] of pattern.matchAll(matcher)) {
    const quoted = single ?? double?.replaceAll(/\\(["\\$`])/g, '$1') ?? escaped;
    if (quoted !== undefined) pieces.push({ text: quoted, kind: 'quoted' });
    else pieces.push({ text: plain ?? '', kind: 'plain' });
  }
  return pieces;
}

/** Pieces as one text. */
export function joined(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece === 'break' ? ' ' : piece.text)).join('');
}

export function isList(part: WordPart): boolean {
  if (part.type !== 'ParameterExpansion') return false;
  return part.parameter === '@' || part.parameter.endsWith('[@]');
}

/** Parts text at the characters of IFS (POSIX, 2.6.5). */
export function splitText(
  text: string,
  ifs: string,
  append: (more: string, kind: 'split') => void,
  end: () => void,
  isOpen: () => boolean,
): void {
  const isSpace = (character: string) =>
    ifs.includes(character) && (character === ' ' || character === '\t' || character === '\n');
  let at = 0;
  while (at < text.length) {
    let stop = at;
    while (stop < text.length && !ifs.includes(text[stop] ?? '')) stop += 1;
    if (stop > at) append(text.slice(at, stop), 'split');
    if (stop === text.length) return;
    at = stop;
    while (isSpace(text[at] ?? '')) at += 1;
    if (at < text.length && ifs.includes(text[at] ?? '')) {
      // A separator that is no space makes an empty field where nothing is before it.
      if (!isOpen()) append('', 'split');
      at += 1;
      while (isSpace(text[at] ?? '')) at += 1;
    }
    end();
  }
}
