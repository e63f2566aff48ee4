/** What `${x…}` does with the value of a parameter: defaults, lengths, slices, patterns, indirection. */

import type { ParameterOperation, ParameterPart, Word, WordPart } from '../just-bash/syntax.ts';
import { boundedExpression, type Paused } from './bounded-expression.ts';
import type { ExpansionContext } from './expansion-context.ts';
import { transformed } from './parameter-transforms.ts';
import type { Found, ParameterValues } from './parameter-values.ts';
import { changeCharacters, removePattern, replaced, replaceMatches } from './pattern-edits.ts';
import { matchesPattern, patternSource } from './patterns.ts';
import { joined, type Piece } from './pieces.ts';
import { ExpansionProblem } from './problems.ts';

/** How the words within an operation are expanded. */
export interface WordExpansion {
  pieces(parts: readonly WordPart[], isQuoted: boolean): Promise<Piece[]>;
  text(word: Word): Promise<string>;
  pattern(word: Word): Promise<string>;
  paused<Result>(work: Paused<Result>): Promise<Result>;
}

export class ParameterOperations {
  private readonly context: ExpansionContext;
  private readonly values: ParameterValues;
  private readonly words: WordExpansion;

  constructor(context: ExpansionContext, values: ParameterValues, words: WordExpansion) {
    this.context = context;
    this.values = values;
    this.words = words;
  }

  /** The pieces of `$x` or `${x…}`. */
  async parameter(part: ParameterPart, isQuoted: boolean): Promise<Piece[]> {
    const { operation } = part;
    const { parameter } = part;
    if (operation === null) {
      const found = await this.values.find(parameter);
      this.values.checkSet(parameter, found);
      return this.piecesFrom(found, isQuoted);
    }
    return this.operate(parameter, operation, isQuoted);
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
        const found = await this.values.find(parameter);
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
        const list = this.values.specialArray(operation.array)?.map((_, index) => String(index));
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
    const found = await this.values.find(parameter);
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
        const value = joined(await this.alternative(operation.word, isQuoted));
        await this.values.assign(parameter, value);
        return [{ text: value, kind: isQuoted ? 'quoted' : 'split' }];
      }
      case 'ErrorIfUnset': {
        if (!(isUnset || (operation.checkEmpty && isEmpty)))
          return this.piecesFrom(found, isQuoted);
        const said = operation.word === null ? '' : await this.words.text(operation.word);
        const usual = operation.checkEmpty ? 'parameter null or not set' : 'parameter not set';
        throw new ExpansionProblem(`${parameter}: ${said === '' ? usual : said}`, 127);
      }
      case 'Length': {
        if (found.kind === 'scalar') this.values.checkSet(parameter, found);
        const length =
          found.kind === 'list' ? found.values.length : Array.from(found.value ?? '').length;
        return [{ text: String(length), kind: isQuoted ? 'quoted' : 'split' }];
      }
      case 'Substring':
        this.values.checkSet(parameter, found);
        return this.slice(parameter, found, operation, isQuoted);
      default:
    }
    this.values.checkSet(parameter, found);
    const change = await this.changer(parameter, operation);
    if (found.kind === 'scalar') {
      const value =
        found.value === undefined ? undefined : await this.words.paused(change(found.value));
      return this.piecesFrom({ kind: 'scalar', value }, isQuoted);
    }
    const values: string[] = [];
    for (const value of found.values) {
      values.push(await this.words.paused(change(value)));
      if (values.length % 512 === 0) await this.context.yieldIfDue();
    }
    return this.piecesFrom({ ...found, values }, isQuoted);
  }

  /** The word of `${x:-word}`: outside quotes its own text is split too. */
  private async alternative(word: Word, isQuoted: boolean): Promise<Piece[]> {
    const pieces = await this.words.pieces(word.parts, isQuoted);
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
    const number = async (text: string) => Number(await this.values.arithmetic(text));
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
        const pattern = await this.words.pattern(operation.pattern);
        return (value) => removePattern(value, pattern, operation.side, operation.greedy);
      }
      case 'PatternReplacement': {
        const pattern = await this.words.pattern(operation.pattern);
        if (pattern === '') return unchanged;
        const replacement =
          operation.replacement === null
            ? []
            : await this.words.pieces(operation.replacement.parts, false);
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
        const pattern =
          operation.pattern === null ? '?' : await this.words.pattern(operation.pattern);
        const turn = (one: string) =>
          matchesPattern(one, pattern)
            ? operation.direction === 'upper'
              ? one.toUpperCase()
              : one.toLowerCase()
            : one;
        return (value) => changeCharacters(value, operation.all, turn);
      }
      case 'Transform':
        return (value) =>
          unchanged(
            transformed(this.context.state.variables, parameter, operation.operator, value),
          );
      default:
        return unchanged;
    }
  }
}

// eslint-disable-next-line require-yield -- work that is done at once
function* unchanged(value: string): Paused<string> {
  return value;
}
