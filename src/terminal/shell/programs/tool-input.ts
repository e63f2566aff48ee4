/** Which of the library's tools read standard input, and which can be fed line by line. Pure. */

import type { ProgramCall } from '../shell-process.ts';

/** Tools that read standard input, and when. */
const inputReaders: Readonly<Record<string, (operands: readonly string[]) => boolean>> = {
  grep: (operands) => operands.length <= 1 || operands.includes('-'),
  egrep: (operands) => operands.length <= 1 || operands.includes('-'),
  fgrep: (operands) => operands.length <= 1 || operands.includes('-'),
  sed: () => true,
  awk: () => true,
  find: () => false,
  basename: () => false,
  dirname: () => false,
  mkdir: () => false,
  rmdir: () => false,
  touch: () => false,
  rm: () => false,
  cp: () => false,
  mv: () => false,
  ln: () => false,
  chmod: () => false,
  readlink: () => false,
  stat: () => false,
  which: () => false,
  file: () => false,
  expr: () => false,
  du: () => false,
  tree: () => false,
  tr: () => true,
};

export function readsInput({ name, args }: ProgramCall): boolean {
  const operands = args.filter((arg) => !arg.startsWith('-') || arg === '-');
  const reads = inputReaders[name];
  if (name === 'sed' || name === 'awk') return readsProgramInput(name, args);
  if (name.endsWith('grep')) return readsGrepInput(args);
  if (reads !== undefined) return reads(operands);
  return operands.length === 0 || operands.includes('-');
}

function readsProgramInput(name: string, args: readonly string[]): boolean {
  let hasProgram = false;
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (/^-[ef]$/.test(arg)) {
      hasProgram = true;
      at += 1;
    } else if (name === 'awk' && /^-[vF]$/.test(arg)) at += 1;
    else if (/^-./.test(arg)) hasProgram ||= /^-[a-zA-Z]*[ef]./.test(arg) && name === 'sed';
    else operands.push(arg);
  }
  const files = (hasProgram ? operands : operands.slice(1)).filter(
    (one) => name !== 'awk' || !/^\w+=/.test(one),
  );
  const isBegin = name === 'awk' && /^\s*BEGIN\s*\{[^{}]*\}\s*$/.test(operands[0] ?? '');
  return !isBegin && (files.length === 0 || files.includes('-'));
}

function readsGrepInput(args: readonly string[]): boolean {
  let hasPattern = false;
  let isRecursive = false;
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (/^-[a-zA-Z]*[efABCm]$/.test(arg)) {
      hasPattern ||= /[ef]$/.test(arg);
      at += 1;
    } else if (/^-./.test(arg)) {
      isRecursive ||= /^-[a-zA-Z]*[rR]|^--recursive/.test(arg);
      hasPattern ||= /^--(?:regexp|file)=|^-[ef]./.test(arg);
    } else operands.push(arg);
  }
  const files = hasPattern ? operands : operands.slice(1);
  return !isRecursive && (files.length === 0 || files.includes('-'));
}

/**
 * Tools that treat each line by itself print as lines come, as the real ones do: `journalctl -f | grep`.
 */
export function streamsLines(call: ProgramCall): boolean {
  if (!readsInput(call)) return false;
  const { name, args } = call;
  if (/^[ef]?grep$/.test(name))
    return args.every(
      (arg) =>
        !arg.startsWith('-') ||
        /^-[iEFGPvwxoha]+$|^--(?:line-buffered|color(?:=\w+)?)$|^-e$/.test(arg),
    );
  if (name === 'cut' || name === 'rev') return true;
  if (name === 'tr') return true;
  if (name === 'sed') return args.every((arg) => /^-[nErus]+$|^-e$|^s(.).*\1.*\1[gIp]*$/.test(arg));
  if (name === 'awk') {
    const [program = ''] = args.filter((arg) => !arg.startsWith('-'));
    return (
      /^[^{}]*\{\s*print[^{};]*\}\s*$/.test(program) &&
      !/BEGIN|END|NR|getline|\+\+|[^=!<>]=[^=~]/.test(program)
    );
  }
  return false;
}
