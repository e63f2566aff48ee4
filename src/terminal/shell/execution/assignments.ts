/** `name=value`, `name+=value`, `name[…]=value` and `name=(…)`. */

import { quoteListed } from '../language/quoting.ts';
import { arrayWords, type ArrayWord } from '../just-bash/declarations.ts';
import type { Assignment } from '../just-bash/syntax.ts';
import type { ShellProcess } from '../shell-process.ts';
import type { ScriptRunner } from './script-runner.ts';

/** Does one assignment. @throws VariableProblem, ArithmeticError */
export async function assign(shell: ScriptRunner, one: Assignment): Promise<void> {
  const { variables } = shell.state;
  const element = /^([A-Za-z_]\w*)\[([\s\S]*)\]$/.exec(one.name);
  const name = element?.[1] ?? one.name;
  if (one.array !== null) {
    await shell.assignArray(name, arrayWords(one.array), one.append);
    return;
  }
  let value = one.value === null ? '' : await shell.expansion.text(one.value);
  const found = variables.find(name);
  const subscript =
    element === null ? undefined : await shell.expansion.values.subscript(name, element[2] ?? '');
  if (found?.isInteger === true) {
    const before =
      subscript === undefined ? variables.get(name) : variables.element(name, subscript);
    const text = one.append ? `${before ?? '0'}+(${value})` : value;
    value = String(shell.expansion.values.evaluate(text));
  } else if (one.append) {
    const before =
      subscript === undefined ? variables.get(name) : variables.element(name, subscript);
    value = (before ?? '') + value;
  }
  shell.context.budget.checkLength(value.length);
  variables.set(name, value, subscript);
  if (shell.state.options.has('allexport')) variables.declare(name, false).isExported = true;
  if (shell.state.options.has('xtrace'))
    await shell.warn(`${variables.get('PS4') ?? '+ '}${one.name}=${quoteListed(value)}\n`);
}

/** `name=(…)`: words in order, `[subscript]=value` where it says so. */
export async function assignArray(
  shell: ShellProcess,
  name: string,
  words: readonly ArrayWord[],
  isAppending: boolean,
): Promise<void> {
  const { variables } = shell.state;
  const found = variables.find(name);
  const isAssociative = found?.kind === 'associative';
  const values: (readonly [string | null, string])[] = [];
  for (const word of words) {
    if (word.subscript === null) {
      for (const field of await shell.expansion.fields([word.value])) values.push([null, field]);
      continue;
    }
    const key = isAssociative
      ? await shell.expansion.text(word.subscript)
      : String(await shell.expansion.values.arithmetic(await shell.expansion.text(word.subscript)));
    const value = await shell.expansion.text(word.value);
    values.push([key, word.isAppending ? (variables.element(name, key) ?? '') + value : value]);
  }
  if (!isAppending) variables.setArray(name, []);
  else if (found === undefined || found.kind === 'scalar')
    variables.makeArray(variables.declare(variables.target(name), false), 'indexed');
  if (isAssociative && values.every(([key]) => key === null)) {
    for (let at = 0; at < values.length; at += 2)
      variables.set(name, values[at + 1]?.[1] ?? '', values[at]?.[1] ?? '');
    return;
  }
  let next = isAppending ? variables.nextSubscript(name) : 0;
  for (const [key, value] of values) {
    const at = key ?? String(next);
    const kept = found?.isInteger === true ? String(shell.expansion.values.evaluate(value)) : value;
    variables.set(name, kept, at);
    if (!isAssociative) next = Number(at) + 1;
  }
}

/** The value that an assignment of a plain variable gives it. */
export async function assignedText(shell: ScriptRunner, one: Assignment): Promise<string> {
  const value = one.value === null ? '' : await shell.expansion.text(one.value);
  return one.append ? (shell.state.variables.get(one.name) ?? '') + value : value;
}

/** What a program inherits, with the assignments before its name. */
export async function environment(
  shell: ScriptRunner,
  assignments: readonly Assignment[],
): Promise<Readonly<Record<string, string>>> {
  const env = shell.state.variables.exported();
  for (const one of assignments) env[one.name] = await assignedText(shell, one);
  return env;
}
