/** declare, typeset, local, export, readonly, unset. */

import type { ShellProcess } from '../shell-process.ts';
import { functionText } from '../language/printing.ts';
import { quoteDeclared, quoteListed } from '../language/quoting.ts';
import type { Variable } from '../language/variables.ts';
import { invalidOption, readOptions, refuse, type Builtin, type Builtins } from './builtin.ts';

const isName = (text: string) => /^[A-Za-z_]\w*$/.test(text);

/** A variable as `declare -p` prints it; undefined where there is none. */
export function declaredText(shell: ShellProcess, name: string): string | undefined {
  const { variables } = shell.state;
  const found = variables.own(name);
  if (found === undefined) return undefined;
  const flags =
    [
      found.kind === 'indexed' ? 'a' : '',
      found.kind === 'associative' ? 'A' : '',
      found.isInteger === true ? 'i' : '',
      found.letterCase === 'lower' ? 'l' : '',
      found.isReference === true ? 'n' : '',
      found.isReadonly === true ? 'r' : '',
      found.letterCase === 'upper' ? 'u' : '',
      found.isExported === true ? 'x' : '',
    ].join('') || '-';
  if (found.kind === 'scalar')
    return `declare -${flags} ${name}${found.value === undefined ? '' : `=${quoteDeclared(found.value)}`}`;
  const items = variables.subscripts(name).map((key) => {
    const value = quoteDeclared(found.elements?.get(key) ?? '');
    const shown = found.kind === 'indexed' ? key : /^[\w.-]+$/.test(key) ? key : quoteDeclared(key);
    return `[${shown}]=${value}`;
  });
  return `declare -${flags} ${name}=(${items.join(' ')}${found.kind === 'associative' && items.length > 0 ? ' ' : ''})`;
}

