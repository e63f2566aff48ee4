/** All systems a host can be, by id. */

import { iana } from './iana.ts';
import { linux } from './linux.ts';
import type { OsProfile } from './profile.ts';

export const profiles: readonly OsProfile[] = [linux, iana];

export function profileOf(id: string): OsProfile | undefined {
  return profiles.find((profile) => profile.id === id);
}
