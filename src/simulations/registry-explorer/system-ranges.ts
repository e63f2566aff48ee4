/** The automatic ranges of the operating systems, as the explorer outlines them. Build time only. */

import type { SystemRange } from './registry-words.ts';

export function systemRanges(): readonly SystemRange[] {
  return [];
}
