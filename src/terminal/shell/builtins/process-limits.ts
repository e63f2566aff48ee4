/** umask and ulimit: what a process and its children may do; and times. */

import { fill } from '../../words.ts';
import type { ShellProcess } from '../shell-process.ts';
import { mostDescriptors } from '../shell-state.ts';
import { invalidOption, readOptions, refuse, type Builtins } from './builtin.ts';

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
    const { words } = shell.session.options;
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

async function times(shell: ShellProcess): Promise<number> {
  await shell.print('0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n');
  return 0;
}

export const processLimitBuiltins: Builtins = {
  umask,
  ulimit,
  times,
};
