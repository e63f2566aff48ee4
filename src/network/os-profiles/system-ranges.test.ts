/** What every system has to start with: ranges and TIME-WAIT by the sources of the profiles. */

import { describe, expect, it } from 'vitest';
import { linuxHistories } from './linux-history.ts';
import { rangeText } from './profile-fixtures.ts';
import { profileOf, profiles, timersOf } from './profiles.ts';
import { systemRanges } from './system-ranges.ts';

describe('the systems with their settings untouched', () => {
  it('choose from these ranges, and the book is not among them', () => {
    expect(systemRanges()).toEqual([
      { id: 'linux', name: 'Linux', low: 32768, high: 60999 },
      { id: 'windows', name: 'Windows', low: 49152, high: 65535 },
      { id: 'macos', name: 'macOS', low: 49152, high: 65535 },
      { id: 'android', name: 'Android', low: 32768, high: 60999 },
      { id: 'freebsd', name: 'FreeBSD', low: 10000, high: 65535 },
      { id: 'openbsd', name: 'OpenBSD', low: 1024, high: 49151 },
      { id: 'netbsd', name: 'NetBSD', low: 49152, high: 65535 },
      { id: 'solaris', name: 'Solaris', low: 32768, high: 65535 },
      { id: 'amazon-linux-2', name: 'Amazon Linux 2', low: 32768, high: 60999 },
    ]);
  });

  it('have the same range for UDP', () => {
    for (const system of [...profiles, ...linuxHistories]) {
      expect([system.id, rangeText(system, 'udp')]).toEqual([system.id, rangeText(system, 'tcp')]);
    }
  });

  it.each([
    ['linux', 60],
    ['linux-before-4.2', 60],
    ['amazon-linux-2', 60],
    ['windows', 240],
    ['macos', 30],
    ['freebsd', 60],
    ['openbsd', 60],
    ['netbsd', 60],
    ['solaris', 60],
    ['iana', 240],
  ])('%s stays in TIME-WAIT for %i seconds', (id, seconds) => {
    const profile = profileOf(id);
    expect(profile && timersOf(profile).timeWaitMs).toBe(seconds * 1000);
  });
});
