/** cd and the directory stack, type and command, alias, umask, ulimit, hash, help, history, times. */

import { FileError, may, resolvePath } from '../../linux/file-system.ts';
import { refusalText } from '../../linux/user-files.ts';
import type { ShellProcess } from '../shell-home.ts';
import { functionText } from '../language/printing.ts';
import { fill } from '../../words.ts';
import { quoteExpansion } from '../language/quoting.ts';
import { findProgram, programPaths } from '../program-search.ts';
import { mostDescriptors } from '../shell-state.ts';
import { builtinNames } from './names.ts';
import { invalidOption, readOptions, refuse, type Builtins } from './builtin.ts';

// --- Directories ---

/** Goes to a directory; null, or the words of the refusal. */
function enter(shell: ShellProcess, path: string): string | null {
  const { state, home } = shell;
  const { files } = home.options.machine;
  const target = resolvePath(state.cwd, path);
  try {
    const node = files.node(target, state.user);
    if (node.kind !== 'directory' && node.kind !== 'virtual-directory') return 'Not a directory';
    if (!may(node, state.user, 1)) return 'Permission denied';
  } catch (error) {
    if (error instanceof FileError) return refusalText(error.code);
    throw error;
  }
  const { variables } = state;
  variables.set('OLDPWD', state.cwd);
  variables.declare('OLDPWD', false).isExported = true;
  state.cwd = target;
  variables.set('PWD', target);
  return null;
}

async function cd(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'LPe@');
  if (wrong !== undefined && args[0] !== '-')
    return invalidOption(shell, 'cd', wrong, 'cd [-L|[-P [-e]] [-@]] [dir]');
  const { variables } = shell.state;
  const words = args[0] === '-' ? args : rest;
  if (words.length > 1) return refuse(shell, 'cd', 'too many arguments');
  let [target] = words;
  let shows = false;
  if (target === undefined) {
    target = variables.get('HOME');
    if (target === undefined) return refuse(shell, 'cd', 'HOME not set');
  } else if (target === '-') {
    target = variables.get('OLDPWD');
    if (target === undefined) return refuse(shell, 'cd', 'OLDPWD not set');
    shows = true;
  } else if (!/^\.{0,2}\//.test(target)) {
    for (const base of (variables.get('CDPATH') ?? '').split(':').filter(Boolean)) {
      const found = resolvePath(shell.state.cwd, `${base}/${target}`);
      if (!shell.home.options.machine.files.exists(found, shell.state.user)) continue;
      target = found;
      shows = base !== '.';
      break;
    }
  }
  if (target === '') return 0;
  if (flags.has('P')) {
    try {
      target = shell.home.options.machine.files.realPath(
        resolvePath(shell.state.cwd, target),
        shell.state.user,
      );
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
    }
  }
  const problem = enter(shell, target);
  if (problem !== null) return refuse(shell, 'cd', `${target}: ${problem}`);
  if (shows) await shell.print(`${shell.state.cwd}\n`);
  return 0;
}

async function pwd(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, wrong } = readOptions(args, 'LP');
  if (wrong !== undefined) return invalidOption(shell, 'pwd', wrong, 'pwd [-LP]');
  const { cwd, user } = shell.state;
  const { files } = shell.home.options.machine;
  await shell.print(`${flags.has('P') ? files.realPath(cwd, user) : cwd}\n`);
  return 0;
}

function tilde(shell: ShellProcess, path: string): string {
  const home = shell.state.variables.get('HOME') ?? '';
  if (home === '' || (path !== home && !path.startsWith(`${home}/`))) return path;
  return `~${path.slice(home.length)}`;
}

async function dirs(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, wrong } = readOptions(args, 'clpv');
  if (wrong !== undefined && !/^[-+]\d+$/.test(args[0] ?? ''))
    return invalidOption(shell, 'dirs', wrong, 'dirs [-clpv] [+N] [-N]');
  if (flags.has('c')) {
    shell.state.directoryStack = [];
    return 0;
  }
  const all = [shell.state.cwd, ...shell.state.directoryStack].map((path) =>
    flags.has('l') ? path : tilde(shell, path),
  );
  if (flags.has('v'))
    await shell.print(all.map((path, index) => `${String(index).padStart(2)}  ${path}\n`).join(''));
  else await shell.print(`${all.join(flags.has('p') ? '\n' : ' ')}\n`);
  return 0;
}

