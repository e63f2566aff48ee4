/** exit, return, break, continue, eval, `.`, test, trap, and the like. */

import { FileError, fromBytes, resolvePath } from '../../linux/file-system.ts';
import { refusalText } from '../../linux/user-files.ts';
import { signalName, signalNumber } from '../../commands/signals.ts';
import type { ShellProcess } from '../shell-process.ts';
import { test, TestProblem } from '../language/conditions.ts';
import { Exiting, LoopJump, Returning } from '../language/problems.ts';
import { quoteExpansion } from '../language/quoting.ts';
import { findProgram } from '../program-search.ts';
import { readOptions, refuse, type Builtins } from './builtin.ts';

async function exit(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const [text] = args;
  if (text === undefined) throw new Exiting(shell.state.status);
  if (!/^[-+]?\d+$/.test(text)) {
    await shell.complain(`exit: ${text}: numeric argument required`);
    throw new Exiting(2);
  }
  if (args.length > 1) return refuse(shell, 'exit', 'too many arguments');
  throw new Exiting(Number(text) & 255);
}

async function returnBuiltin(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const [text] = args;
  if (!shell.isReturnable)
    return refuse(shell, 'return', "can only `return' from a function or sourced script", 2);
  if (text === undefined) throw new Returning(shell.state.status);
  if (!/^[-+]?\d+$/.test(text)) {
    await shell.complain(`return: ${text}: numeric argument required`);
    throw new Returning(2);
  }
  throw new Returning(Number(text) & 255);
}

function jump(kind: 'break' | 'continue') {
  return async (shell: ShellProcess, args: readonly string[]): Promise<number> => {
    if (shell.loopDepth === 0) {
      await shell.complain(`${kind}: only meaningful in a \`for', \`while', or \`until' loop`);
      return 0;
    }
    const [text = '1'] = args;
    if (!/^\d+$/.test(text)) {
      await shell.complain(`${kind}: ${text}: numeric argument required`);
      throw new LoopJump('break', shell.loopDepth);
    }
    if (Number(text) < 1) return refuse(shell, kind, `${text}: loop count out of range`);
    throw new LoopJump(kind, Math.min(Number(text), shell.loopDepth));
  };
}

async function evalBuiltin(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const words = args[0] === '--' ? args.slice(1) : args;
  const text = words.join(' ');
  if (text.trim() === '') return 0;
  return shell.runText(text, 'eval: ');
}

async function source(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const [name, ...rest] = args[0] === '--' ? args.slice(1) : args;
  if (name === undefined) {
    await shell.complain('.: filename argument required');
    await shell.warn('.: usage: . filename [arguments]\n');
    return 2;
  }
  const { state, session } = shell;
  const { files } = session.options.machine;
  let path = resolvePath(state.cwd, name);
  if (!name.includes('/')) {
    const found = findProgram(shell, name);
    if (found.kind === 'script') path = found.path;
  }
  let text: string;
  try {
    const fd = /^\/dev\/(?:fd\/(\d+)|(stdin))$/.exec(name);
    text =
      fd === null
        ? fromBytes(files.read(path, state.user))
        : fromBytes(await shell.readAll(fd[2] === undefined ? Number(fd[1]) : 0));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.code === 'EISDIR') return refuse(shell, '.', `${name}: is a directory`);
    await shell.complain(`${name}: ${refusalText(error.code)}`);
    return 1;
  }
  const { positional } = state;
  if (rest.length > 0) state.positional = rest;
  shell.sourceDepth += 1;
  try {
    return await shell.runText(text);
  } catch (error) {
    if (!(error instanceof Returning)) throw error;
    return error.status;
  } finally {
    shell.sourceDepth -= 1;
    state.positional = positional;
  }
}

function testBuiltin(name: 'test' | '[') {
  return async (shell: ShellProcess, args: readonly string[]): Promise<number> => {
    let words = args;
    if (name === '[') {
      if (args.at(-1) !== ']') return refuse(shell, '[', "missing `]'", 2);
      words = args.slice(0, -1);
    }
    try {
      return test(words, shell.conditionContext) ? 0 : 1;
    } catch (error) {
      if (!(error instanceof TestProblem)) throw error;
      return refuse(shell, name, error.message, 2);
    }
  };
}

async function trap(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args[0] === '-' ? [] : args, 'lp');
  if (wrong !== undefined) {
    await shell.complain(`trap: ${wrong}: invalid option`);
    await shell.warn('trap: usage: trap [-lp] [[arg] signal_spec ...]\n');
    return 2;
  }
  const { traps } = shell.state;
  const words = args[0] === '-' ? args : rest;
  if (words.length === 0 || flags.has('p')) {
    const wanted = words.map((word) => trapName(word));
    for (const [name, action] of [...traps].sort(([one], [other]) => rank(one) - rank(other))) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const shown = ['EXIT', 'ERR', 'DEBUG', 'RETURN'].includes(name) ? name : `SIG${name}`;
      await shell.print(`trap -- ${quoteExpansion(action)} ${shown}\n`);
    }
    return 0;
  }
  const isReset = words.length === 1 || words[0] === '-';
  const names = words.length === 1 ? words : words.slice(1);
  let status = 0;
  for (const word of names) {
    const name = trapName(word);
    if (name === undefined) {
      status = await refuse(shell, 'trap', `${word}: invalid signal specification`);
      continue;
    }
    if (isReset) traps.delete(name);
    else traps.set(name, words[0] ?? '');
  }
  return status;
}

function rank(name: string): number {
  return name === 'EXIT' ? 0 : (signalNumber(name) ?? 100);
}

function trapName(word: string): string | undefined {
  const upper = word.toUpperCase();
  if (['EXIT', 'ERR', 'DEBUG', 'RETURN'].includes(upper)) return upper;
  const number = signalNumber(word);
  return number === undefined ? undefined : signalName(number);
}

export const flowBuiltins: Builtins = {
  ':': () => Promise.resolve(0),
  true: () => Promise.resolve(0),
  false: () => Promise.resolve(1),
  exit,
  logout: exit,
  return: returnBuiltin,
  break: jump('break'),
  continue: jump('continue'),
  eval: evalBuiltin,
  '.': source,
  source,
  test: testBuiltin('test'),
  '[': testBuiltin('['),
  trap,
};
