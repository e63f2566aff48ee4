/**
 * Bash's patterns (`*`, `?`, `[…]`, extended globs) as regular expressions. In a pattern a backslash
 * takes the meaning from the character after it; quoted text comes here with backslashes.
 */

import { boundedExpression, type Expression, type Paused } from './bounded-expression.ts';

const specials = /[\\^$.*+?()[\]{}|/-]/g;

const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`{-~',
  space: '\\s',
  upper: 'A-Z',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
};

/** A text in which no character means anything as a pattern. */
export function quotePattern(text: string): string {
  return text.replaceAll(/[\\*?[\]()|!+@{}^-]/g, (character) => `\\${character}`);
}

/** Whether an unquoted piece of a word makes it a pattern for file names. */
export function hasPattern(pattern: string, isExtended: boolean): boolean {
  const bare = pattern.replaceAll(/\\[\s\S]/g, '');
  return /[*?]|\[[^\]]*\]/.test(bare) || (isExtended && /[?*+@!]\(/.test(bare));
}

/** A pattern's text without its backslashes. */
export function unquotePattern(pattern: string): string {
  return pattern.replaceAll(/\\([\s\S])/g, '$1');
}

/**
 * The source of a regular expression that matches what the pattern matches.
 * @param isPath `*`, `?` and sets do not match a slash
 */
export function patternSource(pattern: string, isPath = false, isGreedy = true): string {
  return new Translation(pattern, isPath, isGreedy).run();
}

const compiled = new Map<string, Expression>();

/** A regular expression for the whole of a text; a few hundred are kept. */
export function wholePattern(pattern: string, ignoreCase = false, isPath = false): Expression {
  const key = `${ignoreCase ? 'i' : ''}${isPath ? '/' : ''}:${pattern}`;
  let made = compiled.get(key);
  if (made === undefined) {
    if (compiled.size > 300) compiled.clear();
    made = boundedExpression(`^(?:${patternSource(pattern, isPath)})$`, ignoreCase);
    compiled.set(key, made);
  }
  return made;
}

/** As matchesPattern(), of a text that may be long. */
export function* matchesPatternInSteps(
  text: string,
  pattern: string,
  ignoreCase = false,
): Paused<boolean> {
  const match = yield* wholePattern(pattern, ignoreCase).search(text).next(0);
  return match !== null;
}

export function matchesPattern(text: string, pattern: string, ignoreCase = false): boolean {
  return wholePattern(pattern, ignoreCase).test(text);
}

class Translation {
  private readonly pattern: string;
  private readonly isPath: boolean;
  private readonly lazy: string;
  private at = 0;

  constructor(pattern: string, isPath: boolean, isGreedy: boolean) {
    this.pattern = pattern;
    this.isPath = isPath;
    this.lazy = isGreedy ? '' : '?';
  }

  run(): string {
    return this.until('');
  }

  private get any(): string {
    return this.isPath ? '[^/]' : '[\\s\\S]';
  }

  /** Translates up to one of the closing characters, which is left. */
  private until(closing: string): string {
    let source = '';
    while (this.at < this.pattern.length) {
      const character = this.pattern[this.at] ?? '';
      if (closing.includes(character)) return source;
      if ('?*+@!'.includes(character) && this.pattern[this.at + 1] === '(') {
        const group = this.extended(character);
        if (group !== null) {
          source += group;
          continue;
        }
      }
      this.at += 1;
      switch (character) {
        case '*':
          while (this.pattern[this.at] === '*' && this.pattern[this.at + 1] !== '(') this.at += 1;
          source += `${this.any}*${this.lazy}`;
          break;
        case '?':
          source += this.any;
          break;
        case '[':
          source += this.set();
          break;
        case '\\': {
          source += escape(this.character());
          break;
        }
        default:
          this.at -= 1;
          source += escape(this.character());
      }
    }
    return source;
  }

  /** The next character, a surrogate pair as one. */
  private character(): string {
    const point = this.pattern.codePointAt(this.at);
    if (point === undefined) return '\\';
    const character = String.fromCodePoint(point);
    this.at += character.length;
    return character;
  }

  private extended(sign: string): string | null {
    const start = this.at;
    this.at += 2;
    const choices: string[] = [];
    for (;;) {
      choices.push(this.until('|)'));
      const next = this.pattern[this.at];
      if (next === undefined) {
        this.at = start;
        return null;
      }
      this.at += 1;
      if (next === ')') break;
    }
    const group = choices.join('|');
    if (sign !== '!') return `(?:${group})${sign === '@' ? '' : sign}`;
    const at = this.at;
    const rest = this.until('|)');
    this.at = at;
    return `(?!(?:${group})${rest}$)${this.any}*`;
  }

  private set(): string {
    const start = this.at;
    let source = '[';
    if (this.pattern[this.at] === '!' || this.pattern[this.at] === '^') {
      source += '^';
      this.at += 1;
    }
    let isFirst = true;
    for (;;) {
      const character = this.pattern[this.at];
      if (character === undefined) {
        this.at = start;
        return '\\[';
      }
      if (character === ']' && !isFirst) {
        this.at += 1;
        break;
      }
      isFirst = false;
      const named = /^\[:(\w+):\]/.exec(this.pattern.slice(this.at));
      const inside = classes[named?.[1] ?? ''];
      if (named !== null && inside !== undefined) {
        source += inside;
        this.at += named[0].length;
      } else if (character === '-') {
        source += this.pattern[this.at + 1] === ']' || source.endsWith('[') ? '\\-' : '-';
        this.at += 1;
      } else {
        if (character === '\\') this.at += 1;
        source += this.character().replaceAll(/[\\\]^[-]/g, (one) => `\\${one}`);
      }
    }
    const set = `${source}]`;
    try {
      new RegExp(set, 'u');
    } catch {
      // A range that is out of order matches nothing.
      return '(?!)';
    }
    return this.isPath ? `(?!/)${set}` : set;
  }
}

function escape(text: string): string {
  return text.replaceAll(specials, (character) => (character === '-' ? '-' : `\\${character}`));
}