async function pushd(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { state } = shell;
  const [target] = args;
  const all = [state.cwd, ...state.directoryStack];
  const rotation = /^([+-])(\d+)$/.exec(target ?? '');
  if (target === undefined && state.directoryStack.length === 0)
    return refuse(shell, 'pushd', 'no other directory');
  if (target === undefined || rotation !== null) {
    const steps =
      rotation === null
        ? 1
        : rotation[1] === '+'
          ? Number(rotation[2])
          : all.length - 1 - Number(rotation[2]);
    if (steps < 0 || steps >= all.length)
      return refuse(shell, 'pushd', `${target ?? ''}: directory stack index out of range`);
    const turned =
      target === undefined
        ? [all[1] ?? '', all[0] ?? '', ...all.slice(2)]
        : [...all.slice(steps), ...all.slice(0, steps)];
    const problem = enter(shell, turned[0] ?? '');
    if (problem !== null) return refuse(shell, 'pushd', `${turned[0] ?? ''}: ${problem}`);
    state.directoryStack = turned.slice(1);
    return dirs(shell, []);
  }
  const problem = enter(shell, target);
  if (problem !== null) return refuse(shell, 'pushd', `${target}: ${problem}`);
  state.directoryStack = all;
  return dirs(shell, []);
}

async function popd(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { state } = shell;
  if (state.directoryStack.length === 0) return refuse(shell, 'popd', 'directory stack empty');
  const index = /^\+(\d+)$/.exec(args[0] ?? '');
  if (index !== null && Number(index[1]) > 0) {
    state.directoryStack = state.directoryStack.filter((_, at) => at !== Number(index[1]) - 1);
    return dirs(shell, []);
  }
  const [top = '/', ...rest] = state.directoryStack;
  const problem = enter(shell, top);
  if (problem !== null) return refuse(shell, 'popd', `${top}: ${problem}`);
  state.directoryStack = rest;
  return dirs(shell, []);
}

// --- Names ---

const keywords: ReadonlySet<string> = new Set(
  'if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc'.split(
    ' ',
  ),
);

interface Meaning {
  readonly kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file';
  readonly path?: string;
}

function meanings(shell: ShellProcess, name: string, isAll: boolean): readonly Meaning[] {
  const { state } = shell;
  const found: Meaning[] = [];
  if (state.aliases.has(name) && shell.isInteractive) found.push({ kind: 'alias' });
  if (keywords.has(name)) found.push({ kind: 'keyword' });
  if (state.functions.has(name)) found.push({ kind: 'function' });
  if (builtinNames.has(name)) found.push({ kind: 'builtin' });
  const paths = programPaths(shell, name);
  for (const path of isAll ? paths : paths.slice(0, 1)) found.push({ kind: 'file', path });
  return isAll ? found : found.slice(0, 1);
}

async function type(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'afpPt');
  if (wrong !== undefined)
    return invalidOption(shell, 'type', wrong, 'type [-afptP] name [name ...]');
  let status = 0;
  for (const name of rest) {
    let found = meanings(shell, name, flags.has('a'));
    if (flags.has('P'))
      found = meanings(shell, name, true)
        .filter((one) => one.kind === 'file')
        .slice(0, flags.has('a') ? undefined : 1);
    if (flags.has('f')) found = found.filter((one) => one.kind !== 'function');
    if (found.length === 0) {
      if (!flags.has('t') && !flags.has('p') && !flags.has('P'))
        await shell.complain(`type: ${name}: not found`);
      status = 1;
      continue;
    }
    for (const one of found) {
      if (flags.has('t')) await shell.print(`${one.kind}\n`);
      else if (flags.has('p') || flags.has('P')) {
        if (one.path !== undefined) await shell.print(`${one.path}\n`);
      } else await shell.print(meaningText(shell, name, one));
    }
  }
  return status;
}

