/** history and fc: the lines typed before. */

import { fill } from '../../words.ts';
import type { ShellProcess } from '../shell-process.ts';
import { invalidOption, readOptions, refuse, type Builtins } from './builtin.ts';

async function history(shell: ShellProcess, args: readonly string[]): Promise<number> {
  const lines = shell.session.history;
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
  const lines = shell.session.history;
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
    fill(shell.session.options.words.unsupportedOption, { tool: 'fc', option: '-e' }),
  );
}

export const historyBuiltins: Builtins = {
  history,
  fc,
};
