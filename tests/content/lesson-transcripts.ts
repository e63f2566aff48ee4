/**
 * The terminal transcripts of a lesson, played again on the simulated machine. What differs from run
 * to run is masked by rule: local ports of the machine's connections, process and inode numbers.
 */

import { readFileSync } from 'node:fs';
import type { testMachine } from '../golden/terminal/test-machine.ts';

export type TestMachine = Awaited<ReturnType<typeof testMachine>>;

/** The console fences of a lesson in order, those of its TryIt left out. */
export function transcriptsOf(locale: string, slug: string): readonly string[] {
  const file = new URL(`../../content/lessons/${locale}/${slug}.mdx`, import.meta.url);
  const text = readFileSync(file, 'utf8').replaceAll(/<TryIt[\s\S]*?<\/TryIt>/g, '');
  return [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].map(([, fence = '']) => fence);
}

/** Types a fence's lines and gives back the fence as the machine would have it. */
export async function replayed(machine: TestMachine, fence: string): Promise<string> {
  let text = '';
  for (const line of fence.split('\n')) {
    if (!line.startsWith('$ ')) continue;
    // A pager shows what it is given and prints nothing; here its input is what counts.
    const { output } = await machine.run(line.slice(2).replace(/ \| less$/, ''));
    // Whoever types takes a moment; what a job prints as it starts comes before the next line.
    const started = line.endsWith('&') ? (await machine.run('sleep 1')).output : '';
    text += `${line}\n${output}${started}`;
  }
  return text;
}

/** The same with what varies masked, and without spaces at the ends of lines. */
export function masked(transcript: string): string {
  return transcript
    .replaceAll(/\b(10\.0\.0\.2|ip-10-0-0-2):\d+/g, '$1:PORT')
    .replaceAll(/^(\[\d+\]) \d+$/gm, '$1 PID')
    .replaceAll(/IPv4 {2}\d+/g, 'IPv4  NODE')
    .replaceAll(/[ \t]+$/gm, '');
}

/** The machine's local ports in a transcript. */
export function localPortsIn(transcript: string): readonly number[] {
  return [...transcript.matchAll(/\b(?:10\.0\.0\.2|ip-10-0-0-2):(\d+)/g)].map(([, port]) =>
    Number(port),
  );
}
