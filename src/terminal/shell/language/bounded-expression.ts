/**
 * Regular expressions that cannot run away. JavaScript's own engine goes back over a text again and
 * again: `(a+)+$` against forty letters would hold the page for hours. Where an expression could do so, it
 * is matched here, with the same result, in steps that are never taken twice for one place of the text
 * (a backtracking matcher that remembers where it has failed, as RE2's BitState).
 */

import { LimitReached } from './problems.ts';

/** Places that one match may look at: an expression's parts times the text's length. */
const mostPlaces = 20_000_000;
/** How often a counted repetition may be written out. */
const longestRepetition = 1000;

export interface Match {
  readonly index: number;
  /** The whole match, then what each group has matched. */
  readonly groups: readonly (string | undefined)[];
}

export interface Expression {
  /** The first match at or after a place. @throws LimitReached where text and expression are too long */
  exec(text: string, from?: number): Match | null;
  test(text: string): boolean;
}

/**
 * @param source in JavaScript's syntax, with dots that match line ends too
 * @param isUnicode whether its escapes are held to the stricter syntax
 * @throws SyntaxError where it is none
 */
export function boundedExpression(
  source: string,
  ignoresCase = false,
  isUnicode = true,
): Expression {
  const flags = `s${ignoresCase ? 'i' : ''}${isUnicode ? 'u' : ''}`;
  const native = new RegExp(source, `${flags}g`);
  if (!canRunAway(source)) return nativeExpression(native);
  const program = compile(source, flags);
  return program === null ? nativeExpression(native) : new BoundedExpression(program);
}

/** With one open repetition the time grows with the square of the text's length at most. */
function canRunAway(source: string): boolean {
  const bare = source.replaceAll(/\\[\s\S]/g, '').replaceAll(/\[(?:\^?\])?[^\]]*\]/g, 'x');
  return (bare.match(/[*+]|\{\d+,\d*\}/g) ?? []).length > 1;
}

function nativeExpression(native: RegExp): Expression {
  const exec = (text: string, from = 0): Match | null => {
    native.lastIndex = from;
    const match = native.exec(text);
    return match === null ? null : { index: match.index, groups: Array.from(match) };
  };
  return { exec, test: (text) => exec(text) !== null };
}

type Step =
  | { readonly do: 'character'; readonly is: (character: string) => boolean }
  /** The first way is tried first. */
  | { readonly do: 'either'; first: number; second: number }
  | { readonly do: 'jump'; to: number }
  | { readonly do: 'save'; readonly slot: number }
  | { readonly do: 'start' }
  | { readonly do: 'end' }
  /** What follows must not match here. */
  | { readonly do: 'unless'; readonly steps: readonly Step[] }
  | { readonly do: 'done' };

interface Program {
  readonly steps: readonly Step[];
  readonly groups: number;
}

class Unsupported extends Error {}

/** The program of an expression; null where it has what only the engine's own matcher can do. */
function compile(source: string, flags: string): Program | null {
  try {
    return new Compiler(source, flags).compile();
  } catch (problem) {
    if (problem instanceof Unsupported) return null;
    throw problem;
  }
}

class Compiler {
  private readonly source: string;
  private readonly flags: string;
  private at = 0;
  private groups = 1;
  private steps: Step[] = [];

  constructor(source: string, flags: string) {
    this.source = source;
    this.flags = flags;
  }

  compile(): Program {
    this.alternatives();
    if (this.at < this.source.length) throw new Unsupported();
    this.steps.push({ do: 'done' });
    return { steps: this.steps, groups: this.groups };
  }

  private get next(): string {
    return this.source[this.at] ?? '';
  }

  private alternatives(): void {
    const start = this.steps.length;
    this.sequence();
    if (this.next !== '|') return;
    this.at += 1;
    // Room for the choice in front of the first way.
    const first = this.steps.splice(start);
    const choice: Step = { do: 'either', first: start + 1, second: 0 };
    this.steps.push(choice, ...shifted(first, 1));
    const end: Step = { do: 'jump', to: 0 };
    this.steps.push(end);
    choice.second = this.steps.length;
    this.alternatives();
    end.to = this.steps.length;
  }