function meaningText(shell: ShellProcess, name: string, { kind, path }: Meaning): string {
  switch (kind) {
    case 'alias':
      return `${name} is aliased to \`${shell.state.aliases.get(name) ?? ''}'\n`;
    case 'keyword':
      return `${name} is a shell keyword\n`;
    case 'function': {
      const definition = shell.state.functions.get(name);
      return `${name} is a function\n${definition === undefined ? '' : `${functionText(definition)}\n`}`;
    }
    case 'builtin':
      return `${name} is a shell builtin\n`;
    case 'file':
      return shell.state.hashed.has(name)
        ? `${name} is hashed (${path ?? ''})\n`
        : `${name} is ${path ?? ''}\n`;
  }
}

async function command(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'pvV');
  if (wrong !== undefined)
    return invalidOption(shell, 'command', wrong, 'command [-pVv] command [arg ...]');
  const [name, ...words] = rest;
  if (name === undefined) return 0;
  if (flags.has('v') || flags.has('V')) {
    let status = 1;
    for (const one of rest) {
      const [found] = meanings(shell, one, false);
      if (found === undefined) {
        if (flags.has('V')) await shell.complain(`command: ${one}: not found`);
        continue;
      }
      status = 0;
      if (flags.has('V')) await shell.print(meaningText(shell, one, found));
      else if (found.kind === 'alias')
        await shell.print(`alias ${one}=${quoteExpansion(shell.state.aliases.get(one) ?? '')}\n`);
      else await shell.print(`${found.path ?? one}\n`);
    }
    return status;
  }
  return builtinNames.has(name)
    ? shell.runBuiltin(name, words)
    : shell.program(name, words, shell.state.variables.exported());
}

async function builtin(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const [name, ...words] = args;
  if (name === undefined) return 0;
  if (!builtinNames.has(name)) return refuse(shell, 'builtin', `${name}: not a shell builtin`);
  return shell.runBuiltin(name, words);
}

async function alias(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { aliases } = shell.state;
  const words = args.filter((arg) => arg !== '-p' && arg !== '--');
  if (words.length === 0) {
    for (const [name, text] of [...aliases].sort(([one], [other]) => (one < other ? -1 : 1)))
      await shell.print(`alias ${name}=${quoteExpansion(text)}\n`);
    return 0;
  }
  let status = 0;
  for (const word of words) {
    const at = word.indexOf('=');
    if (at > 0) aliases.set(word.slice(0, at), word.slice(at + 1));
    else if (aliases.has(word))
      await shell.print(`alias ${word}=${quoteExpansion(aliases.get(word) ?? '')}\n`);
    else status = await refuse(shell, 'alias', `${word}: not found`);
  }
  return status;
}

async function unalias(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { aliases } = shell.state;
  if (args.length === 0) {
    await shell.warn('unalias: usage: unalias [-a] name [name ...]\n');
    return 2;
  }
  if (args[0] === '-a') {
    aliases.clear();
    return 0;
  }
  let status = 0;
  for (const name of args)
    if (!aliases.delete(name)) status = await refuse(shell, 'unalias', `${name}: not found`);
  return status;
}

async function hash(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { hashed } = shell.state;
  if (args[0] === '-r') {
    hashed.clear();
    return 0;
  }
  if (args.length === 0) {
    if (hashed.size === 0) await shell.print('hash: hash table empty\n');
    else {
      await shell.print('hits\tcommand\n');
      for (const [name, hits] of hashed)
        await shell.print(`${String(hits).padStart(4)}\t${programPaths(shell, name)[0] ?? name}\n`);
    }
    return 0;
  }
  let status = 0;
  for (const name of args) {
    if (findProgram(shell, name).kind === 'program') hashed.set(name, 0);
    else status = await refuse(shell, 'hash', `${name}: not found`);
  }
  return status;
}

// --- Limits ---

