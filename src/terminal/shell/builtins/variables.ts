/** declare, typeset, local, export, readonly, unset, read, mapfile, getopts, shift, set, shopt. */

import { fromBytes } from '../../linux/file-system.ts';
import type { ShellProcess } from '../shell-home.ts';
import { functionText } from '../language/printing.ts';
import { quoteDeclared, quoteListed } from '../language/quoting.ts';
import type { Variable } from '../language/variables.ts';
import { defaultShopts } from '../shell-state.ts';
import { invalidOption, readOptions, refuse, type Builtin, type Builtins } from './builtin.ts';

const isName = (text: string) => /^[A-Za-z_]\w*$/.test(text);

/** A variable as `declare -p` prints it; undefined where there is none. */
function declaredText(shell: ShellProcess, name: string): string | undefined {
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
          await shell.expansion.assign(`${variableName}${subscript}`, text);
        else {
          const before = sign === '+=' ? (variable.value ?? '') : '';
          const value =
            variable.isInteger === true
              ? String(
                  shell.expansion.evaluate(sign === '+=' ? `${before || '0'}+(${text})` : text),
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
      else variables.unset(name, await shell.expansion.subscript(name, raw));
    } else if (!isName(word) && flags.has('v')) {
      status = await refuse(shell, 'unset', `\`${word}': not a valid identifier`);
    } else if (variables.own(word) !== undefined) variables.unset(word);
    else if (!flags.has('v')) functions.delete(word);
  }
  return status;
}

/** Reads up to a delimiter, a piece at a time, and leaves the rest to the next reader. */
async function readUpTo(
  shell: ShellProcess,
  fd: number,
  delimiter: string,
  most: number,
): Promise<{ text: string; isWhole: boolean }> {
  const file = shell.fds.get(fd);
  if (file === undefined) return { text: '', isWhole: false };
  let bytes = '';
  for (;;) {
    const piece = await file.read(4096, shell.signal);
    if (piece === null) return { text: fromBytes(bytes), isWhole: false };
    bytes += piece;
    const end = bytes.indexOf(delimiter);
    if (end !== -1 && end < most) {
      file.unread(bytes.slice(end + 1));
      return { text: fromBytes(bytes.slice(0, end)), isWhole: true };
    }
    if (bytes.length >= most) {
      file.unread(bytes.slice(most));
      return { text: fromBytes(bytes.slice(0, most)), isWhole: true };
    }
  }
}

async function read(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const options = readOptions(args, 'ersR', 'adinNptu');
  if (options.wrong !== undefined)
    return invalidOption(
      shell,
      'read',
      options.wrong,
      'read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]',
    );
  if (options.bare !== undefined)
    return refuse(shell, 'read', `${options.bare}: option requires an argument`, 2);
  const { flags, values, rest: names } = options;
  for (const name of names) {
    if (!/^[A-Za-z_]\w*(?:\[[\s\S]+\])?$/.test(name))
      return refuse(shell, 'read', `\`${name}': not a valid identifier`);
  }
  const fd = Number(values.get('u') ?? 0);
  const file = shell.fds.get(fd);
  if (file === undefined)
    return refuse(shell, 'read', `${fd}: invalid file descriptor: Bad file descriptor`);
  const prompt = values.get('p');
  if (values.has('t') && Number(values.get('t')) === 0) return file.isTerminal ? 1 : 0;
  const isRaw = flags.has('r');
  const exact = values.get('N');
  const most = Number(exact ?? values.get('n') ?? Number.POSITIVE_INFINITY);
  const delimiterText = values.get('d');
  const delimiter =
    exact !== undefined
      ? '\uffff'
      : delimiterText === undefined
        ? '\n'
        : (delimiterText[0] ?? '\0');
  if (prompt !== undefined && file.isTerminal) {
    // The prompt goes where the line is typed, so the terminal asks for it in one go.
    const line = await shell.home.options.terminal.readLine(prompt, shell.signal);
    if (line === null) return store(shell, names, values.get('a'), '', isRaw, 1);
    return store(shell, names, values.get('a'), line.slice(0, most), isRaw, 0);
  }
  const limit = values.get('t');
  const timer = new AbortController();
  const signal = AbortSignal.any([shell.signal, timer.signal]);
  const wait = { isLate: false };
  const waits =
    limit === undefined
      ? null
      : shell.surroundings.pace.pass(Number(limit) * 1000, signal).then(() => {
          wait.isLate = !timer.signal.aborted;
          timer.abort();
        });
  let text = '';
  let isWhole: boolean;
  for (;;) {
    const part = await readUpTo(withSignal(shell, signal), fd, delimiter, most);
    isWhole = part.isWhole;
    text += part.text;
    // A backslash at the end of a line takes the next one in.
    if (!isRaw && isWhole && exact === undefined && /(?:^|[^\\])(?:\\\\)*\\$/.test(text)) {
      text = text.slice(0, -1);
      continue;
    }
    break;
  }
  timer.abort();
  await waits;
  if (wait.isLate && !isWhole) {
    await store(shell, names, values.get('a'), text, isRaw, 0);
    return 142;
  }
  if (exact !== undefined) {
    await shell.expansion.assign(names[0] ?? 'REPLY', text);
    return text.length === most ? 0 : 1;
  }
  return store(shell, names, values.get('a'), text, isRaw, isWhole ? 0 : 1);
}

