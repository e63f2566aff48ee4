/** Runs a program that has been found: a command of the machine, a tool of the library, or a builtin's twin. */

import { builtins } from '../builtins/index.ts';
import type { Interpreter } from '../execution/interpreter.ts';
import { loaderRefusal } from '../loader.ts';
import type { ProgramCall } from '../shell-process.ts';
import { prepareDescriptorFiles } from './descriptor-files.ts';
import { runTool } from './library-tools.ts';
import { runCommand } from './machine-commands.ts';

/** Runs a program that has been found. */
export async function runProgram(shell: Interpreter, call: ProgramCall): Promise<number> {
  const { session } = shell;
  if (session.pageYield.isDue) await session.pageYield.ifDue();
  if (!shell.hasDescriptors(1)) {
    await shell.warn(loaderRefusal(call.name));
    return 127;
  }
  const command = session.commandOf(call.name);
  const isWhole = command?.reads === 'all' && shell.fds.get(0)?.isTerminal !== true;
  const input = isWhole ? await shell.readAll(0) : null;
  const prepared = await prepareDescriptorFiles(shell, call.args, input);
  try {
    if (command !== undefined) return await runCommand(shell, command, call, input);
    if (session.tools.has(call.name)) return await runTool(shell, call);
    return await runBuiltinProgram(shell, call);
  } finally {
    await prepared();
  }
}

/** /usr/bin/printf and its kind do what the builtins of those names do. */
async function runBuiltinProgram(shell: Interpreter, call: ProgramCall): Promise<number> {
  const child = shell.fork();
  child.state.name = call.name;
  try {
    return await child.runToEnd(() => child.runBuiltin(call.name, call.args));
  } finally {
    child.fds.closeAll();
  }
}

/** Names of programs that do what a builtin does. */
export const builtinPrograms: ReadonlySet<string> = new Set(
  ['[', 'echo', 'false', 'printf', 'pwd', 'test', 'true'].filter((name) => builtins.has(name)),
);