async function umask(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const { flags, rest, wrong } = readOptions(args, 'Sp');
  if (wrong !== undefined) return invalidOption(shell, 'umask', wrong, 'umask [-p] [-S] [mode]');
  const { state } = shell;
  const [mode] = rest;
  if (mode === undefined) {
    const octal = state.umask.toString(8).padStart(4, '0');
    const letters = (bits: number) =>
      `${(bits & 4) === 0 ? 'r' : ''}${(bits & 2) === 0 ? 'w' : ''}${(bits & 1) === 0 ? 'x' : ''}`;
    const symbols = `u=${letters(state.umask >> 6)},g=${letters(state.umask >> 3)},o=${letters(state.umask)}`;
    await shell.print(`${flags.has('p') ? 'umask ' : ''}${flags.has('S') ? symbols : octal}\n`);
    return 0;
  }
  if (/^[0-7]+$/.test(mode)) {
    state.umask = Number.parseInt(mode, 8) & 0o777;
    return 0;
  }
  if (/^\d/.test(mode)) return refuse(shell, 'umask', `${mode}: octal number out of range`);
  for (const clause of mode.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause);
    if (match === null)
      return refuse(shell, 'umask', `\`${mode[0] ?? ''}': invalid symbolic mode operator`);
    const [, who = '', sign = '=', what = ''] = match;
    const bits = Array.from(what).reduce(
      (sum, one) => sum | (one === 'r' ? 4 : one === 'w' ? 2 : 1),
      0,
    );
    for (const [letter, move] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (who !== '' && !who.includes('a') && !who.includes(letter)) continue;
      const allowed = 7 & ~(state.umask >> move);
      const next = sign === '=' ? bits : sign === '+' ? allowed | bits : allowed & ~bits;
      state.umask = (state.umask & ~(7 << move)) | ((7 & ~next) << move);
    }
  }
  return 0;
}

/** Letter, name, unit, soft and hard limit, as systemd leaves them for a login on Debian 12. */
const limitRows: readonly (readonly [string, string, string, string, string])[] = [
  ['R', 'real-time non-blocking time', '(microseconds, -R)', 'unlimited', 'unlimited'],
  ['c', 'core file size', '(blocks, -c)', '0', 'unlimited'],
  ['d', 'data seg size', '(kbytes, -d)', 'unlimited', 'unlimited'],
  ['e', 'scheduling priority', '(-e)', '0', '0'],
  ['f', 'file size', '(blocks, -f)', 'unlimited', 'unlimited'],
  ['i', 'pending signals', '(-i)', '7823', '7823'],
  ['l', 'max locked memory', '(kbytes, -l)', '255720', '255720'],
  ['m', 'max memory size', '(kbytes, -m)', 'unlimited', 'unlimited'],
  ['n', 'open files', '(-n)', '', ''],
  ['p', 'pipe size', '(512 bytes, -p)', '8', '8'],
  ['q', 'POSIX message queues', '(bytes, -q)', '819200', '819200'],
  ['r', 'real-time priority', '(-r)', '0', '0'],
  ['s', 'stack size', '(kbytes, -s)', '8192', 'unlimited'],
  ['t', 'cpu time', '(seconds, -t)', 'unlimited', 'unlimited'],
  ['u', 'max user processes', '(-u)', '7823', '7823'],
  ['v', 'virtual memory', '(kbytes, -v)', 'unlimited', 'unlimited'],
  ['x', 'file locks', '(-x)', 'unlimited', 'unlimited'],
];

/** `ulimit`: of the limits only that of open files can be changed here, and it is kept to. */
async function ulimit(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const asked: { readonly letter: string; readonly value: string | undefined }[] = [];
  const modes = new Set<string>();
  let isAll = false;
  let at = 0;
  const valueAt = (): string | undefined => {
    const next = args[at + 1];
    if (next === undefined || next.startsWith('-')) return undefined;
    at += 1;
    return next;
  };
  for (; args[at]?.startsWith('-') === true; at++) {
    const word = args[at] ?? '';
    if (word === '--') {
      at += 1;
      break;
    }
    for (const letter of word.slice(1)) {
      if (letter === 'S' || letter === 'H') modes.add(letter);
      else if (letter === 'a') isAll = true;
      else if (limitRows.some((row) => row[0] === letter)) {
        const isLast = word.endsWith(letter);
        asked.push({ letter, value: isLast ? valueAt() : undefined });
      } else
        return invalidOption(
          shell,
          'ulimit',
          `-${/^\d/.test(letter) ? word.slice(1) : letter}`,
          'ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]',
        );
    }
  }
  if (asked.length === 0 && !isAll) asked.push({ letter: 'f', value: args[at] });
  const isHard = modes.has('H') && !modes.has('S');
  const shown = asked.filter(({ value }) => value === undefined);
  const rows = isAll
    ? limitRows
    : shown.flatMap(({ letter }) => limitRows.filter((row) => row[0] === letter));
  const isTable = isAll || asked.length > 1;
  const limitOf = ([letter, , , soft, hard]: (typeof limitRows)[number]) => {
    if (letter !== 'n') return isHard ? hard : soft;
    return String(isHard ? shell.state.hardDescriptorLimit : shell.state.descriptorLimit);
  };
  let status = 0;
  for (const { letter, value } of asked)
    if (value !== undefined) status = (await setLimit(shell, letter, value, modes)) || status;
  for (const row of rows)
    await shell.print(
      isTable
        ? `${row[1].padEnd(20)} ${`${row[2]} `.padStart(20)}${limitOf(row)}\n`
        : `${limitOf(row)}\n`,
    );
  return status;
}

