/** Brace expansion: `{a,b}`, `{1..10}`, and braces where none are expanded. */

import type { WordPart } from '../just-bash/syntax.ts';
import { longestRange } from '../limits.ts';
import { plainText } from './pieces.ts';
import { LimitReached } from './problems.ts';

type RangeItem = Extract<
  Extract<WordPart, { type: 'BraceExpansion' }>['items'][number],
  { type: 'Range' }
>;

/** The parts of each word that the braces in these parts stand for; one where there are none. */
export function expandBraces(parts: readonly WordPart[]): WordPart[][] {
  if (!parts.some((part) => part.type === 'BraceExpansion')) return [[...parts]];
  let results: WordPart[][] = [[]];
  for (const part of parts) {
    const choices: WordPart[][] =
      part.type === 'BraceExpansion'
        ? part.items.flatMap((item): WordPart[][] =>
            item.type === 'Word'
              ? expandBraces(item.word.parts)
              : range(item).map((value) => [{ type: 'Literal', value }]),
          )
        : [[part]];
    if (results.length * choices.length > 100_000)
      throw new LimitReached('brace expansion: more than 100000 words');
    results = results.flatMap((before) => choices.map((choice) => [...before, ...choice]));
  }
  return results;
}

/** `{1..10..2}`, `{a..e}`, `{01..10}`. */
function range({ start, end, step, startStr, endStr }: RangeItem): string[] {
  const isNumber = typeof start === 'number' && typeof end === 'number';
  const from = isNumber ? start : String(start).charCodeAt(0);
  const to = isNumber ? end : String(end).charCodeAt(0);
  const by = Math.max(1, Math.abs(step ?? 1));
  if (Math.abs(to - from) / by >= longestRange)
    throw new LimitReached(`brace expansion: more than ${longestRange} words`);
  const isPadded = [startStr, endStr].some((text) => /^-?0\d/.test(text ?? ''));
  const width = isPadded ? Math.max(startStr?.length ?? 0, endStr?.length ?? 0) : 0;
  const show = (value: number) => {
    if (!isNumber) return String.fromCharCode(value);
    if (width === 0) return String(value);
    return value < 0
      ? `-${String(-value).padStart(width - 1, '0')}`
      : String(value).padStart(width, '0');
  };
  const values: string[] = [];
  for (let at = from; from <= to ? at <= to : at >= to; at += from <= to ? by : -by)
    values.push(show(at));
  return values;
}

/** A brace expansion where none is done: its text. */
export function braceText(part: Extract<WordPart, { type: 'BraceExpansion' }>): string {
  const items = part.items.map((item) =>
    item.type === 'Range'
      ? `${item.startStr ?? item.start}..${item.endStr ?? item.end}`
      : (plainText(item.word) ?? ''),
  );
  return `{${items.join(',')}}`;
}
