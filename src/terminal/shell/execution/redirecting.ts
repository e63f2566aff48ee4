/** Redirections: which file each descriptor points to while a command runs. */

import { FileError, resolvePath } from '../../linux/file-system.ts';
import { refusalText } from '../../linux/user-files.ts';
import { toBytes } from '../../linux/file-system.ts';
import type { ShellProcess } from '../shell-process.ts';
import type { Redirection, Word, WordPart } from '../just-bash/syntax.ts';
import { wordText } from '../language/printing.ts';
import { tooManyFiles } from '../language/problems.ts';
import { openPath, type OpenMode } from '../streams/machine-files.ts';
import { TextFile, type OpenFile } from '../streams/open-file.ts';
import { isNetworkPath, openNetworkPath } from '../streams/network-files.ts';

/** A redirection that could not be done, in bash's words after `bash: `. */
export class RedirectionProblem extends Error {}

/** The shell's own descriptors begin here, and those that `{name}>` chooses (bash's SHELL_FD_BASE). */
const firstOwn = 10;

const modes: Readonly<Partial<Record<Redirection['operator'], OpenMode>>> = {
  '<': 'read',
  '>': 'write',
  '>|': 'write',
  '>>': 'append',
  '<>': 'read-write',
  '&>': 'write',
  '&>>': 'append',
  '>&': 'write',
};

/**
 * Does redirections, from left to right.
 * @param onChange is called with each descriptor before it changes
 * @throws RedirectionProblem
 */
export async function redirect(
  shell: ShellProcess,
  redirections: readonly Redirection[],
  onChange: (fd: number) => void,
): Promise<void> {
  for (const one of redirections) await apply(shell, one, onChange);
}

/** Runs work with redirections that end with it. */
export async function withRedirections(
  shell: ShellProcess,
  redirections: readonly Redirection[],
  work: () => Promise<void>,
): Promise<void> {
  if (redirections.length === 0) {
    await work();
    return;
  }
  const before = new Map<number, OpenFile | undefined>();
  try {
    await redirect(shell, redirections, (fd) => {
      if (before.has(fd)) return;
      const file = shell.fds.get(fd);
      before.set(fd, file?.retain());
      if (file !== undefined) shell.fds.kept += 1;
    });
    await work();
  } finally {
    for (const [fd, file] of before) {
      if (file === undefined) shell.fds.close(fd);
      else {
        shell.fds.kept -= 1;
        shell.fds.set(fd, file);
        file.release();
      }
    }
  }
}

async function apply(
  shell: ShellProcess,
  one: Redirection,
  onChange: (fd: number) => void,
): Promise<void> {
  const { fds, expansion } = shell;
  const isInput = ['<', '<<', '<<-', '<<<', '<&', '<>'].includes(one.operator);
  const usual = isInput ? 0 : 1;
  const target =
    one.target.type === 'HereDoc' ? '' : await targetText(shell, one.target, one.operator);
  let fd = one.fd ?? usual;
  if (one.fdVariable !== undefined) {
    if (target === '-' && (one.operator === '>&' || one.operator === '<&')) {
      fd = Number(shell.state.variables.get(one.fdVariable) ?? '-1');
      onChange(fd);
      fds.close(fd);
      return;
    }
    fd = fds.free(firstOwn);
  }
  const limit = shell.state.descriptorLimit;
  const cannotDuplicate = async (reason: string): Promise<never> => {
    await shell.warn(`${shell.state.name}: redirection error: cannot duplicate fd: ${reason}\n`);
    throw new RedirectionProblem(`${target === '' ? fd : target}: ${reason}`);
  };
  /** `isOpened`: the file has a descriptor of its own until it is moved. */
  const point = async (at: number, file: OpenFile, isOpened: boolean) => {
    if (one.fdVariable !== undefined) {
      if (at >= limit) await cannotDuplicate(limit <= firstOwn ? 'Invalid argument' : tooManyFiles);
      shell.state.variables.set(one.fdVariable, String(at));
    } else if (at >= limit) throw new RedirectionProblem(`${at}: Bad file descriptor`);
    // What it pointed to is kept under another number meanwhile.
    if (fds.get(at) !== undefined && !shell.hasDescriptors(isOpened ? 2 : 1))
      await cannotDuplicate(tooManyFiles);
    onChange(at);
    fds.set(at, file);
  };
  switch (one.operator) {
    case '<<':
    case '<<-': {
      if (one.target.type !== 'HereDoc') return;
      const { content, quoted, stripTabs } = one.target;
      const word = stripTabs ? withoutTabs(content) : content;
      const text = quoted ? rawText(word) : await expansion.hereText(word);
      checkHereDocument(shell);
      await point(fd, new TextFile(toBytes(text)), true);
      return;
    }
    case '<<<':
      checkHereDocument(shell);
      await point(fd, new TextFile(toBytes(`${target}\n`)), true);
      return;
    case '>&':
    case '<&': {
      if (target === '-') {
        onChange(fd);
        fds.close(fd);
        return;
      }
      const moved = /^(\d+)(-?)$/.exec(target);
      if (moved === null) {
        if (one.operator === '<&' || one.fd !== null)
          throw new RedirectionProblem(`${target}: ambiguous redirect`);
        break;
      }
      const from = Number(moved[1]);
      const file = fds.get(from);
      if (file === undefined) throw new RedirectionProblem(`${from}: Bad file descriptor`);
      await point(fd, file, false);
      if (moved[2] === '-' && from !== fd) {
        onChange(from);
        fds.close(from);
      }
      return;
    }
    default:
  }
  const mode = modes[one.operator] ?? 'read';
  if (!shell.hasDescriptors(1)) {
    if (isNetworkPath(target)) await shell.warn(`${shell.state.name}: socket: ${tooManyFiles}\n`);
    throw new RedirectionProblem(`${target}: ${tooManyFiles}`);
  }
  const file = await open(shell, target, mode, one.operator === '>', fd);
  file.retain();
  try {
    if (one.operator === '&>' || one.operator === '&>>' || one.operator === '>&') {
      await point(1, file, true);
      await point(2, file, false);
    } else await point(fd, file, true);
  } finally {
    file.release();
  }
}

