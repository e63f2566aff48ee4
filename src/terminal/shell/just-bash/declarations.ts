/**
 * Mends how the library's parser hands on array lists. In `a=(…)` each word is one node, but
 * `[key]=value` comes as a pattern and a literal; after `declare` the whole `a=(…)` is one word. Here
 * both become words with their subscripts.
 */

import type { Word, WordPart } from './syntax.ts';

/** One word of an array's list. */
export interface ArrayWord {
  /** Of `[subscript]=value`; null for a word that takes the next place. */
  readonly subscript: Word | null;
  readonly value: Word;
  readonly isAppending: boolean;
}

export function arrayWords(words: readonly Word[]): readonly ArrayWord[] {
  return words.map(arrayWord);
}

function arrayWord(word: Word): ArrayWord {
  const plain: ArrayWord = { subscript: null, value: word, isAppending: false };
  const [first, ...rest] = word.parts;
  if (first?.type !== 'Glob' && first?.type !== 'Literal') return plain;
  const head = first.type === 'Glob' ? first.pattern : first.value;
  if (!head.startsWith('[')) return plain;
  const inside: WordPart[] = [];
  const parts: readonly WordPart[] = [{ type: 'Literal', value: head.slice(1) }, ...rest];
  for (const [index, part] of parts.entries()) {
    const text = part.type === 'Literal' ? part.value : part.type === 'Glob' ? part.pattern : null;
    const close = text?.indexOf(']') ?? -1;
    if (text === null || close === -1) {
      inside.push(part.type === 'Glob' ? { type: 'Literal', value: part.pattern } : part);
      continue;
    }
    if (close > 0) inside.push({ type: 'Literal', value: text.slice(0, close) });
    let after: readonly WordPart[] = parts.slice(index + 1);
    let tail = text.slice(close + 1);
    if (tail === '' && after[0]?.type === 'Literal') {
      tail = after[0].value;
      after = after.slice(1);
    }
    const sign = /^\+?=/.exec(tail);
    if (sign === null) return plain;
    const remainder = tail.slice(sign[0].length);
    const value: WordPart[] = [
      ...(remainder === '' ? [] : [{ type: 'Literal' as const, value: remainder }]),
      ...after,
    ];
    return {
      subscript: { type: 'Word', parts: inside },
      value: {
        type: 'Word',
        parts: value.length > 0 ? value : [{ type: 'SingleQuoted', value: '' }],
      },
      isAppending: sign[0] === '+=',
    };
  }
  return plain;
}

export interface Declared {
  /** `name=` or `name+=`. */
  readonly head: string;
  readonly name: string;
  readonly value: Word;
  readonly array: readonly ArrayWord[] | null;
}

/** An argument of `declare` that assigns; null for any other. */
export function declarationWords(word: Word): Declared | null {
  const [first, ...rest] = word.parts;
  if (first?.type !== 'Literal') return null;
  const match = /^([A-Za-z_]\w*)(\+?=)([\s\S]*)$/.exec(first.value);
  if (match === null) return null;
  const [, name = '', sign = '=', tail = ''] = match;
  const head = `${name}${sign}`;
  const parts: WordPart[] = [
    ...(tail === '' ? [] : [{ type: 'Literal' as const, value: tail }]),
    ...rest,
  ];
  const value: Word = {
    type: 'Word',
    parts: parts.length > 0 ? parts : [{ type: 'SingleQuoted', value: '' }],
  };
  const last = parts.at(-1);
  const isList =
    tail.startsWith('(') &&
    ((last?.type === 'Literal' && last.value.endsWith(')')) ||
      (last?.type === 'Glob' && last.pattern.endsWith(')')));
  return { head, name, value, array: isList ? arrayWords(listWords(parts)) : null };
}

/** The words between the parentheses, which came as parts of one word. */
function listWords(parts: readonly WordPart[]): Word[] {
  const words: Word[] = [];
  let current: WordPart[] = [];
  const end = () => {
    if (current.length > 0) words.push({ type: 'Word', parts: current });
    current = [];
  };
  for (const [index, part] of parts.entries()) {
    if (part.type !== 'Literal' && !(part.type === 'Glob' && index === parts.length - 1)) {
      current.push(part);
      continue;
    }
    let text = part.type === 'Literal' ? part.value : part.pattern;
    if (index === 0) text = text.slice(1);
    if (index === parts.length - 1) text = text.slice(0, -1);
    if (part.type === 'Glob') {
      if (text !== '') current.push({ type: 'Glob', pattern: text });
      continue;
    }
    for (const [at, piece] of text.split(/[ \t\n]+/).entries()) {
      if (at > 0) end();
      if (piece !== '') current.push({ type: 'Literal', value: piece });
    }
  }
  end();
  return words;
}
