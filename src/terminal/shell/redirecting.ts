/** Redirections: which file each descriptor points to while a command runs. */

import { FileError, resolvePath } from '../linux/file-system.ts';
import { refusalText } from '../linux/user-files.ts';
import { toBytes } from '../linux/file-system.ts';
import type { ShellProcess } from './shell-home.ts';
import type { Redirection, Word, WordPart } from './just-bash/syntax.ts';
import { wordText } from './language/printing.ts';
import { openPath, type OpenMode } from './streams/machine-files.ts';
import { TextFile, type OpenFile } from './streams/open-file.ts';
import { isNetworkPath, openNetworkPath } from './streams/network-files.ts';

/** A redirection that could not be done, in bash's words after `bash: `. */
export class RedirectionProblem extends Error {}

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
 * @param onChange is told of each descriptor before it changes
 * @throws RedirectionProblem
 */
export async function redirect(
  shell: ShellProcess,
  redirections: readonly Redirection[],
  onChange: (fd: number) => void,
): Promise<void> {
  for (const one of redirections) await apply(shell, one, onChange);
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
    fd = fds.free(10);
    shell.state.variables.set(one.fdVariable, String(fd));
  }
  const point = (at: number, file: OpenFile) => {
    shell.checkDescriptor(at);
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
      point(fd, new TextFile(toBytes(text)));
      return;
    }
    case '<<<':
      point(fd, new TextFile(toBytes(`${target}\n`)));
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
      point(fd, file);
      if (moved[2] === '-' && from !== fd) {
        onChange(from);
        fds.close(from);
      }
      return;
    }
    default:
  }
  const mode = modes[one.operator] ?? 'read';
  const file = await open(shell, target, mode, one.operator === '>', fd);
  if (one.operator === '&>' || one.operator === '&>>' || one.operator === '>&') {
    file.retain();
    point(1, file);
    point(2, file);
    file.release();
  } else point(fd, file);
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
  const { state, home } = shell;
  const { machine } = home.options;
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
