/**
 * A result as a code to read aloud or copy: Crockford's base 32 in groups of four,
 * `PD-7K2M-9QXF-…`. Three symbols at its end are the rest of a division by 32749: one changed symbol,
 * and any two that changed places, are always noticed (32749 is prime, and 32 has the order 32748).
 */

/** What became of one question: 0 right, 1 to 5 the option or trap given, 6 wrong otherwise, 7 nothing given. */
export type AnswerMark = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export type Who =
  | { readonly kind: 'nobody' }
  /** 0 to 9999. */
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'name'; readonly name: string };

export interface Result {
  /** The assignment's mark, 20 bits. */
  readonly assignment: number;
  /** The student's own seed, 20 bits; null where all have the assignment's. */
  readonly ownSeed: number | null;
  readonly hasDoneLab: boolean;
  readonly marks: readonly AnswerMark[];
  readonly who: Who;
}

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const DIVISOR = 32_749;
const CHECK_SYMBOLS = 3;
const VERSION = 1;
const mostNameBytes = 24;
export const mostNumber = 9999;
const PREFIX = 'PD';
/** Not so many symbols has any code. */
const LEAST_SYMBOLS = 9;
const MOST_SYMBOLS = 120;

const valueOf = new Map(Array.from(ALPHABET, (symbol, value) => [symbol, value] as const));
for (const [seen, meant] of [
  ['I', '1'],
  ['L', '1'],
  ['O', '0'],
] as const) {
  valueOf.set(seen, valueOf.get(meant) ?? 0);
}

const checkOf = (symbols: readonly number[]): number =>
  symbols.reduce((rest, symbol) => (rest * 32 + symbol) % DIVISOR, VERSION);

class BitWriter {
  #bits = '';

  put(value: number, width: number): void {
    this.#bits += value.toString(2).padStart(width, '0');
  }

  symbols(): number[] {
    const padded = this.#bits.padEnd(Math.ceil(this.#bits.length / 5) * 5, '0');
    return (padded.match(/.{5}/g) ?? []).map((bits) => Number.parseInt(bits, 2));
  }
}

class Damaged extends Error {}

class BitReader {
  #at = 0;
  readonly #bits: string;

  constructor(symbols: readonly number[]) {
    this.#bits = symbols.map((symbol) => symbol.toString(2).padStart(5, '0')).join('');
  }

  take(width: number): number {
    const bits = this.#bits.slice(this.#at, this.#at + width);
    if (bits.length < width) throw new Damaged('too short');
    this.#at += width;
    return Number.parseInt(bits, 2);
  }

  /** Only what fills the last symbol may be left, and it is zero. */
  end(): void {
    const rest = this.#bits.slice(this.#at);
    if (rest.length >= 5 || rest.includes('1')) throw new Damaged('too long');
  }
}

/** A name as it fits into a code: so many characters as have room. */
export function shortName(name: string): string {
  const encoder = new TextEncoder();
  let short = '';
  for (const character of name.trim().normalize('NFC')) {
    if (encoder.encode(short + character).length > mostNameBytes) break;
    short += character;
  }
  return short;
}

/** @throws RangeError for a number or a name that does not fit. */
export function encodeResult({ assignment, ownSeed, hasDoneLab, marks, who }: Result): string {
  const bits = new BitWriter();
  bits.put(assignment, 20);
  bits.put(Number(ownSeed !== null), 1);
  if (ownSeed !== null) bits.put(ownSeed, 20);
  bits.put(Number(hasDoneLab), 1);
  bits.put(marks.length, 6);
  for (const mark of marks) bits.put(mark, 3);
  if (who.kind === 'nobody') bits.put(0, 2);
  else if (who.kind === 'number') {
    if (who.number > mostNumber) throw new RangeError('The number has more than four digits.');
    bits.put(1, 2);
    bits.put(who.number, 14);
  } else {
    const bytes = new TextEncoder().encode(who.name);
    if (bytes.length > mostNameBytes) throw new RangeError('The name is too long for a code.');
    bits.put(2, 2);
    bits.put(bytes.length, 5);
    for (const byte of bytes) bits.put(byte, 8);
  }
  const symbols = bits.symbols();
  const check = checkOf(symbols);
  const all = [...symbols, check >> 10, (check >> 5) & 31, check & 31].map(
    (value) => ALPHABET[value],
  );
  return `${PREFIX}-${
    all
      .join('')
      .match(/.{1,4}/g)
      ?.join('-') ?? ''
  }`;
}

/** @returns null for symbols that no result gives. */
function decodeSymbols(symbols: readonly (number | undefined)[]): Result | null {
  const known = symbols.flatMap((symbol) => symbol ?? []);
  if (known.length < symbols.length || known.length < LEAST_SYMBOLS) return null;
  const body = known.slice(0, -CHECK_SYMBOLS);
  const check = known.slice(-CHECK_SYMBOLS).reduce((value, symbol) => value * 32 + symbol, 0);
  if (checkOf(body) !== check) return null;
  try {
    const bits = new BitReader(body);
    const assignment = bits.take(20);
    const ownSeed = bits.take(1) === 1 ? bits.take(20) : null;
    const hasDoneLab = bits.take(1) === 1;
    const marks = Array.from({ length: bits.take(6) }, () => bits.take(3) as AnswerMark);
    const who = readWho(bits);
    bits.end();
    return { assignment, ownSeed, hasDoneLab, marks, who };
  } catch (error) {
    if (error instanceof Damaged || error instanceof TypeError) return null;
    throw error;
  }
}

