/**
 * Reads text as bash would, with the shell library's parser: once, into a tree that the interpreter
 * runs. The library has no way to parse and nothing else, so a plug-in takes the tree away and leaves
 * it an empty script. Mends: what is only half typed is told from what is wrong; the words of syntax
 * errors are bash's.
 */

import { Bash } from 'just-bash/browser';
import { executionLimits } from '../limits.ts';
import { mendWords } from './mend-words.ts';
import type { CommandNode, Script, SimpleCommand, Statement, Word } from './syntax.ts';

/** Whether a line ends a here-document of such a last line; `<<-` lets it be indented. */
export function endsHere(line: string, awaited: readonly string[]): boolean {
  return awaited.includes(line) || awaited.includes(line.replace(/^\t+/, ''));
}

/** A text as the shell has read it. */
export interface ReadLine {
  readonly statements: readonly Statement[];
  /** More is needed: an open quote, a loop without its end, a here-document without its last line. */
  readonly isIncomplete: boolean;
  /** The last lines of here-documents that are still to come: until then all others belong to them. */
  readonly awaited?: readonly string[];
  /** What is wrong with it; the statements are those of the lines before. Null where nothing is. */
  readonly problem: SyntaxProblem | null;
}

export interface SyntaxProblem {
  /** In bash's words. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export class LineReader {
  private readonly parser = new Bash({
    commands: [],
    defenseInDepth: false,
    executionLimits,
  });
  private taken: Script | null = null;
  private readonly words = new Map<string, Word>();

  constructor() {
    this.parser.registerTransformPlugin({
      name: 'take the tree',
      transform: ({ ast }) => {
        this.taken = ast;
        return { ast: { ...ast, statements: [] } };
      },
    });
  }

  /**
   * @param isTyped more lines may come: of what is not whole yet nothing is run, so that it need not be
   * known what could be
   */
  async read(text: string, isTyped = false): Promise<ReadLine> {
    const parsed = await this.parse(text);
    if ('said' in parsed) return this.broken(text, parsed.said, isTyped);
    const { statements } = parsed;
    const deferred = deferredProblem(statements, text);
    if (deferred !== null) {
      const before = statements.filter(
        (one) => one.deferredError === undefined && lineOf(one) < deferred.line,
      );
      return { statements: before, isIncomplete: false, problem: deferred };
    }
    const awaited: string[] = [];
    const isOpen = statements.filter((one) => isOpenStatement(one, awaited)).length > 0;
    return {
      statements,
      isIncomplete: endsInBackslash(text) || isOpen,
      problem: null,
      ...(awaited.length > 0 && { awaited }),
    };
  }

  private async parse(
    text: string,
  ): Promise<{ readonly statements: readonly Statement[] } | { readonly said: string }> {
    this.taken = null;
    const result = await this.parser.exec(mendWords(text), { rawScript: true });
    const tree = this.taken as Script | null;
    if (tree !== null) return { statements: tree.statements };
    return text.trim() === '' || result.exitCode === 0
      ? { statements: [] }
      : { said: result.stderr };
  }

  /** The text as a whole cannot be read: the lines before the one that is wrong may be. */
  private async broken(text: string, said: string, isTyped: boolean): Promise<ReadLine> {
    const isIncomplete = isHalf(said, text);
    const problem = syntaxProblem(said, text);
    if (isIncomplete && isTyped) return { statements: [], isIncomplete, problem };
    const lines = text.split('\n');
    const firstLine = isIncomplete ? openingLine(said, text) : problem.line;
    for (let end = Math.min(firstLine, lines.length) - 1; end > 0; end--) {
      const before = await this.parse(lines.slice(0, end).join('\n'));
      if ('said' in before || before.statements.some((one) => one.deferredError !== undefined))
        continue;
      if (!before.statements.some((one) => isOpenStatement(one, [])))
        return { statements: before.statements, isIncomplete, problem };
    }
    return { statements: [], isIncomplete, problem };
  }

