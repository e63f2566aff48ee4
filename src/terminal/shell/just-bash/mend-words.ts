/**
 * Mend: the library's parser takes `k=v` for an assignment where a word is meant. In a list, `a=(k=v)`, it
 * loses the word; after `<<<` and `for … in` it refuses it. With a backslash before its first letter, which means the same,
 * both are read. `((x - 1))` it takes for a command `x` with an option, and `((x << 1))` for the beginning of
 * a here-document: as `let` both are what they are.
 */

const concerned = /(?:=\(|<<<|\bfor[ \t])[\s\S]*?[A-Za-z_]\w*\+?=|\(\([\s\S]*?(?:[ \t]-|<<)/;
/** Where a command may begin. */
const commandBegins =
  /(?<=(?:^|[\n;&|({!]|(?:^|[\s;])(?:if|then|elif|else|while|until|do))[ \t]*)\(\(/y;
/** Text in single quotes, an escaped character, a comment: passed over. */
const passed = /'[^']*'|\$'(?:[^'\\]|\\[\s\S])*'|\\[\s\S]|(?<=[\s;&|(])#[^\n]*/y;
const listBegins = /(?<=(?:^|[\s;&|({])[A-Za-z_]\w*(?:\[[^\]\s]*\])?\+?=)\(/y;
const loopBegins = /(?<=(?:^|[\s;&|({])for[ \t]+[A-Za-z_]\w*[ \t]+in)[ \t]/y;
const hereString = /<<<[ \t]*/y;
const hereDocument = /<<-?[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|([\w.\\-]+))/y;
const assignment = /[A-Za-z_]\w*\+?=/y;

/** The text as the parser reads it rightly. */
export function mendWords(text: string): string {
  return concerned.test(text) ? new WordMender(text).run() : text;
}

class WordMender {
  private readonly text: string;
  private made = '';
  private index = 0;
  /** The last lines of the here-documents that begin after this line. */
  private awaited: string[] = [];

  constructor(text: string) {
    this.text = text;
  }

  run(): string {
    // A pattern of `case` ends in a parenthesis that nothing has opened.
    while (this.index < this.text.length) this.code(false);
    return this.made;
  }

  private at(expression: RegExp): RegExpExecArray | null {
    expression.lastIndex = this.index;
    return expression.exec(this.text);
  }

  private take(count: number): void {
    this.made += this.text.slice(this.index, this.index + count);
    this.index += count;
  }

  /** Up to the end, or behind the parenthesis that closes what is open. */
  private code(isList: boolean): void {
    let isLoop = false;
    while (this.index < this.text.length) {
      const whole = this.at(passed) ?? this.at(hereString);
      if (whole !== null) {
        this.take(whole[0].length);
        if (whole[0].startsWith('<<<') && this.at(assignment) !== null) this.made += '\\';
        continue;
      }
      const here = this.at(hereDocument);
      if (here !== null) {
        this.awaited.push(here[1] ?? here[2] ?? (here[3] ?? '').replaceAll('\\', ''));
        this.take(here[0].length);
        continue;
      }
      const character = this.text[this.index] ?? '';
      if (this.at(commandBegins) !== null && this.arithmetic()) continue;
      if (character === '(') {
        const begins = this.at(listBegins) !== null;
        this.take(1);
        this.code(begins);
        continue;
      }
      if (this.at(loopBegins) !== null) isLoop = true;
      else if (character === ';' || character === '\n') isLoop = false;
      const isWord = (isList || isLoop) && /[\s(]/.test(this.text[this.index - 1] ?? '');
      if (isWord && this.at(assignment) !== null) this.made += '\\';
      this.take(1);
      if (character === ')') return;
      if (character === '"') this.doubleQuoted();
      if (character === '\n') this.hereTexts();
    }
  }

  /** Takes a whole `((…))`; false where it is none. */
  private arithmetic(): boolean {
    const start = this.index + 2;
    let depth = 2;
    let end = start;
    for (; end < this.text.length && depth > 1; end++) {
      if (this.text[end] === '(') depth += 1;
      else if (this.text[end] === ')') depth -= 1;
    }
    if (this.text[end] !== ')') return false;
    const inside = this.text.slice(start, end - 1);
    const isMisread = /<<|[\w\])][ \t]+-/.test(inside);
    this.made += isMisread ? `let "${inside.replaceAll('"', '')}"` : `((${inside}))`;
    this.index = end + 1;
    return true;
  }

  private doubleQuoted(): void {
    while (this.index < this.text.length) {
      const character = this.text[this.index];
      this.take(character === '\\' ? 2 : 1);
      if (character === '"') return;
      if (character === '$' && this.text[this.index] === '(') {
        this.take(1);
        this.code(false);
      }
    }
  }

  private hereTexts(): void {
    for (const last of this.awaited.splice(0)) {
      while (this.index < this.text.length) {
        const end = this.text.indexOf('\n', this.index);
        const line = this.text.slice(this.index, end === -1 ? undefined : end);
        this.take(line.length + 1);
        if (line.replace(/^\t+/, '') === last) break;
      }
    }
  }
}