function readWho(bits: BitReader): Who {
  switch (bits.take(2)) {
    case 0:
      return { kind: 'nobody' };
    case 1: {
      const number = bits.take(14);
      if (number > mostNumber) throw new Damaged('number');
      return { kind: 'number', number };
    }
    case 2: {
      const bytes = Uint8Array.from({ length: bits.take(5) }, () => bits.take(8));
      return { kind: 'name', name: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    }
    default:
      throw new Damaged('who');
  }
}

const symbolsOf = (text: string): (number | undefined)[] =>
  Array.from(text.replaceAll(/[^0-9A-Z]/g, ''), (symbol) => valueOf.get(symbol));

/** Full-width letters, every kind of dash, capitals: as a code is written. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u2010-\u2015\u2212\u30FC\uFF70\u2500\u00AD]/g, '-')
    .toUpperCase();
}

/** A code as it is written: groups of four. */
function written(symbols: readonly number[]): string {
  const text = symbols.map((value) => ALPHABET[value]).join('');
  return `${PREFIX}-${text.match(/.{1,4}/g)?.join('-') ?? ''}`;
}

export type Found =
  | { readonly kind: 'result'; readonly code: string; readonly result: Result }
  | {
      readonly kind: 'damaged';
      /** As it is in the text. */
      readonly code: string;
      /** What it may have been, by one slip of the hand, and of an assignment that is known. */
      readonly perhaps: readonly string[];
    };

/** More text than a class of a thousand writes. */
const MOST_TEXT = 1_000_000;
const MOST_FOUND = 2000;
/** For so many damaged codes it is searched what they may have been: some milliseconds each. */
const MOST_SEARCHES = 50;

/**
 * Every code in a text, whatever is between them; the same code once.
 * @param assignment the mark of the assignment asked about; without it, those of the codes that are whole.
 */
export function findResults(text: string, assignment?: number): readonly Found[] {
  const source = plain(text.slice(0, MOST_TEXT));
  const found = new Map<string, { text: string; result: Result | null }>();
  // Groups joined by hyphens, or by single spaces where somebody typed these instead.
  const pattern =
    /(?<![0-9A-Z])PD(?:-[0-9A-Z]{1,8}){2,40}|(?<![0-9A-Z])PD(?: [0-9A-Z]{1,4}){3,40}/g;
  for (const [token] of source.matchAll(pattern)) {
    if (found.size >= MOST_FOUND) break;
    const groups = token.slice(PREFIX.length + 1).split(/[- ]/);
    // Words may follow a code that was typed with spaces: the longest beginning that is one counts.
    const least = token.includes('-') ? groups.length : 3;
    let result: Result | null = null;
    let used = groups.length;
    for (; used >= least; used--) {
      result = decodeSymbols(symbolsOf(groups.slice(0, used).join('')));
      if (result) break;
    }
    const code = `${PREFIX}-${groups.slice(0, result ? used : groups.length).join('-')}`;
    const key = symbolsOf(code.slice(PREFIX.length)).join();
    if (!found.has(key)) found.set(key, { text: code, result });
  }
  const marks = new Set([
    ...(assignment === undefined ? [] : [assignment]),
    ...[...found.values()].flatMap(({ result }) => result?.assignment ?? []),
  ]);
  let searches = 0;
  return [...found.values()].map(({ text: code, result }): Found => {
    if (result) return { kind: 'result', code, result };
    searches += 1;
    const perhaps =
      searches > MOST_SEARCHES ? [] : nearby(symbolsOf(code.slice(PREFIX.length)), marks);
    return { kind: 'damaged', code, perhaps };
  });
}

const MOST_PERHAPS = 3;

/** Codes that one slip makes of these symbols: a wrong one, two that changed places, one too many or too few. */
function nearby(
  symbols: readonly (number | undefined)[],
  assignments: ReadonlySet<number>,
): readonly string[] {
  if (symbols.length > MOST_SYMBOLS || assignments.size === 0) return [];
  const every = Array.from({ length: 32 }, (_, value) => value);
  const candidates = function* (): Generator<readonly (number | undefined)[]> {
    for (const at of symbols.keys()) {
      for (const value of every) yield symbols.with(at, value);
      if (at + 1 < symbols.length) {
        yield symbols.with(at, symbols[at + 1]).with(at + 1, symbols[at]);
      }
      yield symbols.toSpliced(at, 1);
    }
    for (let at = 0; at <= symbols.length; at++) {
      for (const value of every) yield symbols.toSpliced(at, 0, value);
    }
  };
  const perhaps = new Set<string>();
  for (const candidate of candidates()) {
    const result = decodeSymbols(candidate);
    if (result && assignments.has(result.assignment)) {
      perhaps.add(written(candidate.flatMap((symbol) => symbol ?? [])));
      if (perhaps.size === MOST_PERHAPS) break;
    }
  }
  return [...perhaps];
}