  /** A text as the inside of double quotes: subscripts, arithmetic, prompts. */
  async quotedWord(text: string): Promise<Word> {
    const known = this.words.get(text);
    if (known !== undefined) return known;
    const escaped = text.replaceAll(/(?<!\\)"/g, '\\"');
    const { statements } = await this.read(`: "${escaped}"`);
    const command = statements[0]?.pipelines[0]?.commands[0];
    const word: Word =
      command?.type === 'SimpleCommand' && command.args[0] !== undefined
        ? command.args[0]
        : { type: 'Word', parts: [{ type: 'SingleQuoted', value: text }] };
    if (this.words.size > 500) this.words.clear();
    this.words.set(text, word);
    return word;
  }
}

/** The parser met the end of the text where it wanted more. */
function isHalf(problem: string, text: string): boolean {
  if (/unexpected EOF|got EOF|unterminated|unexpected end/i.test(problem)) return true;
  // A bare `for` is an error to bash too, not a half line.
  if (problem.includes('variable name in for loop')) return false;
  const position = /Parse error at (\d+):(\d+)/.exec(problem);
  if (position === null) return false;
  const lines = text.split('\n');
  const last = lines[lines.length - 1] ?? '';
  return Number(position[1]) === lines.length && Number(position[2]) > last.length;
}

/** The last line ends in a backslash that nothing escapes: the next one belongs to it. */
function endsInBackslash(text: string): boolean {
  return /(?:^|[^\\])(?:\\\\)*\\\n?$/.test(text) && !/^[^'"]*#/.test(text.split('\n').at(-1) ?? '');
}

/** @param awaited gets the last lines of the here-documents that are open */
function isOpenStatement(statement: Statement, awaited: string[]): boolean {
  if (statement.deferredError !== undefined) return false;
  return statement.pipelines.some((pipeline, index) =>
    pipeline.commands.some(
      (command, at) =>
        isOpenCommand(command, awaited) ||
        // Nothing after `&&` or `|`.
        ((index > 0 || at > 0) && isNothing(command)),
    ),
  );
}

function isNothing(command: CommandNode): command is SimpleCommand {
  return (
    command.type === 'SimpleCommand' &&
    command.name === null &&
    command.assignments.length === 0 &&
    command.redirections.length === 0
  );
}

function isOpenCommand(command: CommandNode, awaited: string[]): boolean {
  const open = command.redirections.flatMap(({ target }) =>
    target.type === 'HereDoc' && target.terminated === false ? [target.delimiter] : [],
  );
  awaited.push(...open);
  if (open.length > 0) return true;
  const isOpen = (statement: Statement) => isOpenStatement(statement, awaited);
  switch (command.type) {
    case 'If':
      return [
        ...command.clauses.flatMap((clause) => [...clause.condition, ...clause.body]),
        ...(command.elseBody ?? []),
      ].some(isOpen);
    case 'For':
    case 'CStyleFor':
    case 'While':
    case 'Until':
    case 'Group':
    case 'Subshell':
      return command.body.some(isOpen);
    case 'Case':
      return command.items.some((item) => item.body.some(isOpen));
    default:
      return false;
  }
}

function lineOf(statement: Statement): number {
  const command = statement.pipelines[0]?.commands[0];
  return command !== undefined && 'line' in command ? (command.line ?? 1) : 1;
}

/** A token that the parser has passed over; where it is, the tree does not say. */
function deferredProblem(statements: readonly Statement[], text: string): SyntaxProblem | null {
  const at = statements.findIndex((one) => one.deferredError !== undefined);
  const token = statements[at]?.deferredError?.token;
  if (token === undefined) return null;
  const before = statements[at - 1];
  const from = before === undefined ? 1 : lineOf(before);
  const lines = text.split('\n');
  const found = lines.findIndex((line, index) => index >= from - 1 && line.includes(token));
  return {
    text: `syntax error near unexpected token \`${token}'`,
    line: found === -1 ? from : found + 1,
  };
}

/** Where what is still open began: the lines before it are whole. */
function openingLine(said: string, text: string): number {
  const line = /line (\d+):/.exec(said)?.[1];
  return line === undefined ? text.split('\n').length + 1 : Number(line);
}

/** Bash's words for what the parser says. */
function syntaxProblem(said: string, text: string): SyntaxProblem {
  const lines = text.replace(/\n$/, '').split('\n');
  const position = /Parse error at (\d+):/.exec(said)?.[1] ?? /line (\d+):/.exec(said)?.[1];
  const line = Math.min(Number(position ?? '1'), lines.length);
  const quote = /looking for matching `(.)'/.exec(said)?.[1];
  if (quote !== undefined)
    return { text: `unexpected EOF while looking for matching \`${quote}'`, line };
  if (isHalf(said, text))
    return { text: 'syntax error: unexpected end of file', line: lines.length + 1 };
  const token = /unexpected token [`']?([^'`\n]+)[`']?/.exec(said)?.[1];
  const got = token ?? tokens[/Expected \w+, got (\S+)/.exec(said)?.[1] ?? ''];
  if (got !== undefined) return { text: `syntax error near unexpected token \`${got}'`, line };
  if (said.includes('variable name in for loop'))
    return { text: "syntax error near unexpected token `newline'", line };
  const rest = said
    .trim()
    .replace(/^.*?Parse error at \d+:\d+: /, '')
    .replace(/^bash: (?:line \d+: )?(?:syntax error: )?/, '');
  return { text: `syntax error: ${rest}`, line };
}

/** The parser's names of tokens as they are typed. */
const tokens: Readonly<Record<string, string>> = {
  LPAREN: '(',
  RPAREN: ')',
  LBRACE: '{',
  RBRACE: '}',
  SEMICOLON: ';',
  DSEMI: ';;',
  AMP: '&',
  PIPE: '|',
  AND_AND: '&&',
  OR_OR: '||',
  NEWLINE: 'newline',
  DONE: 'done',
  DO: 'do',
  FI: 'fi',
  THEN: 'then',
  ELSE: 'else',
  ESAC: 'esac',
};
