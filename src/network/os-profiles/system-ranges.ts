/** The automatic ranges of the operating systems, read off the profiles. */

import { iana } from './iana.ts';
import { profiles } from './profiles.ts';
import { SysctlTable } from '../sysctl/sysctl-table.ts';

/** An operating system's automatic range. */
export interface SystemRange {
  readonly id: string;
  readonly name: string;
  /** Inclusive. */
  readonly low: number;
  readonly high: number;
}

/** TCP's range of each system with its settings untouched, in the profiles' order; the book is no system. */
export function systemRanges(): readonly SystemRange[] {
  return profiles
    .filter((profile) => profile !== iana)
    .map((profile) => {
      const { low, high } = profile.portSettings(new SysctlTable(profile.settings), 'tcp');
      return { id: profile.id, name: profile.name, low, high };
    });
}