/** The same shell, its reads ended by another signal too. */
function withSignal(shell: ShellProcess, signal: AbortSignal): ShellProcess {
  return Object.create(shell, { signal: { value: signal } }) as ShellProcess;
}

async function store(
  shell: ShellProcess,
  names: readonly string[],
  array: string | undefined,
  text: string,
  isRaw: boolean,
  status: number,
): Promise<number> {
  if (array === undefined && names.length === 0) {
    shell.state.variables.set('REPLY', isRaw ? text : text.replaceAll(/\\([\s\S])/g, '$1'));
    return status;
  }
  const ifs = shell.state.variables.get('IFS') ?? ' \t\n';
  if (array !== undefined) {
    shell.state.variables.setArray(array, splitLine(text, ifs, isRaw, Number.POSITIVE_INFINITY));
    return status;
  }
  const fields = splitLine(text, ifs, isRaw, names.length);
  for (const [index, name] of names.entries())
    await shell.expansion.assign(name, fields[index] ?? '');
  return status;
}

/** Splits a line into so many fields; the last takes the rest. */
function splitLine(line: string, ifs: string, isRaw: boolean, most: number): string[] {
  const characters: { readonly text: string; readonly isQuoted: boolean }[] = [];
  for (let at = 0; at < line.length; at++) {
    if (!isRaw && line[at] === '\\' && at + 1 < line.length) {
      at += 1;
      characters.push({ text: line[at] ?? '', isQuoted: true });
    } else characters.push({ text: line[at] ?? '', isQuoted: false });
  }
  const isSeparator = (index: number) => {
    const one = characters[index];
    return one !== undefined && !one.isQuoted && ifs.includes(one.text);
  };
  const isSpace = (index: number) =>
    isSeparator(index) && /[ \t\n]/.test(characters[index]?.text ?? '');
  const fields: string[] = [];
  let at = 0;
  while (isSpace(at)) at += 1;
  let end = characters.length;
  while (end > at && isSpace(end - 1)) end -= 1;
  while (at < end) {
    if (fields.length === most - 1) {
      let stop = end;
      const rest = characters.slice(at, end);
      // One separator at the very end belongs to no field, where it is the only one left.
      const separators = rest.filter((_, index) => isSeparator(at + index) && !isSpace(at + index));
      if (separators.length === 1 && isSeparator(end - 1) && !isSpace(end - 1)) {
        stop -= 1;
        while (stop > at && isSpace(stop - 1)) stop -= 1;
      }
      fields.push(
        characters
          .slice(at, stop)
          .map((one) => one.text)
          .join(''),
      );
      return fields;
    }
    let stop = at;
    while (stop < end && !isSeparator(stop)) stop += 1;
    fields.push(
      characters
        .slice(at, stop)
        .map((one) => one.text)
        .join(''),
    );
    at = stop;
    while (at < end && isSpace(at)) at += 1;
    if (at < end && isSeparator(at) && !isSpace(at)) {
      at += 1;
      while (at < end && isSpace(at)) at += 1;
    }
  }
  return fields;
}

async function mapfile(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const options = readOptions(args, 't', 'dnOsuCc');
  if (options.wrong !== undefined)
    return invalidOption(
      shell,
      'mapfile',
      options.wrong,
      'mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [-C callback] [-c quantum] [array]',
    );
  const { flags, values, rest } = options;
  const name = rest[0] ?? 'MAPFILE';
  const delimiter = values.has('d') ? ((values.get('d') ?? '')[0] ?? '\0') : '\n';
  const most = Number(values.get('n') ?? 0);
  let skipped = Number(values.get('s') ?? 0);
  const lines: string[] = [];
  for (;;) {
    const { text, isWhole } = await readUpTo(
      shell,
      Number(values.get('u') ?? 0),
      delimiter,
      Number.POSITIVE_INFINITY,
    );
    if (!isWhole && text === '') break;
    if (skipped > 0) skipped -= 1;
    else lines.push(`${text}${flags.has('t') || !isWhole ? '' : delimiter}`);
    if (!isWhole || (most > 0 && lines.length >= most)) break;
  }
  const origin = values.get('O');
  if (origin === undefined) shell.state.variables.setArray(name, lines);
  else
    for (const [index, line] of lines.entries())
      shell.state.variables.set(name, line, String(Number(origin) + index));
  return 0;
}

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
  // Where in a group such as -abc the next letter stands is kept beside OPTIND.
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

export const variableBuiltins: Builtins = {
  declare: declareBuiltin('declare'),
  typeset: declareBuiltin('typeset'),
  local: declareBuiltin('local'),
  export: declareBuiltin('export'),
  readonly: declareBuiltin('readonly'),
  unset,
  read,
  mapfile,
  readarray: mapfile,
  getopts,
  shift,
  set,
  shopt,
};
