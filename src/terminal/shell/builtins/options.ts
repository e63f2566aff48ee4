/** set, shopt: how the shell behaves. */

import type { ShellProcess } from '../shell-process.ts';
import { functionText } from '../language/printing.ts';
import { quoteListed } from '../language/quoting.ts';
import { defaultShopts } from '../shell-state.ts';
import { invalidOption, readOptions, refuse, type Builtins } from './builtin.ts';
import { declaredText } from './variables.ts';

/** `set -o` names by their letters. */
const optionLetters: Readonly<Record<string, string>> = {
  a: 'allexport',
  b: 'notify',
  B: 'braceexpand',
  C: 'noclobber',
  e: 'errexit',
  E: 'errtrace',
  f: 'noglob',
  h: 'hashall',
  H: 'histexpand',
  k: 'keyword',
  m: 'monitor',
  n: 'noexec',
  p: 'privileged',
  P: 'physical',
  t: 'onecmd',
  T: 'functrace',
  u: 'nounset',
  v: 'verbose',
  x: 'xtrace',
};

const optionNames: readonly string[] = [
  ...Object.values(optionLetters),
  'emacs',
  'history',
  'ignoreeof',
  'interactive-comments',
  'nolog',
  'pipefail',
  'posix',
  'vi',
].sort();

async function set(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { state } = shell;
  if (args.length === 0) {
    for (const name of state.variables.names()) {
      const found = state.variables.own(name);
      if (found === undefined) continue;
      if (found.kind === 'scalar') {
        if (found.value !== undefined) await shell.print(`${name}=${quoteListed(found.value)}\n`);
      } else
        await shell.print(`${(declaredText(shell, name) ?? '').replace(/^declare -\S+ /, '')}\n`);
    }
    for (const name of [...state.functions.keys()].sort()) {
      const definition = state.functions.get(name);
      if (definition !== undefined) await shell.print(`${functionText(definition)}\n`);
    }
    return 0;
  }
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      state.positional = args.slice(at + 1);
      return 0;
    }
    if (arg === '-') {
      state.options.delete('xtrace');
      state.options.delete('verbose');
      if (at + 1 < args.length) state.positional = args.slice(at + 1);
      return 0;
    }
    if (!/^[-+]./.test(arg)) {
      state.positional = args.slice(at);
      return 0;
    }
    const isOn = arg.startsWith('-');
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        const name = args[at + 1];
        if (name === undefined || /^[-+]/.test(name)) {
          for (const one of optionNames) {
            const value = state.options.has(one);
            await shell.print(
              isOn
                ? `${one.padEnd(15)}\t${value ? 'on' : 'off'}\n`
                : `set ${value ? '-' : '+'}o ${one}\n`,
            );
          }
          continue;
        }
        at += 1;
        if (!optionNames.includes(name))
          return refuse(shell, 'set', `${name}: invalid option name`, 2);
        turn(state.options, name, isOn);
        continue;
      }
      const name = optionLetters[letter];
      if (name === undefined)
        return invalidOption(
          shell,
          'set',
          `${arg[0] ?? '-'}${letter}`,
          'set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]',
        );
      turn(state.options, name, isOn);
    }
  }
  return 0;
}

function turn(options: Set<string>, name: string, isOn: boolean): void {
  if (isOn) options.add(name);
  else options.delete(name);
}

const shoptNames: readonly string[] = [
  ...new Set([
    ...defaultShopts,
    'autocd',
    'cdable_vars',
    'cdspell',
    'checkhash',
    'checkjobs',
    'direxpand',
    'dirspell',
    'dotglob',
    'execfail',
    'expand_aliases',
    'extdebug',
    'extglob',
    'failglob',
    'globstar',
    'gnu_errfmt',
    'histappend',
    'histreedit',
    'histverify',
    'huponexit',
    'inherit_errexit',
    'lastpipe',
    'lithist',
    'localvar_inherit',
    'localvar_unset',
    'login_shell',
    'mailwarn',
    'no_empty_cmd_completion',
    'nocaseglob',
    'nocasematch',
    'noexpand_translation',
    'nullglob',
    'progcomp_alias',
    'restricted_shell',
    'shift_verbose',
    'varredir_close',
    'xpg_echo',
  ]),
].sort();

async function shopt(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'suqpo');
  if (wrong !== undefined)
    return invalidOption(shell, 'shopt', wrong, 'shopt [-pqsu] [-o] [optname ...]');
  const known = flags.has('o') ? optionNames : shoptNames;
  const values = flags.has('o') ? shell.state.options : shell.state.shopts;
  const show = (name: string) =>
    flags.has('p')
      ? flags.has('o')
        ? `set ${values.has(name) ? '-' : '+'}o ${name}\n`
        : `shopt ${values.has(name) ? '-s' : '-u'} ${name}\n`
      : `${name.padEnd(15)}\t${values.has(name) ? 'on' : 'off'}\n`;
  if (rest.length === 0) {
    for (const name of known) {
      if (flags.has('s') && !values.has(name)) continue;
      if (flags.has('u') && values.has(name)) continue;
      if (!flags.has('q')) await shell.print(show(name));
    }
    return 0;
  }
  let status = 0;
  for (const name of rest) {
    if (!known.includes(name)) {
      status = await refuse(shell, 'shopt', `${name}: invalid shell option name`);
      continue;
    }
    if (flags.has('s') || flags.has('u')) turn(values, name, flags.has('s'));
    else {
      if (!flags.has('q')) await shell.print(show(name));
      if (!values.has(name)) status = 1;
    }
  }
  return status;
}

export const optionBuiltins: Builtins = { set, shopt };
