/** Values written so that the shell reads them as they are. */

/** As `printf %q` writes a word. */
export function quoteValue(text: string): string {
  if (text === '') return "''";
  if (hasControl(text)) return dollarQuoted(text);
  return text.replaceAll(/[^\w@%+=:,./\u0080-\u{10ffff}-]/gu, String.raw`\$&`).replace(/^~/, '\\~');
}

/** As `${x@Q}` writes it: in single quotes. */
export function quoteExpansion(text: string): string {
  if (hasControl(text)) return dollarQuoted(text);
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** As `declare -p` writes it: in double quotes. */
export function quoteDeclared(text: string): string {
  if (hasControl(text.replaceAll('\n', ''))) return dollarQuoted(text);
  return `"${text.replaceAll(/[\\"$`]/g, String.raw`\$&`)}"`;
}

/** As `set` and `export -p` list it: bare where nothing in it means anything. */
export function quoteListed(text: string): string {
  if (hasControl(text)) return dollarQuoted(text);
  return /^[\w@%+=:,./-]*$/.test(text) ? text : quoteExpansion(text);
}

/** Control characters have no form of their own. */
function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

const letters: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\u0007': '\\a',
  '\b': '\\b',
  '\u001b': '\\E',
  '\f': '\\f',
  '\v': '\\v',
};

function dollarQuoted(text: string): string {
  const inner = Array.from(text, (character) => {
    if (character === "'" || character === '\\') return `\\${character}`;
    if (!hasControl(character)) return character;
    return letters[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
  }).join('');
  return `$'${inner}'`;
}

/** What backslashes mean in `$'…'`, `printf` and `echo -e`. */
export function unescape(text: string, isEcho: boolean): { text: string; isCut: boolean } {
  let result = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character !== '\\') {
      result += character;
      continue;
    }
    const rest = text.slice(at + 1);
    const simple: Readonly<Record<string, string>> = {
      a: '\u0007',
      b: '\b',
      e: '\u001b',
      E: '\u001b',
      f: '\f',
      n: '\n',
      r: '\r',
      t: '\t',
      v: '\v',
      '\\': '\\',
      ...(!isEcho && { "'": "'", '"': '"', '?': '?' }),
    };
    const next = rest[0] ?? '';
    if (next === 'c' && isEcho) return { text: result, isCut: true };
    const one = simple[next];
    if (one !== undefined) {
      result += one;
      at += 1;
      continue;
    }
    const octal = (isEcho ? /^0([0-7]{0,3})/ : /^([0-7]{1,3})/).exec(rest);
    const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest);
    const unicode = /^u([0-9a-fA-F]{1,4})|^U([0-9a-fA-F]{1,8})/.exec(rest);
    if (octal !== null) {
      result += String.fromCharCode(
        Number.parseInt(octal[1] === '' ? '0' : (octal[1] ?? '0'), 8) & 255,
      );
      at += octal[0].length;
    } else if (hex !== null) {
      result += String.fromCharCode(Number.parseInt(hex[1] ?? '0', 16));
      at += hex[0].length;
    } else if (unicode !== null) {
      result += String.fromCodePoint(Number.parseInt(unicode[1] ?? unicode[2] ?? '0', 16));
      at += unicode[0].length;
    } else result += character;
  }
  return { text: result, isCut: false };
}
