/** What `-d`, `--data-…` and `--json` make of a request's body. */

import type { GivenOptions } from '../options.ts';

export interface RequestBody {
  readonly text: string;
  readonly isJson: boolean;
}

/**
 * @param readFile the text of a file; it says so itself where there is none
 * @returns null where none of the options was given
 */
export function readBody(
  options: GivenOptions,
  readFile: (path: string) => string,
): RequestBody | null {
  let text = '';
  let isFirst = true;
  let isJson = false;
  for (const { letter, value = '' } of options) {
    if (!'dδβυζ'.includes(letter)) continue;
    const piece = pieceOf(letter, value, readFile);
    // Pieces of a form are joined as a form's fields are; JSON is not.
    const joint = isFirst || letter === 'ζ' ? '' : '&';
    text += joint + piece;
    isFirst = false;
    isJson ||= letter === 'ζ';
  }
  return isFirst ? null : { text, isJson };
}

function pieceOf(letter: string, value: string, readFile: (path: string) => string): string {
  if (letter === 'δ') return value;
  if (letter === 'υ') return encoded(value, readFile);
  if (!value.startsWith('@')) return value;
  const text = readFile(value.slice(1));
  // -d leaves out the line ends of a file.
  return letter === 'd' ? text.replaceAll(/[\r\n\0]/g, '') : text;
}

/** `name=text`, `name@file`, `=text`, `@file` or a text: what is named stays, the rest is encoded. */
function encoded(value: string, readFile: (path: string) => string): string {
  const at = value.search(/[=@]/);
  if (at === -1) return escaped(value);
  const name = value.slice(0, at);
  const rest = value.slice(at + 1);
  const text = escaped(value[at] === '@' ? readFile(rest) : rest);
  return name === '' ? text : `${name}=${text}`;
}

/** curl_easy_escape, with a plus for a blank. */
function escaped(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (/[\w.~-]/.test(character)) return character;
    return character === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}