  private sequence(): void {
    while (this.at < this.source.length && this.next !== '|' && this.next !== ')') this.repeated();
  }

  private repeated(): void {
    const start = this.steps.length;
    this.atom();
    const bounds = this.quantifier();
    if (bounds === null) return;
    const { least, most, isLazy } = bounds;
    const body = this.steps.splice(start);
    const put = () => {
      const by = this.steps.length - start;
      this.steps.push(...shifted(body, by));
    };
    for (let count = 0; count < least; count++) put();
    if (most === Number.POSITIVE_INFINITY) {
      const loop = this.steps.length;
      const choice: Step = { do: 'either', first: loop + 1, second: 0 };
      this.steps.push(choice);
      put();
      this.steps.push({ do: 'jump', to: loop });
      choice.second = this.steps.length;
      if (isLazy) [choice.first, choice.second] = [choice.second, choice.first];
      return;
    }
    const choices: Extract<Step, { do: 'either' }>[] = [];
    for (let count = least; count < most; count++) {
      const choice: Step = { do: 'either', first: this.steps.length + 1, second: 0 };
      choices.push(choice);
      this.steps.push(choice);
      put();
    }
    for (const choice of choices) {
      choice.second = this.steps.length;
      if (isLazy) [choice.first, choice.second] = [choice.second, choice.first];
    }
  }

  private quantifier(): { least: number; most: number; isLazy: boolean } | null {
    const match = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.source.slice(this.at));
    if (match === null) return null;
    const [text, low, comma, high] = match;
    this.at += text.length;
    const isLazy = text.length > 1 && text.endsWith('?');
    if (text.startsWith('*')) return { least: 0, most: Number.POSITIVE_INFINITY, isLazy };
    if (text.startsWith('+')) return { least: 1, most: Number.POSITIVE_INFINITY, isLazy };
    if (text.startsWith('?')) return { least: 0, most: 1, isLazy };
    const least = Number(low);
    const most =
      comma === undefined ? least : high === '' ? Number.POSITIVE_INFINITY : Number(high);
    if (Math.max(least, most === Number.POSITIVE_INFINITY ? 0 : most) > longestRepetition)
      throw new LimitReached(`an expression repeated more than ${longestRepetition} times`);
    return { least, most, isLazy };
  }

  private atom(): void {
    const character = this.next;
    switch (character) {
      case '(':
        this.group();
        return;
      case '^':
        this.at += 1;
        this.steps.push({ do: 'start' });
        return;
      case '$':
        this.at += 1;
        this.steps.push({ do: 'end' });
        return;
      case '[':
      case '\\':
      case '.':
        this.set();
        return;
      default: {
        const point = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
        this.at += point.length;
        const isCased = this.flags.includes('i');
        const lower = point.toLowerCase();
        this.steps.push({
          do: 'character',
          is: isCased ? (one) => one.toLowerCase() === lower : (one) => one === point,
        });
      }
    }
  }

  private group(): void {
    const rest = this.source.slice(this.at);
    if (rest.startsWith('(?!')) {
      this.at += 3;
      const outer = this.steps;
      this.steps = [];
      this.alternatives();
      this.steps.push({ do: 'done' });
      const inner = this.steps;
      this.steps = outer;
      this.steps.push({ do: 'unless', steps: inner });
    } else if (rest.startsWith('(?:')) {
      this.at += 3;
      this.alternatives();
    } else if (rest.startsWith('(?')) {
      throw new Unsupported();
    } else {
      this.at += 1;
      const slot = 2 * this.groups++;
      this.steps.push({ do: 'save', slot });
      this.alternatives();
      this.steps.push({ do: 'save', slot: slot + 1 });
    }
    if (this.next !== ')') throw new Unsupported();
    this.at += 1;
  }

  /** A set, an escaped character or a dot: the engine itself says which single characters it means. */
  private set(): void {
    const rest = this.source.slice(this.at);
    const match = /^(?:\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\\(?:[dDwWsSnrtfv]|[^a-zA-Z0-9])|\.)/.exec(
      rest,
    );
    if (match === null) throw new Unsupported();
    this.at += match[0].length;
    const single = new RegExp(`^(?:${match[0]})$`, this.flags);
    const known = new Map<string, boolean>();
    this.steps.push({
      do: 'character',
      is: (character) => {
        const answer = known.get(character) ?? single.test(character);
        if (known.size < 500) known.set(character, answer);
        return answer;
      },
    });
  }
}

