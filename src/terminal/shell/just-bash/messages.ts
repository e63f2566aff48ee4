/** Mends what the library's tools say of files: "No such file or directory" for every failure. */

import { resolvePath, type FileErrorCode } from '../../linux/file-system.ts';
import { refusalText } from '../../linux/user-files.ts';

/**
 * The library says "No such file or directory" for every failure, and shows raw error codes in some
 * places; both become the words of the real tools.
 */
export function mendMessages(
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
  return line.replace(/^sed: (?!-e|can't)([^:]+): (?=No such file)/, "sed: can't read $1: ");
}

/** A search goes on past what it may not read, and says so; the library would end at the first. */
export function refusalsOf(
  {
    name,
    args,
    cwd,
  }: { readonly name: string; readonly args: readonly string[]; readonly cwd: string },
  refused: readonly string[],
): { readonly text: string; readonly exitCode: number } {
  if (refused.length === 0) return { text: '', exitCode: 0 };
  if (args.some((arg) => /^-[a-zA-Z]*s/.test(arg)) && name.endsWith('grep'))
    return { text: '', exitCode: 2 };
  const shown = (path: string) => {
    const root = args.find((arg) => !arg.startsWith('-') && under(resolvePath(cwd, arg), path));
    if (root === undefined) return path;
    const absolute = resolvePath(cwd, root);
    return path === absolute
      ? root
      : `${root.replace(/\/$/, '')}${path.slice(absolute === '/' ? 0 : absolute.length)}`;
  };
  const lines = refused.map((path) => {
    switch (name) {
      case 'find':
        return `find: ‘${shown(path)}’: Permission denied\n`;
      case 'du':
        return `du: cannot read directory '${shown(path)}': Permission denied\n`;
      case 'tree':
        return '';
      default:
        return `grep: ${shown(path)}: Permission denied\n`;
    }
  });
  return { text: lines.join(''), exitCode: name.endsWith('grep') ? 2 : 1 };
}

function under(root: string, path: string): boolean {
  return path === root || root === '/' || path.startsWith(`${root}/`);
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
