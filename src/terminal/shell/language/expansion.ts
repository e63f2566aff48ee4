/**
 * Word expansion, in bash's order: braces; tilde, parameters, commands, arithmetic; splitting; file
 * names; quotes away (manual, "Shell Expansions").
 */

import type { Word, WordPart } from '../just-bash/syntax.ts';
import { ArithmeticError } from './arithmetic.ts';
import { inTurns, type Paused } from './bounded-expression.ts';
import { braceText, expandBraces } from './braces.ts';
import type { ExpansionContext } from './expansion-context.ts';
import { fieldsOf } from './fields.ts';
import { ParameterOperations, type WordExpansion } from './parameter-operations.ts';
import { ParameterValues } from './parameter-values.ts';
import { quotePattern } from './patterns.ts';
import { globPieces, isList, joined, literalKind, plainText, type Piece } from './pieces.ts';
import { ExpansionProblem, LimitReached } from './problems.ts';

export class Expansion implements WordExpansion {
  /** What parameters stand for. */
  readonly values: ParameterValues;
  private readonly context: ExpansionContext;
  private readonly operations: ParameterOperations;

  constructor(context: ExpansionContext) {
    this.context = context;
    this.values = new ParameterValues(context, (text) => this.rawText(text));
    this.operations = new ParameterOperations(context, this.values, this);
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
      const mayExpand = this.context.state.options.has('braceexpand');
      const each = mayExpand ? expandBraces(word.parts) : [word.parts];
      for (const [index, parts] of each.entries()) {
        if (index % 512 === 511) await this.context.yieldIfDue();
        const pieces = await this.pieces(parts, false);
        // One by one: there may be more than fit on the stack.
        for (const field of fieldsOf(pieces, this.context)) result.push(field);
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
    return joined(pieces);
  }

  /** The text of a here-document. */
  async hereText(word: Word): Promise<string> {
    return joined(await this.pieces(word.parts, true));
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
            : joined(await this.pieces([part], false));
      source += isQuoted ? text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`) : text;
    }
    return source;
  }

  /** A raw text with its `$` expanded, as in arithmetic and subscripts. */
  async rawText(text: string): Promise<string> {
    if (!/[$`\\]/.test(text)) return text;
    return this.text(await this.context.quotedWord(text));
  }

  /** The pieces that parts of a word come to, before they are split. */
  async pieces(parts: readonly WordPart[], isQuoted: boolean): Promise<Piece[]> {
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
          return result(String(await this.values.arithmetic(text)));
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
        return this.operations.parameter(part, isQuoted);
    }
  }

  /** What the work gives; the page has its turn at each pause. */
  paused<Result>(work: Paused<Result>): Promise<Result> {
    return inTurns(work, () => this.context.yieldIfDue());
  }
}
