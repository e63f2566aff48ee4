/**
 * Regular expressions that cannot run away. JavaScript's own engine goes back over a text again and
 * again: `(a+)+$` against forty letters would hold the page for hours. Where an expression could do so, it
 * is matched here, with the same result, in steps that are never taken twice for one place of the text
 * (a backtracking matcher that remembers where it has failed, as RE2's BitState).
 */

import { LimitReached } from './problems.ts';

/** Places that one search may look at: an expression's parts times the text's length. */
const mostPlaces = 20_000_000;
/** How often a counted repetition may be written out. */
const longestRepetition = 1000;
/** Longer texts are searched in steps wherever the engine's own matcher might go over them again. */
const longText = 4096;
/** Places after which a search pauses. */
const placesAtOnce = 100_000;

export interface Match {
  readonly index: number;
  /** The whole match, then what each group has matched. */
  readonly groups: readonly (string | undefined)[];
}

/** Work that pauses now and then, so that others have their turn. */
export type Paused<Result> = Generator<void, Result, void>;

/** A search through one text, which remembers what it has seen. */
export interface Search {
  /** The first match at or after a place; places ascend, from the end of the last match on. */
  next(from: number): Paused<Match | null>;
  /** The last place at which a match begins; null where there is none. */
  lastStart(): Paused<number | null>;
}

export interface Expression {
  /** The first match at or after a place. @throws LimitReached where text and expression are too long */
  exec(text: string, from?: number): Match | null;
  test(text: string): boolean;
  /** @throws LimitReached where text and expression are too long */
  search(text: string): Search;
}

/** Does the work without a pause. */
export function atOnce<Result>(work: Paused<Result>): Result {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

/** Does the work; `turn` lets others have theirs. */
export async function inTurns<Result>(
  work: Paused<Result>,
  turn: () => Promise<void>,
): Promise<Result> {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    await turn();
  }
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
  const native = new NativeExpression(new RegExp(source, `${flags}g`));
  const repetitions = openRepetitions(source);
  if (repetitions === 0) return native;
  const program = compile(source, flags);
  if (program === null) return native;
  const bounded = new BoundedExpression(program);
  if (repetitions > 1) return bounded;
  // With one open repetition the time grows with the square of the text's length, unless it is tried
  // at one place alone.
  if (source.startsWith('^') && !source.includes('|')) return new ByLength(native, bounded, native);
  return new ByLength(native, bounded, bounded);
}

/** How many parts of an expression may match any number of times, and fail at each. */
function openRepetitions(source: string): number {
  const bare = source.replaceAll(/\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/g, 'x');
  return (bare.match(/[*+]|\{\d+,\d*\}/g) ?? []).length;
}

/** The engine's own matcher. */
class NativeExpression implements Expression {
  private readonly native: RegExp;

  constructor(native: RegExp) {
    this.native = native;
  }

  exec(text: string, from = 0): Match | null {
    this.native.lastIndex = from;
    const match = this.native.exec(text);
    return match === null ? null : { index: match.index, groups: Array.from(match) };
  }

  test(text: string): boolean {
    return this.exec(text) !== null;
  }

  search(text: string): Search {
    return new NativeSearch(this, text);
  }
}

class NativeSearch implements Search {
  private readonly expression: Expression;
  private readonly text: string;

  constructor(expression: Expression, text: string) {
    this.expression = expression;
    this.text = text;
  }

  // eslint-disable-next-line require-yield -- the engine's matcher cannot pause
  *next(from: number): Paused<Match | null> {
    return this.expression.exec(this.text, from);
  }

  *lastStart(): Paused<number | null> {
    let last: number | null = null;
    for (let from = 0, found = 1; ; found += 1) {
      const match = this.expression.exec(this.text, from);
      if (match === null) return last;
      last = match.index;
      from = last + 1;
      if (from > this.text.length) return last;
      if (found % 1024 === 0) yield;
    }
  }
}

/** Short texts with the one, long texts with the other; where matches begin from the end, always in steps. */
class ByLength implements Expression {
  private readonly short: Expression;
  private readonly steps: Expression;
  private readonly long: Expression;

  constructor(short: Expression, steps: Expression, long: Expression) {
    this.short = short;
    this.steps = steps;
    this.long = long;
  }

  exec(text: string, from = 0): Match | null {
    return this.of(text).exec(text, from);
  }

  test(text: string): boolean {
    return this.of(text).test(text);
  }

  search(text: string): Search {
    const search = this.of(text).search(text);
    const { steps } = this;
    return {
      next: (from) => search.next(from),
      lastStart: () => steps.search(text).lastStart(),
    };
  }

  private of(text: string): Expression {
    return text.length <= longText ? this.short : this.long;
  }
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
    return atOnce(this.search(text).next(from));
  }

  search(text: string): Search {
    const { steps, groups } = this.program;
    if (steps.length * (text.length + 1) > mostPlaces)
      throw new LimitReached('a pattern against a text that is too long for it');
    return new BoundedSearch(new Run(steps, text, groups), text, groups);
  }
}