async function setLimit(
  shell: ShellProcess,
  letter: string,
  value: string,
  modes: ReadonlySet<string>,
): Promise<number> {
  const { state } = shell;
  const [, name = ''] = limitRows.find((row) => row[0] === letter) ?? [];
  const isWord = value === 'unlimited' || value === 'hard' || value === 'soft';
  if (!isWord && !/^\d+$/.test(value)) return refuse(shell, 'ulimit', `${value}: invalid number`);
  if (letter !== 'n') {
    const { words } = shell.home.options;
    await shell.warn(
      `${fill(words.unsupportedOption, { tool: 'ulimit', option: `-${letter} ${value}` })}\n`,
    );
    return 1;
  }
  const refused = (why: string) => refuse(shell, 'ulimit', `${name}: cannot modify limit: ${why}`);
  const number =
    value === 'soft'
      ? state.descriptorLimit
      : value === 'hard'
        ? state.hardDescriptorLimit
        : value === 'unlimited'
          ? Number.POSITIVE_INFINITY
          : Number(value);
  const isBoth = modes.size === 0;
  const soft = isBoth || modes.has('S') ? number : state.descriptorLimit;
  const hard = isBoth || modes.has('H') ? number : state.hardDescriptorLimit;
  // setrlimit(2): what makes no sense, then what only root may do, and fs.nr_open for all.
  if (soft > hard) return refused('Invalid argument');
  if (hard > mostDescriptors || (hard > state.hardDescriptorLimit && state.user.uid !== 0))
    return refused('Operation not permitted');
  state.descriptorLimit = soft;
  state.hardDescriptorLimit = hard;
  return 0;
}

// --- History and help ---

async function history(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const lines = shell.home.history;
  const [first, second] = args;
  if (first === '-c') {
    lines.length = 0;
    return 0;
  }
  if (first === '-d') {
    const position = Number(second);
    const at = position < 0 ? lines.length + position : position - 1;
    if (second === undefined) return refuse(shell, 'history', '-d: option requires an argument', 2);
    if (!Number.isInteger(position) || at < 0 || at >= lines.length)
      return refuse(shell, 'history', `${second}: history position out of range`);
    lines.splice(at, 1);
    return 0;
  }
  if (first === '-s') {
    lines.pop();
    lines.push(args.slice(1).join(' '));
    return 0;
  }
  if (first === '-p') {
    await shell.print(
      args
        .slice(1)
        .map((word) => `${word}\n`)
        .join(''),
    );
    return 0;
  }
  if (first !== undefined && /^-[anrw]$/.test(first)) return 0;
  if (first?.startsWith('-') === true)
    return invalidOption(
      shell,
      'history',
      first,
      'history [-c] [-d offset] [n] or history -anrw [filename] or history -ps arg [arg...]',
    );
  if (first !== undefined && !/^\d+$/.test(first))
    return refuse(shell, 'history', `${first}: numeric argument required`);
  const count = first === undefined ? lines.length : Number(first);
  const from = Math.max(0, lines.length - count);
  await shell.print(
    lines
      .slice(from)
      .map((line, index) => `${String(from + index + 1).padStart(5)}  ${line}\n`)
      .join(''),
  );
  return 0;
}

