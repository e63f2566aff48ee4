/** How bash finds the program that a word names: by its path, or in the directories of PATH. */

import { FileError, may, resolvePath } from '../linux/file-system.ts';
import { programsNotHere } from './programs-not-here.ts';
import type { ShellProcess } from './shell-process.ts';

export type FoundProgram =
  | { readonly kind: 'program'; readonly name: string; readonly path: string }
  | { readonly kind: 'script'; readonly path: string }
  /** It is there and may not be run. */
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'absent'; readonly reason: string; readonly isKnownElsewhere: boolean };

/** What the machine's own programs begin with. */
const programMark = '\u007fELF';

export function findProgram(shell: ShellProcess, name: string): FoundProgram {
  const { state } = shell;
  if (name.includes('/')) return at(shell, name, resolvePath(state.cwd, name), true);
  if (name === '') return absent(name);
  let refused: FoundProgram | null = null;
  for (const directory of (state.variables.get('PATH') ?? '/bin:/usr/bin').split(':')) {
    const path = resolvePath(state.cwd, `${directory === '' ? '.' : directory}/${name}`);
    const found = at(shell, name, path, false);
    if (found.kind === 'program' || found.kind === 'script') return found;
    if (found.kind === 'refused') refused ??= found;
  }
  return refused ?? absent(name);
}

/** Every path of PATH at which a program lies, as `type -a` lists them. */
export function programPaths(shell: ShellProcess, name: string): readonly string[] {
  const { state } = shell;
  if (name.includes('/'))
    return at(shell, name, resolvePath(state.cwd, name), true).kind === 'absent' ? [] : [name];
  return (state.variables.get('PATH') ?? '').split(':').flatMap((directory) => {
    const path = `${directory === '' ? '.' : directory}/${name}`;
    const { kind } = at(shell, name, resolvePath(state.cwd, path), false);
    return kind === 'program' || kind === 'script' ? [path] : [];
  });
}

function absent(name: string): FoundProgram {
  return {
    kind: 'absent',
    reason: 'command not found',
    isKnownElsewhere: programsNotHere.has(name),
  };
}

function at(shell: ShellProcess, name: string, typed: string, isTyped: boolean): FoundProgram {
  const { state, session } = shell;
  const { files } = session.options.machine;
  // The machine keeps all its programs in one directory; the others are the same by another name.
  const inSystem = /^(?:\/usr)?\/s?bin\/([^/]+)$/.exec(typed)?.[1];
  const usual = inSystem === undefined || !isTyped ? typed : `/usr/bin/${inSystem}`;
  const path = files.exists(typed, state.user) ? typed : usual;
  try {
    if (!files.exists(path, state.user)) {
      // Tells "there is none" from "it may not be looked for".
      if (isTyped) files.node(path, state.user);
      return absent(name);
    }
    const node = files.node(path, state.user);
    if (node.kind !== 'file') {
      const isDirectory = node.kind === 'directory' || node.kind === 'virtual-directory';
      return isTyped
        ? { kind: 'refused', reason: isDirectory ? 'Is a directory' : 'Permission denied' }
        : absent(name);
    }
    if (!may(node, state.user, 1) || (state.user.uid === 0 && (node.mode & 0o111) === 0))
      return isTyped || node.bytes.startsWith(programMark)
        ? { kind: 'refused', reason: 'Permission denied' }
        : absent(name);
    if (!node.bytes.startsWith(programMark)) return { kind: 'script', path };
    const base = files.realPath(path, state.user).replace(/^.*\//, '');
    const known = [path.replace(/^.*\//, ''), base].find((one) => session.hasProgram(one));
    if (known === undefined)
      return { kind: 'absent', reason: 'command not found', isKnownElsewhere: true };
    return { kind: 'program', name: known, path };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (!isTyped) return absent(name);
    if (error.code === 'EACCES') return { kind: 'refused', reason: 'Permission denied' };
    return {
      kind: 'absent',
      reason: error.code === 'ENOTDIR' ? 'Not a directory' : 'No such file or directory',
      isKnownElsewhere: false,
    };
  }
}
