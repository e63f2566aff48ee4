/** Calls what a name stands for: a function, a builtin, a program, a file of commands. */

import { fromBytes } from '../../linux/file-system.ts';
import { builtins, specialBuiltins } from '../builtins/index.ts';
import { ArithmeticError } from '../language/arithmetic.ts';
import { Exiting, Returning } from '../language/problems.ts';
import { VariableProblem } from '../language/variables.ts';
import type { Assignment, FunctionDef, Redirection } from '../just-bash/syntax.ts';
import { findProgram } from '../program-search.ts';
import { FileRefusal } from '../streams/open-file.ts';
import { environment } from './assignments.ts';
import { runCompound } from './compound-commands.ts';
import { redirect, RedirectionProblem, withRedirections } from './redirecting.ts';
import type { ScriptRunner } from './script-runner.ts';

/** Calls a function with arguments of its own. @throws LimitReached where calls are too deep */
export async function callFunction(
  shell: ScriptRunner,
  definition: FunctionDef,
  args: readonly string[],
): Promise<void> {
  shell.context.budget.checkDepth(shell.state.callStack.length);
  // The stack begins again here: only the shell's own limit holds, never the engine's.
  await Promise.resolve();
  const { state } = shell;
  const { positional, callStack } = state;
  const { loopDepth } = shell;
  shell.loopDepth = 0;
  state.positional = args;
  state.callStack = [...callStack, definition.name];
  state.variables.enterFunction();
  try {
    await withRedirections(shell, definition.redirections, () =>
      withRedirections(shell, definition.body.redirections, () =>
        runCompound(shell, definition.body),
      ),
    );
  } catch (error) {
    if (!(error instanceof Returning)) throw error;
    state.status = error.status;
  } finally {
    shell.loopDepth = loopDepth;
    state.variables.leaveFunction();
    state.positional = positional;
    state.callStack = callStack;
  }
}

/** Runs a builtin; 127 where there is none of that name. */
export async function runBuiltin(
  shell: ScriptRunner,
  name: string,
  args: readonly string[],
): Promise<number> {
  const builtin = builtins.get(name);
  if (builtin === undefined) return 127;
  try {
    return await builtin(shell, args);
  } catch (error) {
    if (error instanceof FileRefusal) {
      await shell.complain(`${name}: write error: ${error.message}`);
      return 1;
    }
    if (error instanceof VariableProblem) {
      await shell.complain(`${name}: ${error.message}`);
      if (specialBuiltins.has(name) && !shell.isInteractive && shell.state.options.has('posix'))
        throw new Exiting(1);
      return 1;
    }
    if (error instanceof ArithmeticError) {
      await shell.complain(`${name}: ${error.message}`);
      return 1;
    }
    throw error;
  }
}

/** `exec`: redirections that stay; with a command, the shell ends in it. */
export async function runExec(
  shell: ScriptRunner,
  args: readonly string[],
  redirections: readonly Redirection[],
  assignments: readonly Assignment[],
): Promise<void> {
  try {
    await redirect(shell, redirections, () => undefined);
  } catch (error) {
    if (!(error instanceof RedirectionProblem)) throw error;
    await shell.complain(error.message);
    shell.state.status = 1;
    if (!shell.isInteractive && shell.state.options.has('posix')) throw new Exiting(1);
    return;
  }
  const words =
    args[0] === '-a' ? args.slice(2) : args.filter((arg, at) => at > 0 || !/^-[cl]+$/.test(arg));
  const [name, ...rest] = words;
  if (name === undefined) {
    shell.state.status = 0;
    return;
  }
  const found = findProgram(shell, name);
  if (found.kind !== 'program' && found.kind !== 'script') {
    await shell.complain(`exec: ${name}: ${found.kind === 'refused' ? found.reason : 'not found'}`);
    shell.state.status = found.kind === 'refused' ? 126 : 127;
    if (!shell.isInteractive) throw new Exiting(shell.state.status);
    return;
  }
  throw new Exiting(await shell.program(name, rest, await environment(shell, assignments)));
}

/** Finds a program and runs it; bash's words where there is none. */
export async function callProgram(
  shell: ScriptRunner,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const found = findProgram(shell, name);
  switch (found.kind) {
    case 'program':
      return shell.session.runProgram(shell, { name: found.name, args, env });
    case 'script':
      return runScriptFile(shell, found.path, name, args, env);
    case 'refused':
      await shell.complain(`${name}: ${found.reason}`);
      return 126;
    case 'absent': {
      const handler = shell.state.functions.get('command_not_found_handle');
      if (handler !== undefined) {
        await callFunction(shell, handler, [name, ...args]);
        return shell.state.status;
      }
      await shell.complain(`${name}: ${found.reason}`);
      if (found.reason === 'command not found')
        await noticeAbsence(shell, name, found.isKnownElsewhere);
      return 127;
    }
  }
}

/**
 * Beside bash's own words: where to see what this machine has.
 * @param isProgram whether other machines have a program of that name; else it may be mistyped
 */
export function noticeAbsence(shell: ScriptRunner, name: string, isProgram = true): Promise<void> {
  if (shell.fds.get(2)?.isTerminal === true)
    shell.session.options.terminal.notice(
      isProgram ? shell.session.notOnThisMachine(name) : shell.session.noSuchProgram(name),
    );
  return Promise.resolve();
}

/** A file of commands, in a shell of its own. */
async function runScriptFile(
  shell: ScriptRunner,
  path: string,
  name: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<number> {
  const { machine } = shell.session.options;
  const text = fromBytes(machine.files.read(path, shell.state.user));
  const shebang = /^#!\s*(\S+)(?:[ \t]+(\S.*?))?[ \t]*\n/.exec(text);
  const interpreter = shebang?.[1] ?? '/bin/bash';
  const words =
    interpreter === '/usr/bin/env' ? (shebang?.[2]?.split(/\s+/) ?? ['bash']) : [interpreter];
  const program = words[0]?.replace(/^.*\//, '') ?? 'bash';
  const option =
    interpreter === '/usr/bin/env'
      ? words.slice(1)
      : shebang?.[2] === undefined
        ? []
        : [shebang[2]];
  if (findProgram(shell, words[0] ?? '').kind !== 'program') {
    await shell.complain(`${name}: cannot execute: required file not found`);
    return 126;
  }
  return shell.session.runProgram(shell, {
    name: program,
    args: [...option, name.includes('/') ? name : path, ...args],
    env,
  });
}