class BoundedSearch implements Search {
  private readonly run: Run;
  private readonly text: string;
  private readonly groups: number;

  constructor(run: Run, text: string, groups: number) {
    this.run = run;
    this.text = text;
    this.groups = groups;
  }

  *next(from: number): Paused<Match | null> {
    const { groups, run, text } = this;
    for (let index = from; index <= text.length; index++) {
      if (isWithinCharacter(text, index) || !(yield* run.from(index))) continue;
      const slots = run.ends;
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

  *lastStart(): Paused<number | null> {
    const { run, text } = this;
    for (let index = text.length; index >= 0; index--)
      if (!isWithinCharacter(text, index) && (yield* run.from(index))) return index;
    return null;
  }
}

/** Between the two halves of one character. */
function isWithinCharacter(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before < 0xdc00 && after >= 0xdc00 && after < 0xe000;
}

/**
 * One search through one text. What has failed at a place fails there again, wherever the match began;
 * only the end of a match, where the next one may begin, is looked at again.
 */
class Run {
  /** The places of the groups' ends of the last match. */
  readonly ends: number[];
  private readonly steps: readonly Step[];
  private readonly text: string;
  private readonly seen: Uint8Array;
  /** Ways that are left to try, three numbers each: step, place, -1; or a slot's old value, 0, the slot. */
  private readonly left: number[] = [];
  private readonly inner = new Map<Step, Run>();
  private looked = 0;
  private pausesAt = placesAtOnce;

  constructor(steps: readonly Step[], text: string, groups: number) {
    this.steps = steps;
    this.text = text;
    this.ends = new Array<number>(2 * groups).fill(-1);
    this.seen = new Uint8Array(Math.ceil((steps.length * (text.length + 1)) / 8));
  }

  /** Whether a match begins here. */
  *from(index: number): Paused<boolean> {
    this.ends.fill(-1);
    this.ends[0] = index;
    const { left } = this;
    left.length = 0;
    left.push(0, index, -1);
    while (left.length > 0) {
      const slot = left.pop() ?? -1;
      let at = left.pop() ?? 0;
      let number = left.pop() ?? 0;
      if (slot >= 0) {
        this.ends[slot] = number;
        continue;
      }
      for (;;) {
        if (!this.mark(number, at)) break;
        this.looked += 1;
        if (this.looked >= this.pausesAt) {
          this.pausesAt = this.looked + placesAtOnce;
          yield;
        }
        const step = this.steps[number];
        if (step === undefined) break;
        if (step.do === 'done') {
          this.ends[1] = at;
          this.forget(at);
          return true;
        }
        if (step.do === 'character') {
          const character = this.characterAt(at);
          if (character === '' || !step.is(character)) break;
          at += character.length;
        } else if (step.do === 'either') {
          left.push(step.second, at, -1);
          number = step.first;
          continue;
        } else if (step.do === 'jump') {
          number = step.to;
          continue;
        } else if (step.do === 'save') {
          left.push(this.ends[step.slot] ?? -1, 0, step.slot);
          this.ends[step.slot] = at;
        } else if (step.do === 'unless') {
          if (yield* this.innerOf(step).isHere(at)) break;
        } else if (step.do === 'start' ? at !== 0 : at !== this.text.length) break;
        number += 1;
      }
    }
    return false;
  }

  /** As `from`, at places in any order: nothing of a match is taken for a failure later. */
  private *isHere(at: number): Paused<boolean> {
    const marked: number[] = [];
    this.marked = marked;
    const isMatch = yield* this.from(at);
    this.marked = null;
    if (isMatch) for (const place of marked) this.unmark(place);
    this.matched += isMatch ? marked.length : 0;
    if (this.matched > mostPlaces)
      throw new LimitReached('a pattern against a text that is too long for it');
    return isMatch;
  }

  private marked: number[] | null = null;
  private matched = 0;

  private innerOf(step: Extract<Step, { do: 'unless' }>): Run {
    const known = this.inner.get(step) ?? new Run(step.steps, this.text, 1);
    this.inner.set(step, known);
    return known;
  }

  /** False where it has been looked at before. */
  private mark(number: number, at: number): boolean {
    const place = number * (this.text.length + 1) + at;
    const mask = 1 << (place & 7);
    const byte = this.seen[place >> 3] ?? 0;
    if (byte & mask) return false;
    this.seen[place >> 3] = byte | mask;
    this.marked?.push(place);
    return true;
  }

  private unmark(place: number): void {
    this.seen[place >> 3] = (this.seen[place >> 3] ?? 0) & ~(1 << (place & 7));
  }

  private forget(at: number): void {
    for (let number = 0; number < this.steps.length; number++)
      this.unmark(number * (this.text.length + 1) + at);
  }

  private characterAt(at: number): string {
    const point = this.text.codePointAt(at);
    return point === undefined ? '' : String.fromCodePoint(point);
  }
}