/** It is written into a file or pipe, and read from there. */
function checkHereDocument(shell: ShellProcess): void {
  if (!shell.hasDescriptors(2))
    throw new RedirectionProblem(`cannot create temp file for here-document: ${tooManyFiles}`);
}

async function targetText(
  shell: ShellProcess,
  word: Word,
  operator: Redirection['operator'],
): Promise<string> {
  if (operator === '<<<') return shell.expansion.text(word);
  const fields = await shell.expansion.fields([word]);
  if (fields.length === 1) return fields[0] ?? '';
  throw new RedirectionProblem(`${wordText(word)}: ambiguous redirect`);
}

/** Opens a path as a redirection does, devices of the shell's own included. */
async function open(
  shell: ShellProcess,
  path: string,
  mode: OpenMode,
  isPlainWrite: boolean,
  fd: number,
): Promise<OpenFile> {
  const { state, session } = shell;
  const { machine } = session.options;
  if (isNetworkPath(path)) {
    const opened = await openNetworkPath(shell, path, fd);
    if (!opened.ok) throw new RedirectionProblem(opened.problem);
    return opened.file;
  }
  const number = /^\/dev\/(?:fd\/(\d+)|std(in|out|err))$/.exec(path);
  if (number !== null) {
    const from =
      number[1] !== undefined ? Number(number[1]) : ['in', 'out', 'err'].indexOf(number[2] ?? 'in');
    const file = shell.fds.get(from);
    if (file === undefined) throw new RedirectionProblem(`${path}: No such file or directory`);
    return file;
  }
  if (path === '/dev/tty') return mode === 'read' ? shell.terminalInput : shell.terminalOutput;
  if (path === '') throw new RedirectionProblem(': No such file or directory');
  const absolute = resolvePath(state.cwd, path);
  const { user } = state;
  try {
    if (isPlainWrite && state.options.has('noclobber') && machine.files.exists(absolute, user)) {
      if (machine.files.node(absolute, user).kind === 'file')
        throw new RedirectionProblem(`${path}: cannot overwrite existing file`);
    }
    return openPath(machine.files, absolute, user, mode, machine.world.nowMs, state.umask);
  } catch (error) {
    if (error instanceof FileError)
      throw new RedirectionProblem(`${path}: ${refusalText(error.code)}`);
    throw error;
  }
}

/** `<<-` takes the tabs from the beginning of each line that was typed. */
function withoutTabs(word: Word): Word {
  let isAtStart = true;
  const parts = word.parts.map((part): WordPart => {
    const isStart = isAtStart;
    isAtStart = false;
    if (part.type !== 'Literal') return part;
    const value = part.value.replaceAll(/(^|\n)\t+/g, (whole, before: string, at: number) =>
      at === 0 && before === '' && !isStart ? whole : before,
    );
    isAtStart = value.endsWith('\n');
    return { ...part, value };
  });
  return { ...word, parts };
}

/** The lines of a here-document whose delimiter was quoted. */
function rawText(word: Word): string {
  return word.parts.map((part) => ('value' in part ? part.value : '')).join('');
}
