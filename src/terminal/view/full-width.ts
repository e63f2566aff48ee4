/**
 * A command line typed with a Japanese input method: full-width letters, signs and blanks become the
 * plain ones, outside quotation marks. Dashes of all kinds before a letter become the hyphen.
 */

export interface Normalized {
  readonly text: string;
  readonly isChanged: boolean;
}

const lookalikes: Readonly<Record<string, string>> = {
  '\u3000': ' ',
  '\u00a0': ' ',
  '\uffe5': '\\',
  '\u201c': '"',
  '\u201d': '"',
  '\u2018': "'",
  '\u2019': "'",
  '\u301c': '~',
};

/** ー ― – — − ‐: what a hyphen turns into on the way. */
const dashes = /[\u30fc\u2010-\u2015\u2212\uff70](?=[A-Za-z0-9])/g;

export function normalizeLine(line: string): Normalized {
  const pieces = line.split(/('[^']*'|"[^"]*")/);
  const text = pieces.map((piece, index) => (index % 2 === 1 ? piece : plain(piece))).join('');
  return { text, isChanged: text !== line };
}

function plain(text: string): string {
  let result = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xff01 && code <= 0xff5e) result += String.fromCodePoint(code - 0xfee0);
    else result += lookalikes[character] ?? character;
  }
  return result.replaceAll(dashes, '-').replaceAll(/(?<=\s)[\u30fc\u2212](?=\s|$)/g, '-');
}
