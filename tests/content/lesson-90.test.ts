/** What lesson 90 shows of its machine, typed again on that machine, and its numbers, computed or measured. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLinuxConnect } from '../../src/network/port-selection/linux-connect.ts';
import { PortSet } from '../../src/network/data-structures/port-set.ts';
import { Obstacles } from '../../src/network/port-selection/obstacles.ts';
import { chooseInTurn, requestOf } from '../../src/network/port-selection/selection-fixtures.ts';
import { Random } from '../../src/time-and-chance/random.ts';
import { testMachine } from '../golden/terminal/test-machine.ts';
import { masked, replayed, transcriptsOf } from './lesson-transcripts.ts';

const slug = '90-how-the-choice-is-made';
const fences = transcriptsOf('en', slug);
const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const lessonText = (locale: string) => textOf(`content/lessons/${locale}/${slug}.mdx`);
const locales = ['en', 'ja'] as const;
const low = 32_768;
const high = 60_999;
const ports = high - low + 1;

describe('lesson 90', () => {
  it('shows the same transcripts in both languages', () => {
    expect(transcriptsOf('ja', slug)).toEqual(fences);
  });

  it('the machine prints what the lesson says', async () => {
    const machine = await testMachine('amazon-linux-2', { seed: 90 });
    const ofTheLab = fences.filter(
      (fence) => !fence.includes('https://') && !fence.includes('randomize'),
    );
    const begins = (text: string) => ofTheLab.find((fence) => fence.startsWith(text)) ?? '';
    // The small range comes last here: in the lesson it is put back before the others.
    const inOrder = ['$ for', '$ curl', '$ sleep', '$ python3', '$ sudo'].map(begins);
    expect(inOrder.toSorted()).toEqual(ofTheLab.toSorted());
    for (const fence of inOrder) {
      expect(masked(await replayed(machine, fence))).toBe(masked(fence));
    }
  }, 20_000);

  it.each(locales)('%s: the measured steps are those of the recording', (locale) => {
    const recording = JSON.parse(textOf('tests/golden/parity_default.json')) as object;
    const text = JSON.stringify(recording);
    const steps = [2, 4, 6, 8, 10, 12, 14, 16].map((step) => {
      const runs = portsOfRuns(text);
      return runs.flatMap((run) =>
        run.slice(1).filter((port, place) => port - (run[place] ?? 0) === step),
      ).length;
    });
    const total = steps.reduce((sum, count) => sum + count, 0);
    for (const amount of [total, Math.min(...steps), Math.max(...steps)]) {
      expect(lessonText(locale)).toContain(amount.toLocaleString('en'));
    }
    const mean = steps.reduce((sum, count, place) => sum + count * 2 * (place + 1), 0) / total;
    expect(Math.round(mean)).toBe(9);
  });

  it.each(locales)('%s: the ten seconds are those of the recording', (locale) => {
    const { data } = JSON.parse(textOf('tests/golden/interactions.json')) as {
      readonly data: {
        readonly reseed_every_10s: { readonly jumps_t_from_to: readonly (readonly number[])[] };
      };
    };
    const jumps = data.reseed_every_10s.jumps_t_from_to;
    expect(jumps).toHaveLength(4);
    for (const [second = 0] of jumps) expect(lessonText(locale)).toContain(second.toFixed(1));
  });

  it.each(locales)('%s: the sums are right', (locale) => {
    const text = lessonText(locale);
    expect(2 ** 3).toBe(8);
    for (const sum of [2 ** 11, ports, ports / 2, ports / 2 + 1, (65_535 - 49_152 + 1) / 2]) {
      expect(text).toContain(sum.toLocaleString('en'));
    }
    // Rolling as often as there are ports, with one port free.
    expect(Math.round((1 - 1 / ports) ** ports * 100)).toBe(37);
    expect(text).toMatch(/\b37\b|37回/);
    expect(Math.log2(ports / 2)).toBeGreaterThan(13.5);
    expect(Math.log2(ports / 2)).toBeLessThan(14);
  });

  it.each(locales)('%s: the walk out of the block is the engine’s', (locale) => {
    const text = lessonText(locale);
    const blocked = new PortSet(1);
    for (let port = low; port <= 60_500; port++) blocked.add(port);
    const walked = (60_500 - 41_872) / 2 + 1;
    let hasBegunThere = false;
    for (let seed = 0; seed < 400; seed++) {
      const algorithm = createLinuxConnect(new Random(seed));
      const obstacles = new Obstacles([{ reason: 'reserved', ports: blocked }]);
      const request = requestOf({ low, high });
      const [first, second] = [
        algorithm.choose(request, obstacles),
        algorithm.choose(request, obstacles),
      ];
      if (first.why.start > 60_500) continue;
      hasBegunThere = true;
      expect([first.port, second.port]).toEqual([60_502, 60_504]);
      expect(first.why.considered - 1).toBe((60_500 - first.why.start) / 2 + 1);
    }
    expect(hasBegunThere).toBe(true);
    for (const amount of [walked, walked * 2, walked * 2 + 2]) {
      expect(text).toContain(amount.toLocaleString('en'));
    }
    expect(41_872 + walked * 2 + 2).toBe(60_504);
  });

  it('first-odd: 14,116 even ports, then an odd one', () => {
    const taken = Array.from({ length: ports / 2 }, (_, place) => low + place * 2);
    const make = () => createLinuxConnect(new Random(1));
    const [almost] = chooseInTurn(make(), 1, requestOf({ low, high }), taken.slice(1));
    const [after] = chooseInTurn(make(), 1, requestOf({ low, high }), taken);
    expect(almost?.port).toBe(low);
    expect((after?.port ?? 0) % 2).toBe(1);
    expect(textOf(`content/questions/${slug}.yaml`)).toContain(`answer: ${String(ports / 2 + 1)}`);
  });
});

/** Every list of more than 1,000 ports in a recording. */
function portsOfRuns(text: string): readonly (readonly number[])[] {
  return [...text.matchAll(/\[(\d{5}(?:,\d{5}){1000,})\]/g)]
    .map(([, list = '']) => list.split(',').map(Number))
    .slice(0, 5);
}