function declareBuiltin(name: 'declare' | 'typeset' | 'local' | 'export' | 'readonly'): Builtin {
  return async (shell, args) => {
    const { variables, functions } = shell.state;
    if (name === 'local' && !variables.isInFunction)
      return refuse(shell, 'local', 'can only be used in a function');
    const on = new Set<string>();
    const off = new Set<string>();
    let at = 0;
    for (; at < args.length && /^[-+]./.test(args[at] ?? ''); at++) {
      const arg = args[at] ?? '';
      if (arg === '--') {
        at += 1;
        break;
      }
      for (const letter of arg.slice(1)) {
        if (!'aAfFgiIlnprtux'.includes(letter))
          return invalidOption(
            shell,
            name,
            `${arg[0] ?? '-'}${letter}`,
            name === 'export'
              ? 'export [-fn] [name[=value] ...] or export -p'
              : name === 'readonly'
                ? 'readonly [-aAf] [name[=value] ...] or readonly -p'
                : name === 'local'
                  ? 'local [option] name[=value] ...'
                  : `${name} [-aAfFgiIlnrtux] [name[=value] ...] or ${name} -p [-aAfFilnrtux] [name ...]`,
          );
        (arg.startsWith('-') ? on : off).add(letter);
      }
    }
    const words = args.slice(at);
    if (on.has('f') || on.has('F')) return printFunctions(shell, name, words, on.has('F'));
    if (words.length === 0) {
      const wanted = (variable: Variable) =>
        (name !== 'export' || variable.isExported === true) &&
        (name !== 'readonly' || variable.isReadonly === true) &&
        (!on.has('x') || variable.isExported === true) &&
        (!on.has('r') || variable.isReadonly === true) &&
        (!on.has('i') || variable.isInteger === true) &&
        (!on.has('a') || variable.kind === 'indexed') &&
        (!on.has('A') || variable.kind === 'associative') &&
        (!on.has('n') || variable.isReference === true);
      const isPlain = name !== 'export' && name !== 'readonly' && on.size === 0;
      for (const one of variables.names()) {
        const variable = variables.own(one);
        if (variable === undefined || !wanted(variable)) continue;
        const text = declaredText(shell, one) ?? '';
        await shell.print(
          `${isPlain && variable.kind === 'scalar' ? `${one}=${quoteListed(variable.value ?? '')}` : text}\n`,
        );
      }
      return 0;
    }
    let status = 0;
    for (const word of words) {
      if (on.has('p')) {
        const text = declaredText(shell, word);
        if (text === undefined) status = await refuse(shell, name, `${word}: not found`);
        else await shell.print(`${text}\n`);
        continue;
      }
      const match = /^([A-Za-z_]\w*)(\[[\s\S]*?\])?(?:(\+?=)([\s\S]*))?$/.exec(word);
      if (match === null) {
        status = await refuse(shell, name, `\`${word.replace('\0', '')}': not a valid identifier`);
        continue;
      }
      const [, variableName = '', subscript, sign, text = ''] = match;
      const isLocal =
        (name === 'local' ||
          ((name === 'declare' || name === 'typeset') && variables.isInFunction)) &&
        !on.has('g');
      if (name === 'export' && on.has('n')) {
        const found = variables.own(variableName);
        if (found !== undefined) found.isExported = false;
        if (sign !== undefined) variables.set(variableName, text);
        continue;
      }
      const target =
        on.has('n') || off.has('n')
          ? variableName
          : isLocal
            ? variableName
            : variables.target(variableName);
      const variable = on.has('g')
        ? variables.declareGlobal(target)
        : variables.declare(target.replace(/\[.*$/, ''), isLocal);
      if (variable.isReadonly === true && sign !== undefined) {
        status = await refuse(shell, name, `${variableName}: readonly variable`);
        continue;
      }
      if (on.has('A')) {
        if (variable.kind === 'indexed')
          status = await refuse(
            shell,
            name,
            `${variableName}: cannot convert indexed to associative array`,
          );
        else variables.makeArray(variable, 'associative');
      } else if (on.has('a') && variable.kind === 'scalar')
        variables.makeArray(variable, 'indexed');
      if (on.has('i')) variable.isInteger = true;
      if (off.has('i')) variable.isInteger = false;
      if (on.has('l')) variable.letterCase = 'lower';
      if (on.has('u')) variable.letterCase = 'upper';
      if (off.has('l') || off.has('u')) variable.letterCase = undefined;
      if (on.has('n')) {
        variable.isReference = true;
        if (sign !== undefined) variable.value = text;
        continue;
      }
      if (off.has('n')) variable.isReference = false;
      if (sign !== undefined) {
        const list = text === '\0' ? shell.pendingArrays.get(variableName) : undefined;
        if (list !== undefined) {
          shell.pendingArrays.delete(variableName);
          await shell.assignArray(variableName, list, sign === '+=');
        } else if (subscript !== undefined)
          await shell.expansion.values.assign(`${variableName}${subscript}`, text);
        else {
          const before = sign === '+=' ? (variable.value ?? '') : '';
          const value =
            variable.isInteger === true
              ? String(
                  shell.expansion.values.evaluate(
                    sign === '+=' ? `${before || '0'}+(${text})` : text,
                  ),
                )
              : before + text;
          variables.set(variableName, value);
        }
      }
      if (on.has('x') || name === 'export') variable.isExported = true;
      if (off.has('x')) variable.isExported = false;
      if (on.has('r') || name === 'readonly') variable.isReadonly = true;
    }
    return status;

    async function printFunctions(
      owner: ShellProcess,
      builtin: string,
      names: readonly string[],
      isNames: boolean,
    ): Promise<number> {
      let result = 0;
      const wanted = names.length === 0 ? [...functions.keys()].sort() : names;
      if (builtin === 'export') return 0;
      for (const one of wanted) {
        const definition = functions.get(one);
        if (definition === undefined) result = 1;
        else if (isNames) await owner.print(`${names.length === 0 ? 'declare -f ' : ''}${one}\n`);
        else await owner.print(`${functionText(definition)}\n`);
      }
      return result;
    }
  };
}

async function unset(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'fvn');
  if (wrong !== undefined)
    return invalidOption(shell, 'unset', wrong, 'unset [-f] [-v] [-n] [name ...]');
  const { variables, functions } = shell.state;
  let status = 0;
  for (const word of rest) {
    const element = /^([A-Za-z_]\w*)\[([\s\S]*)\]$/.exec(word);
    if (flags.has('f')) functions.delete(word);
    else if (flags.has('n')) variables.unsetReference(word);
    else if (element !== null) {
      const [, name = '', raw = ''] = element;
      if (raw === '@' || raw === '*') variables.unset(name);
      else variables.unset(name, await shell.expansion.values.subscript(name, raw));
    } else if (!isName(word) && flags.has('v')) {
      status = await refuse(shell, 'unset', `\`${word}': not a valid identifier`);
    } else if (variables.own(word) !== undefined) variables.unset(word);
    else if (!flags.has('v')) functions.delete(word);
  }
  return status;
}

export const variableBuiltins: Builtins = {
  declare: declareBuiltin('declare'),
  typeset: declareBuiltin('typeset'),
  local: declareBuiltin('local'),
  export: declareBuiltin('export'),
  readonly: declareBuiltin('readonly'),
  unset,
};
