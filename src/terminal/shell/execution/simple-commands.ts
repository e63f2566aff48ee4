/** Simple commands: the words, then an alias, a function, a builtin or a program of that name. */

import { builtins } from '../builtins/index.ts';
import { quoteListed } from '../language/quoting.ts';
import { declarationWords } from '../just-bash/declarations.ts';
import type { Assignment, SimpleCommand, Statement, Word } from '../just-bash/syntax.ts';
import { assign, assignedText, environment } from './assignments.ts';
import { callFunction, runExec } from './calling.ts';
import { withRedirections } from './redirecting.ts';
import type { ScriptRunner } from './script-runner.ts';

/** Runs a simple command; its status is left in the shell's state. */
export async function runSimple(shell: ScriptRunner, command: SimpleCommand): Promise<void> {
  shell.substitutionStatus = null;
  const nameWord = command.name;
  const words = nameWord === null ? [] : await commandWords(shell, nameWord, command.args);
  const [name, ...args] = words;
  if (name === undefined) {
    await withRedirections(shell, command.redirections, async () => {
      for (const one of command.assignments) await assign(shell, one);
    });
    shell.state.status = statusOfSubstitutions(shell);
    return;
  }
  const alias = aliasOf(shell, nameWord, name);
  if (alias !== undefined) {
    await runAlias(shell, alias, command);
    return;
  }
  await traceWords(shell, command.assignments, words);
  shell.state.lastArgument = words[words.length - 1] ?? '';
  const definition = shell.state.functions.get(name);
  if (definition !== undefined) {
    await withRedirections(shell, command.redirections, () =>
      withTemporary(shell, command.assignments, () => callFunction(shell, definition, args)),
    );
    return;
  }
  if (name === 'exec' || (name === 'command' && args[0] === 'exec')) {
    await runExec(
      shell,
      name === 'exec' ? args : args.slice(1),
      command.redirections,
      command.assignments,
    );
    return;
  }
  const builtin = builtins.get(name);
  if (builtin !== undefined) {
    // Their words are expanded without the assignments (manual, "Simple Command Expansion").
    await withRedirections(shell, command.redirections, () =>
      withTemporary(shell, command.assignments, async () => {
        shell.state.status = await shell.runBuiltin(name, args);
      }),
    );
    return;
  }
  const env = await environment(shell, command.assignments);
  await withRedirections(shell, command.redirections, async () => {
    shell.state.status = await shell.program(name, args, env);
  });
}

/** The status of a line that only assigns: that of its last `$(…)`. */
function statusOfSubstitutions(shell: ScriptRunner): number {
  return shell.substitutionStatus ?? 0;
}

/** A command's words; after `declare` and its kind an assignment is one word, never split. */
async function commandWords(
  shell: ScriptRunner,
  name: Word,
  args: readonly Word[],
): Promise<string[]> {
  const [first, ...rest] = await shell.expansion.fields([name]);
  if (first === undefined) return shell.expansion.fields(args);
  const declares = ['declare', 'typeset', 'local', 'export', 'readonly'];
  if (!declares.includes(first)) return [first, ...rest, ...(await shell.expansion.fields(args))];
  const words = [first, ...rest];
  for (const arg of args) {
    const declared = declarationWords(arg);
    if (declared === null)
      for (const field of await shell.expansion.fields([arg])) words.push(field);
    else if (declared.array === null)
      words.push(`${declared.head}${await shell.expansion.text(declared.value)}`);
    else {
      // The builtin gets a mark in place of the list; the list waits for it here.
      shell.pendingArrays.set(declared.name, declared.array);
      words.push(`${declared.head}\0`);
    }
  }
  return words;
}

function aliasOf(shell: ScriptRunner, word: Word | null, name: string): string | undefined {
  const isOn = shell.isInteractive || shell.state.shopts.has('expand_aliases');
  if (!isOn || word === null || shell.runningAliases.has(name)) return undefined;
  const [part, ...more] = word.parts;
  if (part?.type !== 'Literal' || more.length > 0) return undefined;
  return shell.state.aliases.get(name);
}

async function runAlias(shell: ScriptRunner, text: string, command: SimpleCommand): Promise<void> {
  const name = command.name?.parts[0];
  const key = name?.type === 'Literal' ? name.value : '';
  const { statements } = await shell.session.reader.read(text);
  const last = statements.at(-1)?.pipelines.at(-1)?.commands.at(-1);
  if (last?.type !== 'SimpleCommand') {
    await shell.run(statements);
    return;
  }
  const extended: SimpleCommand = {
    ...last,
    args: [...last.args, ...command.args],
    assignments: [...command.assignments, ...last.assignments],
    redirections: [...last.redirections, ...command.redirections],
  };
  const lastStatement = statements.at(-1);
  const lastPipeline = lastStatement?.pipelines.at(-1);
  if (lastStatement === undefined || lastPipeline === undefined) return;
  const rebuilt: Statement = {
    ...lastStatement,
    pipelines: [
      ...lastStatement.pipelines.slice(0, -1),
      { ...lastPipeline, commands: [...lastPipeline.commands.slice(0, -1), extended] },
    ],
  };
  shell.runningAliases.add(key);
  try {
    await shell.run([...statements.slice(0, -1), rebuilt]);
  } finally {
    shell.runningAliases.delete(key);
  }
}

/** `set -x` */
async function traceWords(
  shell: ScriptRunner,
  assignments: readonly Assignment[],
  words: readonly string[],
): Promise<void> {
  if (!shell.state.options.has('xtrace')) return;
  const prefix = shell.state.variables.get('PS4') ?? '+ ';
  const before: string[] = [];
  for (const one of assignments)
    before.push(`${one.name}=${quoteListed(await assignedText(shell, one))}`);
  const shown = words.map((word) => (word === '' ? "''" : quoteListed(word)));
  await shell.warn(
    `${before.map((one) => `${prefix}${one}\n`).join('')}${prefix}${shown.join(' ')}\n`,
  );
}

/** `NAME=value` before a builtin or a function: for that one only. */
async function withTemporary(
  shell: ScriptRunner,
  assignments: readonly Assignment[],
  work: () => Promise<void>,
): Promise<void> {
  if (assignments.length === 0) {
    await work();
    return;
  }
  const values = new Map<string, string>();
  for (const one of assignments) values.set(one.name, await assignedText(shell, one));
  shell.state.variables.enterTemporary(values);
  try {
    await work();
  } finally {
    shell.state.variables.leaveTemporary();
  }
}
