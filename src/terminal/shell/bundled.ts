/** What the shell library's own tools need to be put right: their words, and their keyboard. */

import type { FileErrorCode } from '../linux/file-system.ts';
import { resolvePath } from '../linux/file-system.ts';
import { refusalText } from '../linux/user-files.ts';

const noOperand = (args: readonly string[]) =>
  args.every((arg) => arg.startsWith('-') && arg !== '-') || args.includes('-');
const oneOperand = (args: readonly string[]) =>
  args.filter((arg) => !arg.startsWith('-')).length <= 1;

/** Tools that read the keyboard, and when. */
export const bundledStdin: ReadonlyMap<string, (args: readonly string[]) => boolean> = new Map([
  ['cat', noOperand],
  ['tee', () => true],
  ['wc', noOperand],
  ['sort', noOperand],
  ['grep', oneOperand],
  ['sed', oneOperand],
  ['awk', oneOperand],
]);

/**
 * The library says "No such file or directory" for every failure, and shows raw error codes in some
 * places; both become the words of the real tools.
 */
export function repairMessages(
  text: string,
  refused: ReadonlyMap<string, FileErrorCode>,
  cwd: string,
): string {
  if (text === '') return text;
  return text
    .split('\n')
    .map((line) => repairLine(line, refused, cwd))
    .join('\n');
}

function repairLine(
  line: string,
  refused: ReadonlyMap<string, FileErrorCode>,
  cwd: string,
): string {
  for (const [pattern, replacement] of wordings)
    if (pattern.test(line)) return line.replace(pattern, replacement);
  const raw = /^(.*?):? ?(E[A-Z]+): [a-z ]+(?:, \w+ '(.*)')?$/.exec(line);
  if (raw?.[2] !== undefined && isFileErrorCode(raw[2])) {
    const path = raw[3];
    const head = raw[1] ?? '';
    const named =
      path !== undefined && !head.includes(path.slice(path.lastIndexOf('/') + 1))
        ? `${head}: ${path}`
        : head;
    return `${named}: ${refusalText(raw[2])}`;
  }
  if (!line.endsWith('No such file or directory')) return line;
  for (const [path, code] of refused) {
    if (code === 'ENOENT') continue;
    const mentions = line
      .slice(0, -'No such file or directory'.length)
      .split(/[:'"‘’\s]+/)
      .some((word) => word !== '' && (resolvePath(cwd, word) === path || word === path));
    const said =
      code === 'EPERM'
        ? line.replace(/^chmod: cannot access/, 'chmod: changing permissions of')
        : line;
    if (mentions) return said.replace(/No such file or directory$/, refusalText(code));
  }
  return line;
}

/** Options that the library wants apart from their values. */
export function spreadArguments(name: string, args: readonly string[]): string[] {
  if (name !== 'xargs') return [...args];
  return args.flatMap((arg) => {
    const match = /^-([nILPd])(.+)$/.exec(arg);
    return match === null ? [arg] : [`-${match[1] ?? ''}`, match[2] ?? ''];
  });
}

/** Where the library's sentence differs from GNU coreutils'. */
const wordings: readonly (readonly [RegExp, string])[] = [
  [/^bash: cd: \/home\/user: No such file or directory$/, 'bash: cd: OLDPWD not set'],
  [
    /^cp: cannot copy '(.*?)': EACCES: .*, \w+ '\1'$/,
    "cp: cannot open '$1' for reading: Permission denied",
  ],
  [
    /^cp: cannot copy '.*?': EACCES: .*, \w+ '(.*)'$/,
    "cp: cannot create regular file '$1': Permission denied",
  ],
  [/^(mkdir|rm|rmdir|touch): (.*?): (?:<path>: )?EACCES: .*$/, '$1: $2: Permission denied'],
  [
    /^chmod: .*?'(.*?)': EPERM: .*$/,
    "chmod: changing permissions of '$1': Operation not permitted",
  ],
  [/^ln: .*?EACCES: .*$/, 'ln: failed to create link: Permission denied'],
];

const codes: ReadonlySet<string> = new Set<FileErrorCode>([
  'EACCES',
  'EEXIST',
  'EINVAL',
  'EISDIR',
  'ELOOP',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'ENOTEMPTY',
  'EPERM',
]);

function isFileErrorCode(text: string): text is FileErrorCode {
  return codes.has(text);
}
