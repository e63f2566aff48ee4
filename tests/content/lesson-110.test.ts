/** What lesson 110 shows of its machine, typed again on that machine, and its numbers, run or measured. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { profileOf } from '../../src/network/os-profiles/profiles.ts';
import { runLoad } from '../../src/simulations/pool-and-rate/load-run.ts';
import { testMachine } from '../golden/terminal/test-machine.ts';
import { masked, replayed, transcriptsOf } from './lesson-transcripts.ts';

const slug = '110-when-ports-run-out';
const locales = ['en', 'ja'] as const;
const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const lessonText = (locale: string) => textOf(`content/lessons/${locale}/${slug}.mdx`);
const ports = 60_999 - 32_768 + 1;

/** The transcripts of the lab's machine: those before “try it yourself”. */
const ofTheMachine = (locale: 'en' | 'ja') =>
  transcriptsOf(locale, slug).filter((fence) => !/TIME_WAIT|awk/.test(fence));

describe('lesson 110', () => {
  it('shows the same transcripts of its machine in both languages', () => {
    expect(ofTheMachine('ja')).toEqual(ofTheMachine('en'));
  });

  it('the machine prints what the lesson says', async () => {
    const machine = await testMachine('amazon-linux-2', { seed: 110 });
    const lines = (text: string): readonly string[] =>
      masked(text)
        .split('\n')
        .map((line) => line.trimEnd().replaceAll(/ +/g, ' '))
        .filter((line) => line !== '');
    for (const fence of ofTheMachine('en')) {
      const printed = lines(await replayed(machine, fence));
      // `ss -s` is shown to its second line.
      const shown = lines(fence);
      expect(fence.startsWith('$ ss -s') ? printed.slice(0, shown.length) : printed).toEqual(shown);
    }
  }, 20_000);

  it.each(locales)('%s: the sums are right', (locale) => {
    const text = lessonText(locale);
    for (const sum of [ports, ports / 2]) expect(text).toContain(sum.toLocaleString('en'));
    expect(Math.floor(ports / 60)).toBe(470);
    expect(text).toContain('470');
    expect(profileOf('linux')).toBeDefined();
    expect((21_999 - 10_000 + 1) / 60).toBe(200);
  });

  it.each(locales)(
    '%s: what the remedies do is what the engine and the recording say',
    (locale) => {
      const text = lessonText(locale);
      for (const remedy of ['fin-timeout', 'reuse-address', 'reuse-loopback'] as const) {
        expect(runLoad({ rate: 10, remedies: [remedy] }).firstFailed).toBe(101);
        expect(runLoad({ rate: 200, remedies: [remedy] }).ok).toBe(100);
      }
      expect(runLoad({ rate: 10, remedies: ['reuse-on'] }).firstFailed).toBeNull();
      expect(runLoad({ rate: 200, remedies: ['reuse-on'] }).ok).toBe(1000);
      expect(runLoad({ rate: 10, remedies: ['keep-alive'] }).ok).toBe(1300);
      for (const amount of ['101', '1,000', '2,000', '1,300']) expect(text).toContain(amount);
    },
  );

  it.each(locales)('%s: the measured times and bytes are those of the recordings', (locale) => {
    const text = lessonText(locale);
    const misc = JSON.parse(textOf('tests/golden/misc.json')) as {
      readonly data: {
        readonly connect_latency_vs_fill_one_destination: {
          readonly mean_us_per_block: readonly (readonly [number, number, number])[];
        };
      };
    };
    const blocks = misc.data.connect_latency_vs_fill_one_destination.mean_us_per_block;
    expect(Math.round(blocks[0]?.[2] ?? 0)).toBe(5);
    expect(Math.round(blocks.find(([first]) => first === 14_001)?.[2] ?? 0)).toBe(959);
    expect(text).toContain('959');
    const remedies = textOf('tests/golden/remedies.json');
    for (const bytes of [78_192, 14_480]) {
      expect(remedies).toContain(String(bytes));
      expect(text).toContain(bytes.toLocaleString('en'));
    }
  });
});
