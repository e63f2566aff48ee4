/** All systems a host can be, by id. */

import { amazonLinux2 } from './amazon-linux-2.ts';
import { android } from './android.ts';
import { freebsd } from './freebsd.ts';
import { iana } from './iana.ts';
import { linuxHistories } from './linux-history.ts';
import { linux } from './linux.ts';
import { macos } from './macos.ts';
import { netbsd } from './netbsd.ts';
import { openbsd } from './openbsd.ts';
import type { OsProfile } from './profile.ts';
import { SysctlTable } from '../sysctl/sysctl-table.ts';
import { solaris } from './solaris.ts';
import type { ProfileTimers } from './timers.ts';
import { windows } from './windows.ts';

/** The systems of today, the measured one first. */
export const profiles: readonly OsProfile[] = [
  linux,
  windows,
  macos,
  android,
  freebsd,
  openbsd,
  netbsd,
  solaris,
  amazonLinux2,
  iana,
];

/** A system's timers with its settings untouched. */
export function timersOf(profile: OsProfile): ProfileTimers {
  return profile.timers(new SysctlTable(profile.settings));
}

/** The profile of an id, those of Linux' history included, or undefined. */
export function profileOf(id: string): OsProfile | undefined {
  return [...profiles, ...linuxHistories].find((profile) => profile.id === id);
}
