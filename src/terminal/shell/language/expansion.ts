/**
 * Word expansion, in bash's order: braces; tilde, parameters, commands, arithmetic; splitting; file
 * names; quotes away (manual, "Shell Expansions").
 */

import type {
  ParameterOperation,
  ParameterPart,
  ProcessPart,
  Script,
  Word,
  WordPart,
} from '../just-bash/syntax.ts';
import type { ShellState } from '../shell-state.ts';
import { ArithmeticError, evaluate } from './arithmetic.ts';
import { boundedExpression, inTurns, type Paused } from './bounded-expression.ts';
import { braceText, range } from './brace-ranges.ts';
import { changeCharacters, removePattern, replaced, replaceMatches } from './pattern-edits.ts';
import { hasPattern, matchesPattern, patternSource, quotePattern } from './patterns.ts';
import { globPieces, isList, literalKind, plainText, splitText, type Piece } from './pieces.ts';
import { quoteValue, quoteExpansion } from './quoting.ts';
import { ExpansionProblem, LimitReached } from './problems.ts';
import { VariableProblem } from './variables.ts';

/** What expansion needs from the shell that runs it. */
export interface ExpansionContext {
  readonly state: ShellState;
  /** What a command prints, without the line ends at its end. */
  substitute(script: Script): Promise<string>;
  /** Starts a process substitution; gives the path of its pipe. */
  substituteProcess(part: ProcessPart): string;
  quotedWord(text: string): Promise<Word>;
  /** Paths that match a pattern, sorted; empty where none do. */
  glob(pattern: string): string[];
  special(name: string): string | undefined;
  homeOf(user: string | null): string | undefined;
  countExpansion(length: number): void;
  /** Lets the page have its turn where it has waited long. */
  yieldIfDue(): Promise<void>;
}

type Found =
  | { readonly kind: 'scalar'; readonly value: string | undefined }
  | { readonly kind: 'list'; readonly values: readonly string[]; readonly isStar: boolean };

export class Expansion {
  private readonly context: ExpansionContext;

  constructor(context: ExpansionContext) {
    this.context = context;
  }

  /** Words as a command's arguments: each becomes any number of fields. */
  async fields(words: readonly Word[]): Promise<string[]> {
    const result: string[] = [];
    for (const word of words) {
      const plain = plainText(word);
      if (plain !== undefined) {
        result.push(plain);
        continue;
      }
      for (const [index, parts] of this.braces(word.parts).entries()) {
        if (index % 512 === 511) await this.context.yieldIfDue();
        const pieces = await this.pieces(parts, false);
        // One by one: there may be more than fit on the stack.
        for (const field of this.split(pieces)) result.push(field);
        if (result.length > 100_000) throw new LimitReached('more than 100000 words');
      }
    }
    return result;
  }

  /** A word as one text: no splitting, no file names (assignments, redirections, `case`). */
  async text(word: Word): Promise<string> {
    const plain = plainText(word);
    if (plain !== undefined) return plain;
    const pieces = await this.pieces(word.parts, false);
    return this.joined(pieces);
  }

  /** The text of a here-document. */
  async hereText(word: Word): Promise<string> {
    return this.joined(await this.pieces(word.parts, true));
  }

  /** A word as a pattern: what was quoted has lost its meaning. */
  async pattern(word: Word): Promise<string> {
    // After `^^` and its kind the parser leaves a set in a literal.
    const parts = word.parts.map((part): WordPart =>
      part.type === 'Literal' && part.value.startsWith('[')
        ? { type: 'Glob', pattern: part.value }
        : part,
    );
    const pieces = await this.pieces(parts, false);
    return pieces
      .map((piece) =>
        piece === 'break' ? ' ' : piece.kind === 'quoted' ? quotePattern(piece.text) : piece.text,
      )
      .join('');
  }

