/** Keys that hold a word: the host's name, which can be changed, and facts, which cannot. */

import type { SysctlKey } from './sysctl-table.ts';

/** The longest name that Linux takes: __NEW_UTS_LEN, include/uapi/linux/utsname.h. */
const longestName = 64;

/** A line of text; a longer one than 64 characters is cut off, as proc_dostring does. */
export function textKey(key: string, initial: string): SysctlKey {
  return {
    key,
    initial,
    write: (text) => ({ value: (text.split('\n')[0] ?? '').slice(0, longestName) }),
  };
}

/** A key that can be read only. */
export function factKey(key: string, value: string): SysctlKey {
  return { key, initial: value };
}
