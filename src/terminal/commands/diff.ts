/** diff (GNU diffutils): the normal form, `-u` and `-q`. */

import { errorText, FileError, fromBytes, resolvePath } from '../linux/file-system.ts';
import { failed, printed, unsupported, type Command, type CommandContext } from './command.ts';
import { optionProblem, parseOptions, tryHelp } from './options.ts';

export const diff: Command = {
  name: 'diff',
  reads: 'all',
  run(context) {
    const parsed = parseOptions(context.args, {
      flags: 'qsbiwBNraycentTpdEZ0123456789',
      optionallyValued: 'u',
      valued: 'ULICFXS',
      long: {
        brief: 'q',
        unified: 'u',
        'report-identical-files': 's',
        'ignore-case': 'i',
        'ignore-all-space': 'w',
        'ignore-space-change': 'b',
        'ignore-blank-lines': 'B',
        'new-file': 'N',
        recursive: 'r',
        text: 'a',
        normal: 'ν',
        label: 'L',
        'side-by-side': 'y',
        context: 'c',
        ed: 'e',
        color: 'κ',
      },
    });
    if (!parsed.ok) return failed(`${optionProblem('diff', parsed)}\ndiff: ${tryHelp('diff')}`, 2);
    const { letters } = parsed.options;
    for (const letter of 'ByceCntTpdEZIFXS0123456789κ')
      if (letters.has(letter)) return unsupported(context, 'diff', `-${letter}`);
    const [left, right, extra] = parsed.operands;
    if (left === undefined || right === undefined)
      return failed(`diff: missing operand after '${left ?? 'diff'}'\ndiff: ${tryHelp('diff')}`, 2);
    if (extra !== undefined)
      return failed(`diff: extra operand '${extra}'\ndiff: ${tryHelp('diff')}`, 2);
    const [leftPath, rightPath] = intoDirectory(context, left, right);
    const one = read(context, leftPath, letters.has('N'));
    const other = read(context, rightPath, letters.has('N'));
    const problems = [one, other].flatMap((result) =>
      result.ok ? [] : [`diff: ${result.problem}`],
    );
    if (!one.ok || !other.ok) return failed(problems.join('\n'), 2);
    if (one.text === other.text)
      return printed(letters.has('s') ? `Files ${leftPath} and ${rightPath} are identical\n` : '');
    if (letters.has('q')) return printed(`Files ${leftPath} and ${rightPath} differ\n`, 1);
    const simplify = (line: string) => {
      let text = letters.has('i') ? line.toLowerCase() : line;
      if (letters.has('w')) text = text.replaceAll(/\s+/g, '');
      else if (letters.has('b')) text = text.replaceAll(/\s+/g, ' ').trimEnd();
      return text;
    };
    const before = lines(one.text);
    const after = lines(other.text);
    const changes = findChanges(before.map(simplify), after.map(simplify));
    if (changes.length === 0) return printed('');
    const { values } = parsed.options;
    const counts = [...values('u'), ...values('U')].filter((text) => text !== '');
    const wrong = counts.find((text) => !/^\d+$/.test(text));
    if (wrong !== undefined)
      return failed(`diff: invalid context length '${wrong}'\ndiff: ${tryHelp('diff')}`, 2);
    const contextLines = counts.length === 0 ? 3 : Math.max(...counts.map(Number));
    const labels = values('L');
    const heads = [leftPath, rightPath].map(
      (path, index) => labels[index] ?? `${path}\t${stamp(context, path)}`,
    );
    return printed(
      letters.has('u') || letters.has('U')
        ? unified(heads, before, after, changes, contextLines)
        : changes.map((change) => normal(change, before, after)).join(''),
      1,
    );
  },
};

/** A file and a directory: the file of the same name in there. */
function intoDirectory(context: CommandContext, left: string, right: string): [string, string] {
  const isDirectory = (path: string) => {
    try {
      const { kind } = context.machine.files.node(resolvePath(context.cwd, path), context.identity);
      return kind === 'directory' || kind === 'virtual-directory';
    } catch {
      return false;
    }
  };
  if (isDirectory(left) === isDirectory(right)) return [left, right];
  const inside = (directory: string, path: string) =>
    `${directory.replace(/\/$/, '')}/${path.slice(path.lastIndexOf('/') + 1)}`;
  return isDirectory(left) ? [inside(left, right), right] : [left, inside(right, left)];
}

function read(
  context: CommandContext,
  path: string,
  isAbsentEmpty: boolean,
): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string } {
  if (path === '-') return { ok: true, text: context.stdin ?? '' };
  try {
    return {
      ok: true,
      text: fromBytes(context.machine.files.read(resolvePath(context.cwd, path), context.identity)),
    };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (isAbsentEmpty && error.code === 'ENOENT') return { ok: true, text: '' };
    return { ok: false, problem: `${path}: ${errorText(error.code)}` };
  }
}

