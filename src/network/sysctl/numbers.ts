/**
 * Numbers as the kernel reads them from a write to /proc/sys: white space around them, a minus sign,
 * decimal, 0x hexadecimal or 0 octal. kernel/sysctl.c: proc_get_long, __do_proc_dointvec.
 */

import type { SysctlKey, SysctlWrite } from './sysctl-table.ts';

const whiteSpace = /[ \t\n\v\f\r]+/;

/**
 * The first `most` numbers of a text, or null where one of them is not a number or nothing is there.
 * What follows the last wanted number is not looked at.
 */
export function readNumbers(text: string, most: number): number[] | null {
  const words = text.split(whiteSpace).filter((word) => word !== '');
  if (words.length === 0) return null;
  const numbers: number[] = [];
  for (const word of words.slice(0, most)) {
    const value = readNumber(word);
    if (value === null) return null;
    numbers.push(value);
  }
  return numbers;
}

function readNumber(word: string): number | null {
  const sign = word.startsWith('-') ? -1 : 1;
  const digits = sign < 0 ? word.slice(1) : word;
  if (/^0x[0-9a-f]+$/i.test(digits)) return sign * Number.parseInt(digits.slice(2), 16);
  if (/^0[0-7]*$/.test(digits)) return sign * Number.parseInt(digits, 8);
  if (/^[1-9][0-9]*$/.test(digits)) return sign * Number.parseInt(digits, 10);
  return null;
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
