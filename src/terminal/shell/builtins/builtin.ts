/** A command of the shell itself: it runs in the shell's own process and may change it. */

import type { ShellProcess } from '../shell-process.ts';

/** @returns the exit status */
export type Builtin = (shell: ShellProcess, args: readonly string[]) => Promise<number>;

export type Builtins = Readonly<Record<string, Builtin>>;

/** Says what is wrong with the use of a builtin. */
export async function refuse(
  shell: ShellProcess,
  name: string,
  problem: string,
  status = 1,
): Promise<number> {
  await shell.complain(`${name}: ${problem}`);
  return status;
}

/** An option that the builtin does not have, with its usage line. */
export async function invalidOption(
  shell: ShellProcess,
  name: string,
  option: string,
  usage: string,
): Promise<number> {
  await shell.complain(`${name}: ${option}: invalid option`);
  await shell.warn(`${name}: usage: ${usage}\n`);
  return 2;
}

export interface ReadOptions {
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
  /** The first option that is none. */
  readonly wrong?: string;
  /** An option whose value is missing. */
  readonly bare?: string;
}

/** Reads single-letter options, those in `valued` with a value. */
export function readOptions(args: readonly string[], letters: string, valued = ''): ReadOptions {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      at += 1;
      break;
    }
    if (!/^-./.test(arg)) break;
    for (let index = 1; index < arg.length; index++) {
      const letter = arg[index] ?? '';
      if (valued.includes(letter)) {
        const value = index + 1 < arg.length ? arg.slice(index + 1) : args[++at];
        if (value === undefined) return { flags, values, rest: [], bare: `-${letter}` };
        values.set(letter, value);
        break;
      }
      if (!letters.includes(letter)) return { flags, values, rest: [], wrong: `-${letter}` };
      flags.add(letter);
    }
  }
  return { flags, values, rest: args.slice(at) };
}