  /** The right side of `=~`: what was quoted matches itself. */
  async regularExpression(word: Word): Promise<string> {
    let source = '';
    for (const part of word.parts) {
      const isQuoted =
        part.type === 'DoubleQuoted' || part.type === 'SingleQuoted' || part.type === 'Escaped';
      const text =
        part.type === 'Literal'
          ? part.value
          : part.type === 'Glob'
            ? part.pattern
            : this.joined(await this.pieces([part], false));
      source += isQuoted ? text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`) : text;
    }
    return source;
  }

  /** A raw text with its `$` expanded, as in arithmetic and subscripts. */
  async rawText(text: string): Promise<string> {
    if (!/[$`\\]/.test(text)) return text;
    return this.text(await this.context.quotedWord(text));
  }

  /** The value of an arithmetic expression. */
  async arithmetic(text: string): Promise<bigint> {
    const expanded = (await this.rawText(text)).replaceAll('"', '');
    return this.evaluate(expanded);
  }

  evaluate(text: string): bigint {
    const { state } = this.context;
    try {
      return evaluate(text, {
        get: (name, subscript) => {
          const special = subscript === null ? this.context.special(name) : undefined;
          const value =
            special ??
            (subscript === null
              ? state.variables.get(name)
              : state.variables.element(name, subscript));
          if (value === undefined && state.options.has('nounset'))
            throw new ExpansionProblem(`${name}: unbound variable`, 127);
          return value;
        },
        set: (name, subscript, value) => {
          state.variables.set(name, value, subscript ?? undefined);
        },
        isAssociative: (name) => state.variables.find(name)?.kind === 'associative',
      });
    } catch (error) {
      if (error instanceof VariableProblem) throw new ExpansionProblem(error.message);
      throw error;
    }
  }

  /** A subscript as the variable wants it: a number, or an associative array's key. */
  async subscript(name: string, raw: string): Promise<string> {
    if (this.context.state.variables.find(name)?.kind === 'associative') {
      const inner = /^(["'])([\s\S]*)\1$/.exec(raw);
      if (inner?.[1] === "'") return inner[2] ?? '';
      return this.rawText(inner?.[2] ?? raw);
    }
    return String(await this.arithmetic(raw));
  }

  private joined(pieces: readonly Piece[]): string {
    return pieces.map((piece) => (piece === 'break' ? ' ' : piece.text)).join('');
  }

  // --- Braces ---

  private braces(parts: readonly WordPart[]): WordPart[][] {
    if (!parts.some((part) => part.type === 'BraceExpansion')) return [[...parts]];
    if (!this.context.state.options.has('braceexpand')) return [[...parts]];
    let results: WordPart[][] = [[]];
    for (const part of parts) {
      const choices: WordPart[][] =
        part.type === 'BraceExpansion'
          ? part.items.flatMap((item): WordPart[][] =>
              item.type === 'Word'
                ? this.braces(item.word.parts)
                : range(item).map((value) => [{ type: 'Literal', value }]),
            )
          : [[part]];
      if (results.length * choices.length > 100_000)
        throw new LimitReached('brace expansion: more than 100000 words');
      results = results.flatMap((before) => choices.map((choice) => [...before, ...choice]));
    }
    return results;
  }

  // --- Parts ---

  private async pieces(parts: readonly WordPart[], isQuoted: boolean): Promise<Piece[]> {
    const pieces: Piece[] = [];
    for (const part of parts)
      for (const piece of await this.piecesOf(part, isQuoted)) pieces.push(piece);
    return pieces;
  }

  private async piecesOf(part: WordPart, isQuoted: boolean): Promise<Piece[]> {
    const result = (text: string): Piece[] => {
      this.context.countExpansion(text.length);
      return [{ text, kind: isQuoted ? 'quoted' : 'split' }];
    };
    switch (part.type) {
      case 'Literal':
        return [{ text: part.value, kind: isQuoted ? 'quoted' : literalKind(part.value) }];
      case 'SingleQuoted':
      case 'Escaped':
        return [{ text: part.value, kind: 'quoted' }];
      case 'Glob':
        return isQuoted ? [{ text: part.pattern, kind: 'quoted' }] : globPieces(part.pattern);
      case 'DoubleQuoted': {
        const inner = await this.pieces(part.parts, true);
        if (inner.length > 0) return inner;
        // "$@" without parameters is nothing at all; "" is an empty word.
        return part.parts.length > 0 && part.parts.every(isList)
          ? []
          : [{ text: '', kind: 'quoted' }];
      }
      case 'TildeExpansion': {
        const directory = this.context.homeOf(part.user);
        return [{ text: directory ?? `~${part.user ?? ''}`, kind: 'quoted' }];
      }
      case 'CommandSubstitution':
        return result(await this.context.substitute(part.body));
      case 'ArithmeticExpansion': {
        const text = part.expression.originalText ?? '';
        try {
          return result(String(await this.arithmetic(text)));
        } catch (error) {
          if (error instanceof ArithmeticError) throw new ExpansionProblem(error.message);
          throw error;
        }
      }
      case 'ProcessSubstitution':
        return [{ text: this.context.substituteProcess(part), kind: 'quoted' }];
      case 'BraceExpansion':
        return [{ text: braceText(part), kind: 'quoted' }];
      case 'ParameterExpansion':
        return this.parameter(part, isQuoted);
    }
  }

  // --- Parameters ---

  private async find(parameter: string): Promise<Found> {
    const { state } = this.context;
    if (parameter === '@' || parameter === '*')
      return { kind: 'list', values: state.positional, isStar: parameter === '*' };
    const special = this.context.special(parameter);
    if (special !== undefined) return { kind: 'scalar', value: special };
    if (/^\d+$/.test(parameter)) {
      const index = Number(parameter);
      return {
        kind: 'scalar',
        value: index === 0 ? state.name : state.positional[index - 1],
      };
    }
    const element = /^([A-Za-z_]\w*)\[([\s\S]*)\]$/.exec(parameter);
    const { variables } = state;
    if (element === null) {
      const target = variables.target(parameter);
      const through = /^([A-Za-z_]\w*)\[([@*])\]$/.exec(target);
      if (through !== null) return this.find(target);
      return { kind: 'scalar', value: variables.get(parameter) };
    }
    const [, name = '', raw = ''] = element;
    if (raw === '@' || raw === '*') {
      const values = variables.subscripts(name).map((key) => variables.element(name, key) ?? '');
      return { kind: 'list', values: this.specialArray(name) ?? values, isStar: raw === '*' };
    }
    const list = this.specialArray(name);
    const subscript = await this.subscript(name, raw);
    if (list !== undefined) return { kind: 'scalar', value: list.at(Number(subscript)) };
    return { kind: 'scalar', value: variables.element(name, subscript) };
  }

  /** Arrays that the shell makes itself. */
  private specialArray(name: string): readonly string[] | undefined {
    const { state } = this.context;
    if (name === 'PIPESTATUS') return state.pipeStatus.map(String);
    if (name === 'FUNCNAME' && state.callStack.length > 0) return [...state.callStack].reverse();
    if (name === 'DIRSTACK') return [state.cwd, ...state.directoryStack];
    if (name === 'BASH_VERSINFO') return ['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu'];
    return undefined;
  }

  private async parameter(part: ParameterPart, isQuoted: boolean): Promise<Piece[]> {
    const { operation } = part;
    const { parameter } = part;
    if (operation === null) {
      const found = await this.find(parameter);
      this.checkSet(parameter, found);
      return this.piecesFrom(found, isQuoted);
    }
    return this.operate(parameter, operation, isQuoted);
  }

  private checkSet(name: string, found: Found): void {
    if (found.kind === 'list' || found.value !== undefined) return;
    if (!this.context.state.options.has('nounset')) return;
    throw new ExpansionProblem(`${/^\d+$/.test(name) ? `$${name}` : name}: unbound variable`, 127);
  }

  private piecesFrom(found: Found, isQuoted: boolean): Piece[] {
    if (found.kind === 'scalar') {
      if (found.value === undefined && !isQuoted) return [];
      const text = found.value ?? '';
      this.context.countExpansion(text.length);
      return [{ text, kind: isQuoted ? 'quoted' : 'split' }];
    }
    const { values, isStar } = found;
    if (isStar && isQuoted) {
      const ifs = this.context.state.variables.get('IFS');
      const separator = ifs === undefined ? ' ' : (ifs[0] ?? '');
      return [{ text: values.join(separator), kind: 'quoted' }];
    }
    return values.flatMap((text, index): Piece[] => [
      ...(index > 0 ? (['break'] as const) : []),
      { text, kind: isQuoted ? 'quoted' : 'split' },
    ]);
  }

  private async operate(
    parameter: string,
    operation: ParameterOperation,
    isQuoted: boolean,
  ): Promise<Piece[]> {
    switch (operation.type) {
      case 'Indirection': {
        const found = await this.find(parameter);
        const own = this.context.state.variables.own(parameter);
        if (own?.isReference === true)
          return [{ text: own.value ?? '', kind: isQuoted ? 'quoted' : 'split' }];
        const name = found.kind === 'scalar' ? found.value : found.values.join(' ');
        if (name === undefined || name === '') {
          if (operation.innerOp !== undefined)
            return this.operate(parameter, operation.innerOp, isQuoted);
          throw new ExpansionProblem(`${parameter}: invalid indirect expansion`);
        }
        if (!/^(?:[A-Za-z_]\w*(?:\[[\s\S]+\])?|\d+|[@*#?$!-])$/.test(name))
          throw new ExpansionProblem(`${name}: invalid variable name`);
        return this.parameter(
          { type: 'ParameterExpansion', parameter: name, operation: operation.innerOp ?? null },
          isQuoted,
        );
      }
      case 'ArrayKeys': {
        const list = this.specialArray(operation.array)?.map((_, index) => String(index));
        const values = list ?? this.context.state.variables.subscripts(operation.array);
        return this.piecesFrom({ kind: 'list', values, isStar: operation.star }, isQuoted);
      }
      case 'VarNamePrefix': {
        const values = this.context.state.variables
          .names()
          .filter((name) => name.startsWith(operation.prefix));
        return this.piecesFrom({ kind: 'list', values, isStar: operation.star }, isQuoted);
      }
      case 'BadSubstitution':
        throw new ExpansionProblem(`${operation.text}: bad substitution`);
      case 'LengthSliceError':
        throw new ExpansionProblem(`\${#${parameter}}: bad substitution`);
      default:
    }
    const found = await this.find(parameter);
    const isUnset = found.kind === 'list' ? found.values.length === 0 : found.value === undefined;
    const isEmpty = found.kind === 'list' ? found.values.join('') === '' : !found.value;
    switch (operation.type) {
      case 'DefaultValue':
        return isUnset || (operation.checkEmpty && isEmpty)
          ? this.alternative(operation.word, isQuoted)
          : this.piecesFrom(found, isQuoted);
      case 'UseAlternative':
        return isUnset || (operation.checkEmpty && isEmpty)
          ? isQuoted
            ? [{ text: '', kind: 'quoted' }]
            : []
          : this.alternative(operation.word, isQuoted);
      case 'AssignDefault': {
        if (!(isUnset || (operation.checkEmpty && isEmpty)))
          return this.piecesFrom(found, isQuoted);
        if (!/^[A-Za-z_]/.test(parameter))
          throw new ExpansionProblem(`$${parameter}: cannot assign in this way`);
        const value = this.joined(await this.alternative(operation.word, isQuoted));
        await this.assign(parameter, value);
        return [{ text: value, kind: isQuoted ? 'quoted' : 'split' }];
      }
      case 'ErrorIfUnset': {
        if (!(isUnset || (operation.checkEmpty && isEmpty)))
          return this.piecesFrom(found, isQuoted);
        const said = operation.word === null ? '' : await this.text(operation.word);
        const usual = operation.checkEmpty ? 'parameter null or not set' : 'parameter not set';
        throw new ExpansionProblem(`${parameter}: ${said === '' ? usual : said}`, 127);
      }
      case 'Length': {
        if (found.kind === 'scalar') this.checkSet(parameter, found);
        const length =
          found.kind === 'list' ? found.values.length : Array.from(found.value ?? '').length;
        return [{ text: String(length), kind: isQuoted ? 'quoted' : 'split' }];
      }
      case 'Substring':
        this.checkSet(parameter, found);
        return this.slice(parameter, found, operation, isQuoted);
      default:
    }
    this.checkSet(parameter, found);
    const change = await this.changer(parameter, operation);
    if (found.kind === 'scalar') {
      const value = found.value === undefined ? undefined : await this.paused(change(found.value));
      return this.piecesFrom({ kind: 'scalar', value }, isQuoted);
    }
    const values: string[] = [];
    for (const value of found.values) {
      values.push(await this.paused(change(value)));
      if (values.length % 512 === 0) await this.context.yieldIfDue();
    }
    return this.piecesFrom({ ...found, values }, isQuoted);
  }

  /** What the work gives; the page has its turn at each pause. */
  paused<Result>(work: Paused<Result>): Promise<Result> {
    return inTurns(work, () => this.context.yieldIfDue());
  }

  /** The word of `${x:-word}`: outside quotes its own text is split too. */
  private async alternative(word: Word, isQuoted: boolean): Promise<Piece[]> {
    const pieces = await this.pieces(word.parts, isQuoted);
    if (isQuoted) return pieces.length === 0 ? [{ text: '', kind: 'quoted' }] : pieces;
    return pieces.map((piece) =>
      piece !== 'break' && piece.kind === 'plain' ? { ...piece, kind: 'split' } : piece,
    );
  }

  private async slice(
    parameter: string,
    found: Found,
    operation: Extract<ParameterOperation, { type: 'Substring' }>,
    isQuoted: boolean,
  ): Promise<Piece[]> {
    const number = async (text: string) => Number(await this.arithmetic(text));
    const offset = await number(operation.offset.originalText ?? '0');
    const length =
      operation.length === null ? undefined : await number(operation.length.originalText ?? '0');
    if (found.kind === 'scalar') {
      const characters = Array.from(found.value ?? '');
      const start = offset < 0 ? characters.length + offset : offset;
      if (start < 0) return this.piecesFrom({ kind: 'scalar', value: '' }, isQuoted);
      const end =
        length === undefined
          ? characters.length
          : length < 0
            ? characters.length + length
            : start + length;
      if (end < start && length !== undefined && length < 0)
        throw new ExpansionProblem(`${length}: substring expression < 0`);
      return this.piecesFrom(
        { kind: 'scalar', value: characters.slice(start, end).join('') },
        isQuoted,
      );
    }
    const isPositional = parameter === '@' || parameter === '*';
    const values = isPositional ? [this.context.state.name, ...found.values] : found.values;
    // An array's elements are counted by their subscripts, gaps and all.
    const [, array = ''] = /^(\w+)\[[@*]\]$/.exec(parameter) ?? [];
    const { variables } = this.context.state;
    const isIndexed = variables.find(array)?.kind === 'indexed';
    const first = offset < 0 && isIndexed ? variables.nextSubscript(array) + offset : offset;
    const start = isIndexed
      ? first < 0
        ? -1
        : variables.subscripts(array).filter((one) => Number(one) < first).length
      : offset < 0
        ? values.length + offset
        : offset;
    if (length !== undefined && length < 0)
      throw new ExpansionProblem(`${length}: substring expression < 0`);
    const sliced =
      start < 0 ? [] : values.slice(start, length === undefined ? undefined : start + length);
    return this.piecesFrom({ ...found, values: sliced }, isQuoted);
  }

  private async changer(
    parameter: string,
    operation: ParameterOperation,
  ): Promise<(value: string) => Paused<string>> {
    const ignoresCase = this.context.state.shopts.has('nocasematch');
    switch (operation.type) {
      case 'PatternRemoval': {
        const pattern = await this.pattern(operation.pattern);
        return (value) => removePattern(value, pattern, operation.side, operation.greedy);
      }
      case 'PatternReplacement': {
        const pattern = await this.pattern(operation.pattern);
        if (pattern === '') return unchanged;
        const replacement =
          operation.replacement === null
            ? []
            : await this.pieces(operation.replacement.parts, false);
        const source = patternSource(pattern);
        const anchored =
          operation.anchor === 'start'
            ? `^(?:${source})`
            : operation.anchor === 'end'
              ? `(?:${source})$`
              : source;
        const expression = boundedExpression(anchored, ignoresCase);
        return (value) =>
          replaceMatches(value, expression, operation.all, (match) => replaced(replacement, match));
      }
      case 'CaseModification': {
        const pattern = operation.pattern === null ? '?' : await this.pattern(operation.pattern);
        const turn = (one: string) =>
          matchesPattern(one, pattern)
            ? operation.direction === 'upper'
              ? one.toUpperCase()
              : one.toLowerCase()
            : one;
        return (value) => changeCharacters(value, operation.all, turn);
      }
      case 'Transform':
        return (value) => unchanged(this.transformed(parameter, operation.operator, value));
      default:
        return unchanged;
    }
  }

  private transformed(parameter: string, operator: string, value: string): string {
    switch (operator) {
      case 'Q':
        return quoteExpansion(value);
      case 'U':
        return value.toUpperCase();
      case 'u':
        return value.slice(0, 1).toUpperCase() + value.slice(1);
      case 'L':
        return value.toLowerCase();
      case 'E':
        return value.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\\\', '\\');
      case 'A': {
        const flags = this.attributes(parameter);
        const name = parameter.replace(/\[.*$/, '');
        return flags === ''
          ? `${name}=${quoteExpansion(value)}`
          : `declare -${flags} ${name}=${quoteExpansion(value)}`;
      }
      case 'a':
        return this.attributes(parameter);
      case 'K':
      case 'k':
        return quoteValue(value);
      default:
        return value;
    }
  }

  private attributes(parameter: string): string {
    const found = this.context.state.variables.find(parameter.replace(/\[.*$/, ''));
    if (found === undefined) return '';
    return [
      found.kind === 'indexed' ? 'a' : found.kind === 'associative' ? 'A' : '',
      found.isInteger === true ? 'i' : '',
      found.letterCase === 'lower' ? 'l' : '',
      found.isReadonly === true ? 'r' : '',
      found.letterCase === 'upper' ? 'u' : '',
      found.isExported === true ? 'x' : '',
    ].join('');
  }

  /** Assigns by a name that may hold a subscript. */
  async assign(name: string, value: string): Promise<void> {
    const element = /^([A-Za-z_]\w*)\[([\s\S]*)\]$/.exec(name);
    try {
      if (element === null) this.context.state.variables.set(name, value);
      else {
        const [, array = '', raw = ''] = element;
        this.context.state.variables.set(array, value, await this.subscript(array, raw));
      }
    } catch (error) {
      if (error instanceof VariableProblem) throw new ExpansionProblem(error.message);
      throw error;
    }
  }

  // --- Splitting and file names ---

  private split(pieces: readonly Piece[]): string[] {
    const { state } = this.context;
    const ifs = state.variables.get('IFS') ?? ' \t\n';
    const fields: string[] = [];
    let text: string | null = null;
    let pattern = '';
    let mayMatch = false;
    const append = (more: string, kind: 'quoted' | 'plain' | 'split') => {
      text = (text ?? '') + more;
      pattern += kind === 'quoted' ? quotePattern(more) : more;
      mayMatch ||= kind !== 'quoted';
    };
    const end = () => {
      if (text === null) return;
      if (!mayMatch) fields.push(text);
      else for (const name of this.named(text, pattern)) fields.push(name);
      text = null;
      pattern = '';
      mayMatch = false;
    };
    for (const piece of pieces) {
      if (piece === 'break') end();
      else if (piece.kind !== 'split') append(piece.text, piece.kind);
      else if (ifs === '') {
        if (piece.text !== '') append(piece.text, 'split');
      } else splitText(piece.text, ifs, append, end, () => text !== null);
    }
    end();
    return fields;
  }

  /** The files that a field matches, or the field itself. */
  private named(text: string, pattern: string): string[] {
    const { state } = this.context;
    if (state.options.has('noglob')) return [text];
    if (!hasPattern(pattern, state.shopts.has('extglob'))) return [text];
    const found = this.context.glob(pattern);
    if (found.length > 0) return found;
    if (state.shopts.has('failglob')) throw new ExpansionProblem(`no match: ${text}`);
    return state.shopts.has('nullglob') ? [] : [text];
  }
}

// eslint-disable-next-line require-yield -- work that is done at once
function* unchanged(value: string): Paused<string> {
  return value;
}
