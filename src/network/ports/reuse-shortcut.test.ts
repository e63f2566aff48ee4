/** What a port remembers of SO_REUSEPORT: kernel 6.12, sk_reuseport_match; measured on 6.18. */

import { describe, expect, it } from 'vitest';
import type { PortClaim } from './port-conflicts.ts';
import { ReuseShortcut } from './reuse-shortcut.ts';

const claim = (difference: Partial<PortClaim> = {}): PortClaim => ({
  localAddress: 1,
  reuseAddress: false,
  reusePort: true,
  uid: 7,
  ...difference,
});

describe('the short way for SO_REUSEPORT', () => {
  it('lets in whoever has the option and the user of the first on its port', () => {
    const shortcut = new ReuseShortcut();
    expect(shortcut.admits(80, claim())).toBe(false);
    shortcut.note(80, claim(), true);
    expect(shortcut.admits(80, claim())).toBe(true);
    expect(shortcut.admits(80, claim({ localAddress: 2 }))).toBe(true);
    expect(shortcut.admits(80, claim({ uid: 8 }))).toBe(false);
    expect(shortcut.admits(80, claim({ reusePort: false }))).toBe(false);
    expect(shortcut.admits(81, claim())).toBe(false);
  });

  it('remembers a later one with its address, and lets in only its like', () => {
    const shortcut = new ReuseShortcut();
    shortcut.note(80, claim(), false);
    expect(shortcut.admits(80, claim())).toBe(true);
    expect(shortcut.admits(80, claim({ localAddress: 2 }))).toBe(false);
    shortcut.note(80, claim({ localAddress: 0, uid: 8 }), false);
    expect(shortcut.admits(80, claim({ localAddress: 2, uid: 8 }))).toBe(true);
    expect(shortcut.admits(80, claim())).toBe(false);
  });

  it('stays as it is when one like it comes', () => {
    const shortcut = new ReuseShortcut();
    shortcut.note(80, claim(), true);
    shortcut.note(80, claim({ localAddress: 2 }), false);
    expect(shortcut.admits(80, claim({ localAddress: 3 }))).toBe(true);
  });

  it('ends with a socket without the option, and with the last bound one', () => {
    const shortcut = new ReuseShortcut();
    shortcut.note(80, claim(), true);
    shortcut.note(80, claim({ reusePort: false }), false);
    expect(shortcut.admits(80, claim())).toBe(false);
    shortcut.note(80, claim(), true);
    shortcut.forget(81);
    expect(shortcut.admits(80, claim())).toBe(true);
    shortcut.forget(80);
    expect(shortcut.admits(80, claim())).toBe(false);
  });
});
