/** getopts, shift: the arguments of a script or function, one after another. */

import type { ShellProcess } from '../shell-process.ts';
import { refuse, type Builtins } from './builtin.ts';

async function getopts(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const [letters, name, ...given] = args;
  if (letters === undefined || name === undefined) {
    await shell.warn('getopts: usage: getopts optstring name [arg ...]\n');
    return 2;
  }
  const { variables } = shell.state;
  const words = given.length > 0 ? given : shell.state.positional;
  const isQuiet = letters.startsWith(':');
  let index = Number(variables.get('OPTIND') ?? '1');
  // Where in a group such as -abc the next letter is, kept with OPTIND.
  const kept = variables.get('__OPTPOS');
  let position =
    kept?.startsWith(`${index}:`) === true ? Number(kept.slice(kept.indexOf(':') + 1)) : 1;
  const word = words[index - 1];
  const end = () => {
    variables.set('OPTIND', String(index));
    variables.set(name, '?');
    variables.unset('OPTARG');
    return 1;
  };
  if (word === undefined || !/^-./.test(word)) return end();
  if (word === '--') {
    index += 1;
    return end();
  }
  const letter = word[position] ?? '';
  const at = letters.indexOf(letter, isQuiet ? 1 : 0);
  position += 1;
  let isLast = position >= word.length;
  let result = letter;
  if (at === -1 || letter === ':') {
    result = '?';
    if (isQuiet) variables.set('OPTARG', letter);
    else {
      variables.unset('OPTARG');
      if (variables.get('OPTERR') !== '0')
        await shell.warn(`${shell.state.name}: illegal option -- ${letter}\n`);
    }
  } else if (letters[at + 1] === ':') {
    if (!isLast) variables.set('OPTARG', word.slice(position));
    else {
      index += 1;
      const value = words[index - 1];
      if (value === undefined) {
        result = isQuiet ? ':' : '?';
        if (isQuiet) variables.set('OPTARG', letter);
        else {
          variables.unset('OPTARG');
          await shell.warn(`${shell.state.name}: option requires an argument -- ${letter}\n`);
        }
        index -= 1;
      } else variables.set('OPTARG', value);
    }
    isLast = true;
  } else variables.unset('OPTARG');
  if (isLast) {
    index += 1;
    variables.unset('__OPTPOS');
  } else variables.set('__OPTPOS', `${index}:${position}`);
  variables.set('OPTIND', String(index));
  variables.set(name, result);
  return 0;
}

async function shift(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const [text = '1'] = args;
  if (!/^-?\d+$/.test(text)) return refuse(shell, 'shift', `${text}: numeric argument required`);
  const count = Number(text);
  if (count < 0) return refuse(shell, 'shift', `${text}: shift count out of range`);
  if (count > shell.state.positional.length) return 1;
  shell.state.positional = shell.state.positional.slice(count);
  return 0;
}

export const argumentBuiltins: Builtins = { getopts, shift };
