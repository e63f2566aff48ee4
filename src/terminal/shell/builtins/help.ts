/** help, and caller. */

import { findProgram } from '../program-search.ts';
import type { ShellProcess } from '../shell-process.ts';
import type { Builtins } from './builtin.ts';
import { builtinNames } from './names.ts';

async function help(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const [name] = args;
  if (name !== undefined && !name.startsWith('-')) {
    const page = await shell.session.options.manual(name);
    if (page === undefined) {
      await shell.complain(
        `help: no help topics match \`${name}'.  Try \`help help' or \`man -k ${name}' or \`info ${name}'.`,
      );
      return 1;
    }
    await shell.print(page.endsWith('\n') ? page : `${page}\n`);
    return 0;
  }
  const columns = (names: readonly string[]) => {
    const width = Math.max(...names.map((one) => one.length)) + 2;
    const perLine = Math.max(1, Math.floor(78 / width));
    let text = '';
    for (let at = 0; at < names.length; at += perLine)
      text += `${names
        .slice(at, at + perLine)
        .map((one) => one.padEnd(width))
        .join('')
        .trimEnd()}\n`;
    return text;
  };
  const programs = shell.session
    .commandNames()
    .filter((one) => !builtinNames.has(one) && findProgram(shell, one).kind === 'program');
  await shell.print(
    `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\n\n${columns([...builtinNames].sort())}\n${columns(programs)}`,
  );
  return 0;
}

async function caller(shell: ShellProcess): Promise<number> {
  const { callStack, line } = shell.state;
  if (callStack.length === 0) return 1;
  await shell.print(`${line} ${callStack.at(-2) ?? 'main'} ${shell.state.name}\n`);
  return 0;
}

export const helpBuiltins: Builtins = {
  help,
  caller,
};
