/** `[[ … ]]`, and `test` with `[`: comparisons and questions about files. */

import {
  FileError,
  may,
  resolvePath,
  type AnyNode,
  type FileSystem,
  type Identity,
} from '../../linux/file-system.ts';

/** What the questions are asked of. */
export interface ConditionContext {
  readonly files: FileSystem;
  readonly who: Identity;
  readonly cwd: string;
  isTerminal(fd: number): boolean;
  isSet(name: string): boolean;
  isOption(name: string): boolean;
}

/** A question with one operand; undefined where there is no such operator. */
export function unary(
  operator: string,
  operand: string,
  context: ConditionContext,
): boolean | undefined {
  switch (operator) {
    case '-z':
      return operand === '';
    case '-n':
      return operand !== '';
    case '-t':
      return context.isTerminal(Number(operand));
    case '-v':
      return context.isSet(operand);
    case '-o':
      return context.isOption(operand);
    case '-R':
      return false;
    default:
  }
  if (!/^-[abcdefghkprstuwxGLNOS]$/.test(operator)) return undefined;
  const node = nodeAt(context, operand, operator === '-h' || operator === '-L');
  if (node === undefined) return false;
  const isDirectory = node.kind === 'directory' || node.kind === 'virtual-directory';
  switch (operator) {
    case '-a':
    case '-e':
      return true;
    case '-f':
      return node.kind === 'file' || (node.kind === 'virtual' && node.isDevice !== true);
    case '-d':
      return isDirectory;
    case '-h':
    case '-L':
      return node.kind === 'link';
    case '-c':
      return node.kind === 'virtual' && node.isDevice === true;
    case '-s':
      return isDirectory || (node.kind === 'file' && node.bytes !== '');
    case '-r':
      return may(node, context.who, 4);
    case '-w':
      return may(node, context.who, 2);
    case '-x':
      return may(node, context.who, 1);
    case '-O':
      return node.uid === context.who.uid;
    case '-G':
      return node.gid === context.who.gid;
    case '-u':
      return (node.mode & 0o4000) !== 0;
    case '-g':
      return (node.mode & 0o2000) !== 0;
    case '-k':
      return (node.mode & 0o1000) !== 0;
    case '-N':
      return true;
    default:
      return false;
  }
}

/** Which of two files is newer, or whether they are one. */
export function compareFiles(
  operator: '-nt' | '-ot' | '-ef',
  left: string,
  right: string,
  context: ConditionContext,
): boolean {
  const one = nodeAt(context, left, false);
  const other = nodeAt(context, right, false);
  if (operator === '-ef') {
    if (one === undefined || other === undefined) return false;
    const real = (path: string) =>
      context.files.realPath(resolvePath(context.cwd, path), context.who);
    return real(left) === real(right);
  }
  const timeOf = (node: AnyNode | undefined) => node?.modifiedAtMs ?? Number.NEGATIVE_INFINITY;
  return operator === '-nt' ? timeOf(one) > timeOf(other) : timeOf(one) < timeOf(other);
}

function nodeAt(
  context: ConditionContext,
  path: string,
  isLinkItself: boolean,
): AnyNode | undefined {
  if (path === '') return undefined;
  try {
    const absolute = resolvePath(context.cwd, path);
    return isLinkItself
      ? context.files.linkNode(absolute, context.who)
      : context.files.node(absolute, context.who);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

export const numberOperators: readonly string[] = ['-eq', '-ne', '-lt', '-le', '-gt', '-ge'];

export function compareNumbers(operator: string, left: bigint, right: bigint): boolean {
  switch (operator) {
    case '-eq':
      return left === right;
    case '-ne':
      return left !== right;
    case '-lt':
      return left < right;
    case '-le':
      return left <= right;
    case '-gt':
      return left > right;
    default:
      return left >= right;
  }
}

/** A use of `test` that it refuses; the words follow its name. */
export class TestProblem extends Error {}

/** `test` and `[`: words as they have been expanded. */
export function test(words: readonly string[], context: ConditionContext): boolean {
  return new TestRun(words, context).run();
}

class TestRun {
  private readonly words: readonly string[];
  private readonly context: ConditionContext;
  private at = 0;

  constructor(words: readonly string[], context: ConditionContext) {
    this.words = words;
    this.context = context;
  }

  run(): boolean {
    const { words } = this;
    const [first = '', second = '', third = ''] = words;
    // POSIX says how to read up to four words, whatever they look like.
    if (words.length === 0) return false;
    if (words.length === 1) return first !== '';
    if (words.length === 2) {
      if (first === '!') return second === '';
      const answer = unary(first, second, this.context);
      if (answer === undefined) throw new TestProblem(`${first}: unary operator expected`);
      return answer;
    }
    if (words.length === 3) {
      if (this.isBinary(second)) return this.binary(first, second, third);
      if (first === '!') return !new TestRun(words.slice(1), this.context).run();
      if (first === '(' && third === ')') return second !== '';
      throw new TestProblem(`${second}: binary operator expected`);
    }
    if (words.length === 4 && first === '!')
      return !new TestRun(words.slice(1), this.context).run();
    const answer = this.or();
    if (this.at < words.length) throw new TestProblem('too many arguments');
    return answer;
  }

  private isBinary(word: string): boolean {
    return (
      ['=', '==', '!=', '<', '>', '-nt', '-ot', '-ef', '-a', '-o'].includes(word) ||
      numberOperators.includes(word)
    );
  }

  private binary(left: string, operator: string, right: string): boolean {
    switch (operator) {
      case '=':
      case '==':
        return left === right;
      case '!=':
        return left !== right;
      case '<':
        return left < right;
      case '>':
        return left > right;
      case '-a':
        return left !== '' && right !== '';
      case '-o':
        return left !== '' || right !== '';
      case '-nt':
      case '-ot':
      case '-ef':
        return compareFiles(operator, left, right, this.context);
      default:
        return compareNumbers(operator, integer(left), integer(right));
    }
  }

  private or(): boolean {
    let answer = this.and();
    while (this.words[this.at] === '-o') {
      this.at += 1;
      const right = this.and();
      answer ||= right;
    }
    return answer;
  }

  private and(): boolean {
    let answer = this.not();
    while (this.words[this.at] === '-a') {
      this.at += 1;
      const right = this.not();
      answer &&= right;
    }
    return answer;
  }

  private not(): boolean {
    if (this.words[this.at] === '!') {
      this.at += 1;
      return !this.not();
    }
    return this.primary();
  }

  private primary(): boolean {
    const first = this.words[this.at];
    if (first === undefined) throw new TestProblem('argument expected');
    const operator = this.words[this.at + 1];
    const second = this.words[this.at + 2];
    if (first === '(') {
      this.at += 1;
      const answer = this.or();
      if (this.words[this.at] !== ')') throw new TestProblem("`)' expected");
      this.at += 1;
      return answer;
    }
    if (
      operator !== undefined &&
      second !== undefined &&
      this.isBinary(operator) &&
      operator !== '-a' &&
      operator !== '-o'
    ) {
      this.at += 3;
      return this.binary(first, operator, second);
    }
    if (operator !== undefined) {
      const answer = unary(first, operator, this.context);
      if (answer !== undefined) {
        this.at += 2;
        return answer;
      }
    }
    this.at += 1;
    return first !== '';
  }
}

function integer(text: string): bigint {
  const trimmed = text.trim();
  if (!/^[+-]?\d+$/.test(trimmed)) throw new TestProblem(`${text}: integer expression expected`);
  return BigInt(trimmed.replace(/^\+/, ''));
}
