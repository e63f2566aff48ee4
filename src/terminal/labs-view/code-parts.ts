/** Words with `code` in them, as parts to be drawn. */

export interface WordPart {
  readonly kind: 'text' | 'code';
  readonly text: string;
}

export function codeParts(words: string): readonly WordPart[] {
  return words
    .split(/(`[^`]+`)/)
    .filter((part) => part !== '')
    .map((part) =>
      part.startsWith('`') && part.endsWith('`') && part.length > 2
        ? { kind: 'code', text: part.slice(1, -1) }
        : { kind: 'text', text: part },
    );
}
