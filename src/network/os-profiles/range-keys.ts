/** Settings of systems that keep the two ends of their range in two keys, each written by itself. */

import { numberKey } from '../sysctl/numbers.ts';
import type { SysctlKey, SysctlReader } from '../sysctl/sysctl-table.ts';

/** Two keys for the ends of a range. */
export function rangeKeys(lowKey: string, low: number, highKey: string, high: number): SysctlKey[] {
  return [numberKey(lowKey, low, 1, 65535), numberKey(highKey, high, 1, 65535)];
}

/** The range that two keys say, lower end first: the BSDs walk downwards where they are swapped. */
export function rangeOfKeys(
  settings: SysctlReader,
  lowKey: string,
  highKey: string,
): { readonly low: number; readonly high: number } {
  const first = Number(settings.get(lowKey));
  const last = Number(settings.get(highKey));
  return { low: Math.min(first, last), high: Math.max(first, last) };
}
