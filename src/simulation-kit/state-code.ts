/**
 * The state of a small widget as a short word for an address: `1~80~3`, a version and fields between
 * tildes, made of letters, digits and `-._~`. Reading is strict: what this version would not have
 * written is refused as a whole, so that a damaged or foreign link is noticed and not half obeyed.
 */

const VERSION = '1';
/** Longer than any state that a widget writes. */
const MOST_LENGTH = 4000;

/** Thrown while reading what no widget of ours wrote. */
export class Unreadable extends Error {}

export type Field = string | number | boolean | readonly number[];

/** Writes the fields of a state; words among them are of letters, digits, `-`, `.` and `_`. */
export function writeCode(...fields: readonly Field[]): string {
  const words = fields.map((field) =>
    typeof field === 'boolean'
      ? Number(field)
      : typeof field === 'object'
        ? field.join('-')
        : field,
  );
  return [VERSION, ...words].join('~');
}

/** Any text as a field, its other signs escaped. */
export function writeText(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[~!'()*]/g,
    (sign) => `%${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase()}`,
  );
}

/** The fields of a written state, taken one after another; each taking refuses what cannot be. */
export class CodeFields {
  #rest: readonly string[];

  constructor(fields: readonly string[]) {
    this.#rest = fields;
  }

  get hasMore(): boolean {
    return this.#rest.length > 0;
  }

  #take(): string {
    const [first, ...rest] = this.#rest;
    if (first === undefined) throw new Unreadable('a field is missing');
    this.#rest = rest;
    return first;
  }

  oneOf<T extends string>(words: readonly T[]): T {
    const text = this.#take();
    const word = words.find((one) => one === text);
    if (word === undefined) throw new Unreadable(text);
    return word;
  }

  /** What `writeText` wrote. */
  text(most: number): string {
    const written = this.#take();
    try {
      const text = decodeURIComponent(written);
      if (text.length <= most && writeText(text) === written) return text;
    } catch {
      // No escapes of ours.
    }
    throw new Unreadable(written);
  }

  number(least: number, most: number): number {
    return wholeNumber(this.#take(), least, most);
  }

  flag(): boolean {
    return this.number(0, 1) === 1;
  }

  numbers(least: number, most: number): readonly number[] {
    const text = this.#take();
    return text === '' ? [] : text.split('-').map((one) => wholeNumber(one, least, most));
  }
}

function wholeNumber(text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || String(value) !== text || value < least || value > most) {
    throw new Unreadable(text);
  }
  return value;
}

/** What `read` makes of it, or null where `read` throws `Unreadable`. */
export function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (problem) {
    if (problem instanceof Unreadable) return null;
    throw problem;
  }
}

/** Reads what `writeCode` wrote; null for anything else, fields left over included. */
export function readCode<T>(text: string, read: (fields: CodeFields) => T): T | null {
  if (text.length > MOST_LENGTH) return null;
  return orNull(() => {
    const [version, ...words] = text.split('~');
    if (version !== VERSION) throw new Unreadable('version');
    const fields = new CodeFields(words);
    const state = read(fields);
    if (fields.hasMore) throw new Unreadable('more fields than the state has');
    return state;
  });
}
