/**
 * No number in lessons 90, 100, 110, 140 and 150 stands on its author's word. Each is on the screen of
 * the simulated machine (the lesson's transcripts, which are replayed), held by the lesson's own test,
 * reckoned here, in a recording or in what is run, in a source that the lesson names, or part of the story.
 */

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textOf } from './lesson-text.ts';

type Origin =
  /** Reckoned: what comes out. */
  | number
  /** A recording, a lab, or what a widget runs: the file holds it, or more places of it. */
  | { readonly in: string }
  /** Words of a label among the lesson's sources. */
  | { readonly source: string }
  /** The student's morning, a wrong choice, a manner of speaking: nothing is claimed. */
  | 'story';

const range = 60_999 - 32_768 + 1;
const evens = range / 2;
const walked = 60_502 - 41_872;
const dns = { source: 'RFC 5452' };
const tracked = { source: 'Kol, Klein, Gilad' };
/** Steps between 2,000 connections, five times. */
const gaps = { in: 'tests/golden/parity_default.json' };
const lastMachine = { in: 'content/labs/last-machine.yaml' };

const origins: Readonly<Record<string, Readonly<Record<string, Origin>>>> = {
  '90-how-the-choice-is-made': {
    '61792': 'story',
    '53704': 'story',
    '2048': 2 ** 11,
    '28232': range,
    '14117': evens + 1,
    '500': { source: 'RFC 6056, section 3.3' },
    '38020': 38_018 + 2,
    '9992': 5 * (2000 - 1) - 3,
    '1220': gaps,
    '1269': gaps,
    '65536': 2 ** 16,
    '200': { in: 'tests/golden/tiny_range_order.json' },
    '32769': 32_768 + 1,
    '60998': 60_999 - 1,
    '8192': (65_535 - 49_152 + 1) / 2,
    '41874': 41_872 + 2,
    '9315': walked / 2,
    '18630': walked,
    '18632': walked + 2,
    '7.8': { in: 'tests/golden/interactions.json' },
    '17.9': { in: 'tests/golden/interactions.json' },
    '27.9': { in: 'tests/golden/interactions.json' },
    '38.0': { in: 'tests/golden/interactions.json' },
    '2022': tracked,
    '256': tracked,
    '2008': dns,
    '1447': dns,
    '7000': dns,
    '116': dns,
    '64000': dns,
  },
  '100-life-of-a-connection': {
    '50': { in: 'tests/golden/states.json' },
    '480': { in: 'src/simulations/state-machine/conversation.ts' },
    '9': 'story',
    '15': 'story',
    '212': 'story',
    // Held against the recording, in milliseconds, by the lesson's test.
    '131': 131_000 / 1000,
    '28232': range,
  },
  '110-when-ports-run-out': {
    '28232': range,
    '14116': evens,
    '50': { in: 'tests/golden/remedies.json' },
  },
  '140-behind-the-nat': {
    '443': { in: 'tests/golden/nat.json' },
    '40001': 'story',
    '32768': { in: 'tests/golden/tool_transcripts.txt' },
    '60999': { in: 'tests/golden/tool_transcripts.txt' },
    '65535': 2 ** 16 - 1,
    '16': Math.log2(65_536),
    '25565': 'story',
    '60': 'story',
    '7200': { source: 'tcp(7)' },
    '262144': { in: 'tests/golden/nat.json' },
    '6': 'story',
  },
  '150-graduation': {
    '3': 'story',
    '16': lastMachine,
    '48005': lastMachine,
    '8000': 'story',
    '8100': 'story',
    '80': 'story',
  },
};

const withoutCommas = (text: string): string => text.replaceAll(/(?<=\d)[,_](?=\d{3})/g, '');
const holds = (text: string, number: string): boolean =>
  new RegExp(`(?<![\\d.])${number.replace('.', String.raw`\.`)}(?!\\d)`).test(withoutCommas(text));
const fileText = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Written {
  /** What is said, without transcripts, addresses and the numbers of documents and lessons. */
  readonly said: string;
  readonly shown: string;
  readonly sources: string;
}

function written(slug: string): Written {
  const [, front = '', body = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(textOf('en', slug)) ?? [];
  const fences = /```.*?```/gs;
  const said =
    `${front.replace(/^(minutes|ranges|ports):[^\n]*$|^sources:.*?(?=^\w)/gms, '')}\n${body}`
      .replaceAll(/<TryIt.*?<\/TryIt>/gs, '')
      .replaceAll(fences, '')
      .replaceAll(/<Port n="(\d+)"[^>]*>/g, '$1')
      .replaceAll(/<Reply [^>]*says="([^"]*)"[^>]*>/g, '$1')
      .replaceAll(/<\/?[A-Z][^>]*>/g, '')
      .replaceAll(/\d+(?:\.\d+){3}(?:\/\d+)?/g, '')
      .replaceAll(/(?:RFC|[Ll]essons?|[Aa]lgorithms?|Linux|HTTP\/) ?\d[\d.]*/g, '');
  return {
    said: withoutCommas(said),
    shown: (body.match(fences) ?? []).join('\n'),
    sources: /^sources:(.*?)(?=^\w)/ms.exec(front)?.[1] ?? '',
  };
}

describe.each(Object.entries(origins))('%s', (slug, known) => {
  const { said, shown, sources } = written(slug);
  const ownTest = `tests/content/lesson-${slug.split('-')[0] ?? ''}.test.ts`;
  const held = existsSync(new URL(`../../${ownTest}`, import.meta.url)) ? fileText(ownTest) : '';
  const numbers = new Set(said.match(/\d+(?:\.\d+)?/g) ?? []);

  it('has no number without an origin', () => {
    const isProved = (number: string) => holds(shown, number) || holds(held, number);
    expect([...numbers].filter((one) => !(one in known) && !isProved(one))).toEqual([]);
  });

  it.each(Object.entries(known))('%s comes from where it is said to', (number, origin) => {
    expect(numbers).toContain(number);
    if (origin === 'story') return;
    if (typeof origin === 'number') expect(String(origin)).toBe(number);
    else if ('source' in origin) expect(sources).toContain(origin.source);
    else expect(isWithin(fileText(origin.in), number)).toBe(true);
  });
});

/** Whether a text has the number, or one that is it when it is rounded to as many places. */
function isWithin(text: string, number: string): boolean {
  const places = number.split('.')[1]?.length ?? 0;
  return (withoutCommas(text).match(/\d+(?:\.\d+)?/g) ?? []).some(
    (one) => one === number || (places > 0 && Number(one).toFixed(places) === number),
  );
}
