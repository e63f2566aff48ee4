/** cd, pwd and the directory stack. */

import { FileError, may, resolvePath } from '../../linux/file-system.ts';
import { refusalText } from '../../linux/user-files.ts';
import type { ShellProcess } from '../shell-process.ts';
import { invalidOption, readOptions, refuse, type Builtins } from './builtin.ts';

/** Goes to a directory; null, or the words of the refusal. */
function enter(shell: ShellProcess, path: string): string | null {
  const { state, session } = shell;
  const { files } = session.options.machine;
  const target = resolvePath(state.cwd, path);
  try {
    const node = files.node(target, state.user);
    if (node.kind !== 'directory' && node.kind !== 'virtual-directory') return 'Not a directory';
    if (!may(node, state.user, 1)) return 'Permission denied';
  } catch (error) {
    if (error instanceof FileError) return refusalText(error.code);
    throw error;
  }
  const { variables } = state;
  variables.set('OLDPWD', state.cwd);
  variables.declare('OLDPWD', false).isExported = true;
  state.cwd = target;
  variables.set('PWD', target);
  return null;
}

async function cd(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'LPe@');
  if (wrong !== undefined && args[0] !== '-')
    return invalidOption(shell, 'cd', wrong, 'cd [-L|[-P [-e]] [-@]] [dir]');
  const { variables } = shell.state;
  const words = args[0] === '-' ? args : rest;
  if (words.length > 1) return refuse(shell, 'cd', 'too many arguments');
  let [target] = words;
  let shows = false;
  if (target === undefined) {
    target = variables.get('HOME');
    if (target === undefined) return refuse(shell, 'cd', 'HOME not set');
  } else if (target === '-') {
    target = variables.get('OLDPWD');
    if (target === undefined) return refuse(shell, 'cd', 'OLDPWD not set');
    shows = true;
  } else if (!/^\.{0,2}\//.test(target)) {
    for (const base of (variables.get('CDPATH') ?? '').split(':').filter(Boolean)) {
      const found = resolvePath(shell.state.cwd, `${base}/${target}`);
      if (!shell.session.options.machine.files.exists(found, shell.state.user)) continue;
      target = found;
      shows = base !== '.';
      break;
    }
  }
  if (target === '') return 0;
  if (flags.has('P')) {
    try {
      target = shell.session.options.machine.files.realPath(
        resolvePath(shell.state.cwd, target),
        shell.state.user,
      );
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  const problem = enter(shell, target);
  if (problem !== null) return refuse(shell, 'cd', `${target}: ${problem}`);
  if (shows) await shell.print(`${shell.state.cwd}\n`);
  return 0;
}

async function pwd(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, wrong } = readOptions(args, 'LP');
  if (wrong !== undefined) return invalidOption(shell, 'pwd', wrong, 'pwd [-LP]');
  const { cwd, user } = shell.state;
  const { files } = shell.session.options.machine;
  await shell.print(`${flags.has('P') ? files.realPath(cwd, user) : cwd}\n`);
  return 0;
}

function tilde(shell: ShellProcess, path: string): string {
  const home = shell.state.variables.get('HOME') ?? '';
  if (home === '' || (path !== home && !path.startsWith(`${home}/`))) return path;
  return `~${path.slice(home.length)}`;
}

async function dirs(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, wrong } = readOptions(args, 'clpv');
  if (wrong !== undefined && !/^[-+]\d+$/.test(args[0] ?? ''))
    return invalidOption(shell, 'dirs', wrong, 'dirs [-clpv] [+N] [-N]');
  if (flags.has('c')) {
    shell.state.directoryStack = [];
    return 0;
  }
  const all = [shell.state.cwd, ...shell.state.directoryStack].map((path) =>
    flags.has('l') ? path : tilde(shell, path),
  );
  if (flags.has('v'))
    await shell.print(all.map((path, index) => `${String(index).padStart(2)}  ${path}\n`).join(''));
  else await shell.print(`${all.join(flags.has('p') ? '\n' : ' ')}\n`);
  return 0;
}

async function pushd(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { state } = shell;
  const [target] = args;
  const all = [state.cwd, ...state.directoryStack];
  const rotation = /^([+-])(\d+)$/.exec(target ?? '');
  if (target === undefined && state.directoryStack.length === 0)
    return refuse(shell, 'pushd', 'no other directory');
  if (target === undefined || rotation !== null) {
    const steps =
      rotation === null
        ? 1
        : rotation[1] === '+'
          ? Number(rotation[2])
          : all.length - 1 - Number(rotation[2]);
    if (steps < 0 || steps >= all.length)
      return refuse(shell, 'pushd', `${target ?? ''}: directory stack index out of range`);
    const turned =
      target === undefined
        ? [all[1] ?? '', all[0] ?? '', ...all.slice(2)]
        : [...all.slice(steps), ...all.slice(0, steps)];
    const problem = enter(shell, turned[0] ?? '');
    if (problem !== null) return refuse(shell, 'pushd', `${turned[0] ?? ''}: ${problem}`);
    state.directoryStack = turned.slice(1);
    return dirs(shell, []);
  }
  const problem = enter(shell, target);
  if (problem !== null) return refuse(shell, 'pushd', `${target}: ${problem}`);
  state.directoryStack = all;
  return dirs(shell, []);
}

async function popd(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { state } = shell;
  if (state.directoryStack.length === 0) return refuse(shell, 'popd', 'directory stack empty');
  const index = /^\+(\d+)$/.exec(args[0] ?? '');
  if (index !== null && Number(index[1]) > 0) {
    state.directoryStack = state.directoryStack.filter((_, at) => at !== Number(index[1]) - 1);
    return dirs(shell, []);
  }
  const [top = '/', ...rest] = state.directoryStack;
  const problem = enter(shell, top);
  if (problem !== null) return refuse(shell, 'popd', `${top}: ${problem}`);
  state.directoryStack = rest;
  return dirs(shell, []);
}

export const directoryBuiltins: Builtins = {
  cd,
  pwd,
  dirs,
  pushd,
  popd,
};
