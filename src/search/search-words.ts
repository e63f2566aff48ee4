/**
 * Text as it is compared when something is searched: width, case and the two kana count for nothing.
 * Japanese is written without spaces: a run of it becomes its pairs of letters.
 */

const japanese = '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}々ー';
const runs = new RegExp(`[${japanese}]+|(?:(?![${japanese}])[\\p{L}\\p{N}])+`, 'gu');
const isJapanese = new RegExp(`^[${japanese}]`, 'u');
const compound = /[a-z0-9]+(?:[-_/.][a-z0-9]+)+/g;

const katakana = /[\u30a1-\u30f6]/g;
const toHiragana = 0x60;

/** Full-width and half-width forms made one, small letters, katakana as hiragana. */
export function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(katakana, (letter) => String.fromCharCode(letter.charCodeAt(0) - toHiragana));
}

/** True for a token that is Japanese: it is compared as it is, without guessing at typing errors. */
export function isJapaneseToken(token: string): boolean {
  return isJapanese.test(token);
}

/** The tokens of what somebody searches for, in order. */
export function tokensOf(text: string): readonly string[] {
  return (folded(text).match(runs) ?? []).flatMap((run) =>
    isJapanese.test(run) ? pairsOf(run) : [run],
  );
}

/** The tokens of a text to be found; `time-wait` is found as `timewait` too. */
export function tokensToIndex(text: string): readonly string[] {
  const joined = (folded(text).match(compound) ?? []).flatMap((word) => {
    const whole = word.replace(/[-_/.]/g, '');
    // Addresses and version numbers are searched for as they are written.
    return /[a-z]/.test(whole) ? [whole] : [];
  });
  return [...tokensOf(text), ...joined];
}

function pairsOf(run: string): readonly string[] {
  const letters = Array.from(run);
  if (letters.length === 1) return letters;
  return letters.slice(1).map((letter, index) => (letters[index] ?? '') + letter);
}

/** A piece of a text, and whether it is what was searched for. */
export interface Piece {
  readonly text: string;
  readonly isFound: boolean;
}

/**
 * Cuts a text where tokens are in it.
 * @param tokens folded, as a search has found them in this text.
 */
export function piecesOf(text: string, tokens: readonly string[]): readonly Piece[] {
  // Letter by letter, since folding may change how many there are.
  const letters = Array.from(text);
  const marks = letters.map(() => false);
  const whole: string[] = [];
  const from: number[] = [];
  for (const [index, letter] of letters.entries()) {
    const one = folded(letter);
    whole.push(one);
    from.push(...Array.from({ length: one.length }, () => index));
  }
  const line = whole.join('');
  for (const token of tokens) {
    if (token === '') continue;
    for (let at = line.indexOf(token); at >= 0; at = line.indexOf(token, at + 1)) {
      if (!isJapaneseToken(token) && /[a-z0-9]/.test(line[at - 1] ?? ' ')) continue;
      for (let unit = at; unit < at + token.length; unit += 1) marks[from[unit] ?? 0] = true;
    }
  }
  const pieces: { text: string; isFound: boolean }[] = [];
  for (const [index, letter] of letters.entries()) {
    const isFound = marks[index] ?? false;
    const last = pieces.at(-1);
    if (last?.isFound === isFound) last.text += letter;
    else pieces.push({ text: letter, isFound });
  }
  return pieces;
}

/**
 * The part of a text that is shown of it: from shortly before the first token on.
 * @param length at most so many letters, without the dots for what is left out.
 */
export function excerptOf(text: string, tokens: readonly string[], length: number): string {
  const letters = Array.from(text);
  if (letters.length <= length) return text;
  const [first] = piecesOf(text, tokens);
  const before = first === undefined || first.isFound ? 0 : Array.from(first.text).length;
  const isThere = before < letters.length;
  let start = isThere ? Math.max(0, Math.min(before - 24, letters.length - length)) : 0;
  // Not in the middle of a word.
  while (start > 0 && start < before && /[A-Za-z0-9]/.test(letters[start - 1] ?? '')) start += 1;
  const end = Math.min(letters.length, start + length);
  return `${start > 0 ? '… ' : ''}${letters.slice(start, end).join('').trim()}${end < letters.length ? ' …' : ''}`;
}