/** When a file was last changed, as the head of a unified diff gives it. */
function stamp(context: CommandContext, path: string): string {
  const { files, epochNowMs } = context.machine;
  let ms = epochNowMs;
  try {
    if (path !== '-')
      ms = files.node(resolvePath(context.cwd, path), context.identity).modifiedAtMs;
  } catch {
    ms = 0;
  }
  const iso = new Date(ms).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}000000 +0000`;
}

/** A last line without a line end differs from the same one with it, and says so. */
function lines(text: string): string[] {
  const list = text.split('\n');
  const last = list.pop();
  if (last !== undefined && last !== '') list.push(`${last}\n\\ No newline at end of file`);
  return list;
}

/** Lines a … b−1 of the old text became lines c … d−1 of the new one (0-based). */
interface Change {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

/** More lines than this are compared as one block. */
const maximumCells = 4_000_000;

function findChanges(before: readonly string[], after: readonly string[]): Change[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start])
    start += 1;
  let endBefore = before.length;
  let endAfter = after.length;
  while (endBefore > start && endAfter > start && before[endBefore - 1] === after[endAfter - 1]) {
    endBefore -= 1;
    endAfter -= 1;
  }
  const old = before.slice(start, endBefore);
  const fresh = after.slice(start, endAfter);
  if (old.length === 0 && fresh.length === 0) return [];
  if (old.length * fresh.length > maximumCells)
    return [{ a: start, b: endBefore, c: start, d: endAfter }];
  return fromCommon(old, fresh).map((change) => ({
    a: change.a + start,
    b: change.b + start,
    c: change.c + start,
    d: change.d + start,
  }));
}

/** What lies between the lines of a longest common subsequence. */
function fromCommon(old: readonly string[], fresh: readonly string[]): Change[] {
  const width = fresh.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let row = old.length - 1; row >= 0; row--) {
    for (let column = fresh.length - 1; column >= 0; column--) {
      const down = lengths[(row + 1) * width + column] ?? 0;
      const right = lengths[row * width + column + 1] ?? 0;
      const both = (lengths[(row + 1) * width + column + 1] ?? 0) + 1;
      lengths[row * width + column] = old[row] === fresh[column] ? both : Math.max(down, right);
    }
  }
  const changes: Change[] = [];
  let [row, column] = [0, 0];
  let [a, c] = [0, 0];
  const close = () => {
    if (row > a || column > c) changes.push({ a, b: row, c, d: column });
  };
  while (row < old.length && column < fresh.length) {
    if (old[row] === fresh[column]) {
      close();
      row += 1;
      column += 1;
      [a, c] = [row, column];
    } else if (
      (lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0)
    )
      row += 1;
    else column += 1;
  }
  row = old.length;
  column = fresh.length;
  close();
  return changes;
}

function range(from: number, to: number): string {
  return to - from <= 1 ? String(Math.max(from + (to > from ? 1 : 0), from)) : `${from + 1},${to}`;
}

function normal(change: Change, before: readonly string[], after: readonly string[]): string {
  const { a, b, c, d } = change;
  const letter = a === b ? 'a' : c === d ? 'd' : 'c';
  const removed = before.slice(a, b).map((line) => `< ${line}\n`);
  const added = after.slice(c, d).map((line) => `> ${line}\n`);
  return `${range(a, b)}${letter}${range(c, d)}\n${removed.join('')}${letter === 'c' ? '---\n' : ''}${added.join('')}`;
}

function unified(
  heads: readonly string[],
  before: readonly string[],
  after: readonly string[],
  changes: readonly Change[],
  contextLines: number,
): string {
  let text = `--- ${heads[0] ?? ''}\n+++ ${heads[1] ?? ''}\n`;
  for (let index = 0; index < changes.length;) {
    const group: Change[] = [];
    do {
      const change = changes[index];
      if (change === undefined) break;
      group.push(change);
      index += 1;
    } while (
      (changes[index]?.a ?? Number.POSITIVE_INFINITY) - (group.at(-1)?.b ?? 0) <=
      2 * contextLines
    );
    text += hunk(group, before, after, contextLines);
  }
  return text;
}

function hunk(
  group: readonly Change[],
  before: readonly string[],
  after: readonly string[],
  contextLines: number,
): string {
  const first = group[0] ?? { a: 0, b: 0, c: 0, d: 0 };
  const last = group.at(-1) ?? first;
  const fromOld = Math.max(0, first.a - contextLines);
  const toOld = Math.min(before.length, last.b + contextLines);
  const fromNew = Math.max(0, first.c - contextLines);
  const toNew = Math.min(after.length, last.d + contextLines);
  const span = (from: number, to: number) =>
    to - from === 1 ? String(from + 1) : `${to === from ? from : from + 1},${to - from}`;
  let text = `@@ -${span(fromOld, toOld)} +${span(fromNew, toNew)} @@\n`;
  let at = fromOld;
  for (const { a, b, c, d } of group) {
    text += before
      .slice(at, a)
      .map((line) => ` ${line}\n`)
      .join('');
    text += before
      .slice(a, b)
      .map((line) => `-${line}\n`)
      .join('');
    text += after
      .slice(c, d)
      .map((line) => `+${line}\n`)
      .join('');
    at = b;
  }
  return (
    text +
    before
      .slice(at, toOld)
      .map((line) => ` ${line}\n`)
      .join('')
  );
}