async function fc(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const lines = shell.home.history;
  const { flags, rest, wrong } = readOptions(
    args.filter((arg) => !/^-\d+$/.test(arg)),
    'lnrs',
    'e',
  );
  if (wrong !== undefined)
    return invalidOption(
      shell,
      'fc',
      wrong,
      'fc [-e ename] [-lnr] [first] [last] or fc -s [pat=rep] [command]',
    );
  if (flags.has('l')) {
    const [first, last] = rest.map(Number);
    const from = first ?? Math.max(1, lines.length - 16);
    const to = last ?? Math.max(1, lines.length - 1);
    for (let at = from; at <= to; at++)
      await shell.print(`${flags.has('n') ? '' : at}\t ${lines[at - 1] ?? ''}\n`);
    return 0;
  }
  if (flags.has('s')) {
    const change = rest.find((word) => word.includes('='));
    const start = rest.find((word) => !word.includes('='));
    const found = lines
      .slice(0, -1)
      .findLast((line) => start === undefined || line.startsWith(start));
    if (found === undefined) return refuse(shell, 'fc', 'no command found');
    const at = change?.indexOf('=') ?? -1;
    const line =
      change === undefined ? found : found.replace(change.slice(0, at), change.slice(at + 1));
    await shell.warn(`${line}\n`);
    return shell.runText(line);
  }
  return refuse(
    shell,
    'fc',
    fill(shell.home.options.words.unsupportedOption, { tool: 'fc', option: '-e' }),
  );
}

async function help(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const [name] = args;
  if (name !== undefined && !name.startsWith('-')) {
    const page = await shell.home.options.manual(name);
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
  const programs = shell.home
    .commandNames()
    .filter((one) => !builtinNames.has(one) && findProgram(shell, one).kind === 'program');
  await shell.print(
    `GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\n\n${columns([...builtinNames].sort())}\n${columns(programs)}`,
  );
  return 0;
}

async function times(shell: ShellProcess): Promise<number> {
  await shell.print('0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n');
  return 0;
}

async function caller(shell: ShellProcess): Promise<number> {
  const { callStack, line } = shell.state;
  if (callStack.length === 0) return 1;
  await shell.print(`${line} ${callStack.at(-2) ?? 'main'} ${shell.state.name}\n`);
  return 0;
}

async function enable(shell: ShellProcess): Promise<number> {
  for (const name of [...builtinNames].sort()) await shell.print(`enable ${name}\n`);
  return 0;
}

async function compgen(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const options = readOptions(args, 'abcdefgjksuv', 'AWo');
  if (options.wrong !== undefined)
    return invalidOption(
      shell,
      'compgen',
      options.wrong,
      'compgen [-abcdefgjksuv] [-o option] [-A action] [-W wordlist] [word]',
    );
  const word = options.rest[0] ?? '';
  const { flags, values } = options;
  const names = [
    ...(flags.has('b') || flags.has('c') ? builtinNames : []),
    ...(flags.has('c') ? shell.home.commandNames() : []),
    ...(flags.has('v') ? shell.state.variables.names() : []),
    ...(flags.has('a') || flags.has('c') ? shell.state.aliases.keys() : []),
    ...(flags.has('k') || flags.has('c') ? keywords : []),
    ...(values.get('W') ?? '').split(/\s+/).filter(Boolean),
    ...(flags.has('f') || flags.has('d') ? shell.glob(`${word}*`) : []),
    ...(values.get('A') === 'function' ? shell.state.functions.keys() : []),
  ].filter((name) => name.startsWith(word));
  await shell.print(names.map((name) => `${name}\n`).join(''));
  return names.length > 0 ? 0 : 1;
}

export const surroundingsBuiltins: Builtins = {
  cd,
  pwd,
  dirs,
  pushd,
  popd,
  type,
  command,
  builtin,
  alias,
  unalias,
  hash,
  umask,
  ulimit,
  history,
  fc,
  help,
  times,
  caller,
  enable,
  compgen,
  complete: () => Promise.resolve(0),
  compopt: () => Promise.resolve(0),
  bind: () => Promise.resolve(0),
};
