/** What lesson 80 shows of its machine, typed again on that machine, and its measured numbers. */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { testMachine } from '../golden/terminal/test-machine.ts';
import { localPortsIn, masked, replayed, transcriptsOf } from './lesson-transcripts.ts';

const slug = '80-linux-lab-reserved';
const fences = transcriptsOf('en', slug);

interface Recording {
  readonly data: {
    readonly first_port_2000_fresh_destinations: { readonly counts: Record<string, number> };
    readonly sequential_30_same_destination: readonly (readonly number[])[];
    readonly exhaust_free_499: { readonly order: readonly number[] };
  };
}

interface Question {
  readonly id: string;
  readonly answer: unknown;
  readonly en: { readonly options?: Readonly<Record<string, { readonly text: string }>> };
}

const textOf = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Words of a lesson in either language. */
const lessonText = (locale: string) => textOf(`content/lessons/${locale}/${slug}.mdx`);

describe('lesson 80', () => {
  it('shows the same transcripts in both languages', () => {
    expect(transcriptsOf('ja', slug)).toEqual(fences);
  });

  it('the machine prints what the lesson says, with the ports behind the block as they are', async () => {
    const machine = await testMachine('amazon-linux-2', { seed: 80 });
    const quoted = String(localPortsIn(fences[0] ?? '')[1]);
    const real = String(localPortsIn((await machine.run('ss -tn')).output)[1]);
    for (const fence of fences) {
      if (fence.startsWith('$ sudo sysctl -p')) {
        const line = 'net.ipv4.ip_local_reserved_ports=32768-60500';
        await machine.run(`echo '${line}' | sudo tee -a /etc/sysctl.conf`);
      }
      const typed = fence.replaceAll(quoted, real);
      // What a job says when it ends comes with a later line.
      const output = (await replayed(machine, typed))
        .replaceAll(real, quoted)
        .replaceAll(/\n?Keyboard interrupt received, exiting\.\n/g, '')
        .replaceAll(/^\[\d+\][+-] {2}.*\n/gm, '');
      expect(masked(output)).toBe(masked(fence));
    }
  }, 20_000);

  it('60502, 60504 and 60502 again are no accident of one run', async () => {
    const call = (host: string) =>
      `curl -s -o /dev/null -w '%{local_port}\\n' http://${host}.example/`;
    const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
    let asTold = 0;
    for (const seed of seeds) {
      const machine = await testMachine('amazon-linux-2', { seed });
      await machine.run('sudo sysctl -w net.ipv4.ip_local_reserved_ports=32768-60500');
      const ports: string[] = [];
      for (const host of ['web', 'web', 'web2'])
        ports.push((await machine.run(call(host))).output.trim());
      if (ports.join() === '60502,60504,60502') asTold += 1;
    }
    // One start in 57 lies behind the block; two destinations, twelve machines.
    expect(asTold).toBeGreaterThanOrEqual(10);
  }, 30_000);

  it.each(['en', 'ja'])('%s: the measured numbers are those of the recording', (locale) => {
    const { data } = JSON.parse(textOf('tests/golden/reserved.json')) as Recording;
    const { counts } = data.first_port_2000_fresh_destinations;
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    expect(total).toBe(2000);
    expect(lessonText(locale)).toContain(total.toLocaleString('en'));
    expect(lessonText(locale)).toContain((counts['60502'] ?? 0).toLocaleString('en'));
    const seconds = data.sequential_30_same_destination.map((ports) => ports[1]);
    expect(seconds).toEqual(seconds.map(() => 60504));
    expect(lessonText(locale)).toContain(String(60999 - 60500));
    expect(Math.round(((60500 - 32768 + 2) / (60999 - 32768 + 1)) * 100)).toBe(98);
  });

  it('accepted-lists: the right options are those that the machine takes', async () => {
    const machine = await testMachine();
    const questions = parse(textOf(`content/questions/${slug}.yaml`)) as readonly Question[];
    const question = questions.find(({ id }) => id === 'accepted-lists');
    const taken: string[] = [];
    for (const [id, { text }] of Object.entries(question?.en.options ?? {})) {
      const list = text.replaceAll('`', '');
      const { exitCode } = await machine.run(
        `sudo sysctl -w net.ipv4.ip_local_reserved_ports="${list}"`,
      );
      if (exitCode === 0) taken.push(id);
    }
    expect(taken).toEqual(question?.answer);
  });

  it.each(['en', 'ja'])(
    '%s: with 499 ports left the 500th connection fails, as recorded',
    (locale) => {
      const { data } = JSON.parse(textOf('tests/golden/reserved.json')) as Recording;
      const { order } = data.exhaust_free_499;
      expect(order).toHaveLength(499);
      expect(new Set(order).size).toBe(499);
      expect(lessonText(locale)).toMatch(/500th connection to one destination fails|500本目は失敗/);
    },
  );
});
