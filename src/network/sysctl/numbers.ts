/**
 * Numbers as the kernel reads them from a write to /proc/sys: a minus sign, then decimal, 0x
 * hexadecimal or 0 octal; spaces, tabs and line ends between them. kernel/sysctl.c: proc_get_long,
 * __do_proc_dointvec. Accepted and refused spellings measured on 6.18.
 */

import type { SysctlKey, SysctlWrite } from './sysctl-table.ts';

/**
 * The first `most` numbers of a text, or null where one of them is not a number.
 * What follows the last wanted number is not looked at.
 */
export function readNumbers(text: string, most: number): number[] | null {
  const words = text
    .trimStart()
    .split(/[ \t\n]/)
    .filter((word) => word !== '');
  const numbers: number[] = [];
  for (const word of words.slice(0, most)) {
    const value = readNumber(word);
    if (value === null) return null;
    numbers.push(value);
  }
  return numbers;
}

/** One number that is the whole word, or null. */
export function readNumber(word: string): number | null {
  const sign = word.startsWith('-') ? -1 : 1;
  const digits = sign < 0 ? word.slice(1) : word;
  let value: number;
  if (/^0x[0-9a-f]+$/i.test(digits)) value = Number.parseInt(digits, 16);
  else if (/^0[0-7]*$/.test(digits)) value = Number.parseInt(digits, 8);
  else if (/^[1-9][0-9]*$/.test(digits)) value = Number.parseInt(digits, 10);
  else return null;
  return sign * value;
}

/** A key that holds one number within bounds, both included. */
export function numberKey(key: string, initial: number, low: number, high: number): SysctlKey {
  return {
    key,
    initial: String(initial),
    write: (text): SysctlWrite | null => {
      const value = readNumbers(text, 1)?.[0];
      if (value === undefined || value < low || value > high) return null;
      return { value: String(value) };
    },
  };
}
