/** The shell library's own tools, put right on the way in and out, and given the keyboard. */

import {
  defineCommand,
  getCommandNames,
  type CustomCommand,
  type ResolvedCommandContext,
} from 'just-bash/browser';
import { failed, type TerminalAccess } from '../commands/command.ts';
import type { UserFiles } from '../linux/user-files.ts';
import { bundledStdin, repairMessages, spreadArguments } from './bundled.ts';
import type { CommandHome } from './command-home.ts';
import { ttyFlag } from './line-transform.ts';
import { quote } from './shell-level.ts';

/** @param own names that our commands have taken */
export function bundledCommands(
  home: CommandHome,
  files: UserFiles,
  own: ReadonlySet<string>,
): CustomCommand[] {
  const bundled = getCommandNames()
    .filter((name) => !own.has(name) && !hidden.has(name))
    .map((name) => defineCommand(name, (args, context) => run(home, name, args, context, files)));
  const absent = [...hidden].map((name) =>
    defineCommand(name, () => Promise.resolve(notFound(name))),
  );
  return [...bundled, ...absent];
}

/** The names of the library's tools that a Linux machine has too. */
export function bundledNames(): readonly string[] {
  return getCommandNames().filter((name) => !hidden.has(name));
}

async function run(
  home: CommandHome,
  name: string,
  args: string[],
  context: ResolvedCommandContext,
  files: UserFiles,
) {
  await home.breath.take();
  const readsKeyboard = bundledStdin.get(name)?.(args) ?? false;
  if (
    readsKeyboard &&
    (Number(context.env.get(ttyFlag) ?? '0') & 4) !== 0 &&
    context.exec !== undefined
  ) {
    const stdin = await readAll(home.options.terminal, context.signal);
    return context.exec([name, ...args].map(quote).join(' '), {
      cwd: context.cwd,
      env: { [ttyFlag]: '0' },
      stdin,
      ...(context.signal !== undefined && { signal: context.signal }),
    });
  }
  files.refused.clear();
  const result = (await context.origCommand?.(spreadArguments(name, args))) ?? notFound(name);
  return { ...result, stderr: repairMessages(result.stderr, files.refused, context.cwd) };
}

function notFound(name: string) {
  return failed(`bash: ${name}: command not found`, 127);
}

/** Everything that is typed until Ctrl+D. */
async function readAll(terminal: TerminalAccess, signal: AbortSignal | undefined): Promise<string> {
  const stop = signal ?? new AbortController().signal;
  let text = '';
  for (;;) {
    const line = await terminal.readLine('', stop);
    if (line === null) return text;
    text += `${line}\n`;
  }
}

/** Commands of the library that a Linux machine does not have by these names. */
const hidden = new Set([
  'html-to-markdown',
  'js-exec',
  'sqlite3',
  'xan',
  'rg',
  'node',
  'python',
  'jq',
  'yq',
  'gzip',
  'gunzip',
  'zcat',
  'tar',
  'help',
]);