/** Steps at another place of the program. */
function shifted(steps: readonly Step[], by: number): Step[] {
  return steps.map((step) => {
    if (step.do === 'either') return { ...step, first: step.first + by, second: step.second + by };
    return step.do === 'jump' ? { ...step, to: step.to + by } : { ...step };
  });
}

class BoundedExpression implements Expression {
  private readonly program: Program;

  constructor(program: Program) {
    this.program = program;
  }

  test(text: string): boolean {
    return this.exec(text) !== null;
  }

  exec(text: string, from = 0): Match | null {
    const { steps, groups } = this.program;
    if (steps.length * (text.length + 1) > mostPlaces)
      throw new LimitReached('a pattern against a text that is too long for it');
    const run = new Run(steps, text, groups);
    for (let index = from; index <= text.length; index++) {
      const slots = run.from(index);
      if (slots === null) continue;
      const texts = Array.from({ length: groups }, (_, group) => {
        const [start, end] = [slots[2 * group], slots[2 * group + 1]];
        return start === undefined || end === undefined || start < 0 || end < 0
          ? undefined
          : text.slice(start, end);
      });
      return { index, groups: texts };
    }
    return null;
  }
}

/** One search through one text. What has failed at a place fails there again, wherever the match began. */
class Run {
  private readonly steps: readonly Step[];
  private readonly text: string;
  private readonly slots: number[];
  private readonly seen: Uint8Array;

  constructor(steps: readonly Step[], text: string, groups: number) {
    this.steps = steps;
    this.text = text;
    this.slots = new Array<number>(2 * groups).fill(-1);
    this.seen = new Uint8Array(Math.ceil((steps.length * (text.length + 1)) / 8));
  }

  /** The places of the groups' ends of a match that begins here, or null. */
  from(index: number): readonly number[] | null {
    this.slots.fill(-1);
    this.slots[0] = index;
    const end = this.walk(index);
    if (end === null) return null;
    this.slots[1] = end;
    return this.slots;
  }

  private walk(start: number): number | null {
    /** Ways that are left to try; one with a slot only puts that back. */
    const left: { step: number; at: number; slot: number; value: number }[] = [
      { step: 0, at: start, slot: -1, value: 0 },
    ];
    for (let way = left.pop(); way !== undefined; way = left.pop()) {
      if (way.slot >= 0) {
        this.slots[way.slot] = way.value;
        continue;
      }
      let { step: number, at } = way;
      for (;;) {
        const place = number * (this.text.length + 1) + at;
        const mask = 1 << (place & 7);
        const byte = this.seen[place >> 3] ?? 0;
        if (byte & mask) break;
        this.seen[place >> 3] = byte | mask;
        const step = this.steps[number];
        if (step === undefined) break;
        if (step.do === 'done') return at;
        if (step.do === 'character') {
          const character = this.characterAt(at);
          if (character === '' || !step.is(character)) break;
          at += character.length;
        } else if (step.do === 'either') {
          left.push({ step: step.second, at, slot: -1, value: 0 });
          number = step.first;
          continue;
        } else if (step.do === 'jump') {
          number = step.to;
          continue;
        } else if (step.do === 'save') {
          left.push({ step: 0, at: 0, slot: step.slot, value: this.slots[step.slot] ?? -1 });
          this.slots[step.slot] = at;
        } else if (step.do === 'unless') {
          if (new Run(step.steps, this.text, 1).from(at) !== null) break;
        } else if (step.do === 'start' ? at !== 0 : at !== this.text.length) break;
        number += 1;
      }
    }
    return null;
  }

  private characterAt(at: number): string {
    const point = this.text.codePointAt(at);
    return point === undefined ? '' : String.fromCodePoint(point);
  }
}
