/** The page on the simulator says what the profiles' timers make of a SYN that nobody answers. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { profileOf, timersOf } from '../../src/network/os-profiles/profiles.ts';
import { timetable } from '../../src/network/os-profiles/timers.ts';

function opening(id: string): { readonly tries: number; readonly seconds: number } {
  const profile = profileOf(id);
  if (profile === undefined) throw new Error(id);
  const { sentMs, givenUpMs } = timetable(timersOf(profile).syn, 0);
  return { tries: sentMs.length, seconds: givenUpMs / 1000 };
}

describe.each(['en', 'ja'])('about/the-simulator in %s', (locale) => {
  const text = readFileSync(`content/pages/${locale}/the-simulator.mdx`, 'utf8');
  const silence = /<h2 id="silence">.*?<\/h2>(.*?)<h2/s.exec(text)?.[1] ?? '';

  it('tells how long each system waits for an answer to its SYN', () => {
    const numbers = (silence.match(/(?<![\d.])\d+(?!\.?\d)/g) ?? []).map(Number);
    const [now, before] = [opening('linux'), opening('linux-5.12-to-5.17')];
    expect(
      new Set(['macos', 'freebsd', 'openbsd', 'netbsd'].map((id) => opening(id).seconds)),
    ).toEqual(new Set([75]));
    expect(numbers).toEqual([
      now.tries,
      now.seconds,
      before.tries,
      before.seconds,
      75,
      opening('windows').seconds,
      opening('solaris').seconds,
    ]);
  });
});
