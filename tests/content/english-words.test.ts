/**
 * Plain English (docs/voice.md) in every sentence of content/ that is not a lesson's: labs, questions,
 * notes of teachers, glossary, words of the interface. Lessons have the same rule (lesson-rules.ts).
 */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { stiffEnglish } from './stiff-english.ts';

const content = new URL('../../content/', import.meta.url);
const files = readdirSync(content, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(yaml|json)$/.test(name),
);

/** Every text in a file's data; a name of something is one word, and none of a reader's business. */
function sentencesIn(data: unknown): readonly string[] {
  if (typeof data === 'string') return /\s/.test(data.trim()) ? [data] : [];
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data).flatMap((value) => sentencesIn(value));
}

const stiffIn = (data: unknown): readonly string[] =>
  sentencesIn(data).flatMap((text) => {
    const [found] = stiffEnglish.exec(text.replaceAll(/`[^`\n]*`/g, '')) ?? [];
    return found === undefined ? [] : [`"${found}" in "${text}" (docs/voice.md).`];
  });

describe('plain English', () => {
  it.each(files)('%s', (name) => {
    // JSON is YAML.
    expect(stiffIn(parse(readFileSync(new URL(name, content), 'utf8')))).toEqual([]);
  });

  it('is asked of sentences at any depth, and of no names and no code', () => {
    expect(stiffIn({ items: [{ en: 'Safe for whom?' }] })).toHaveLength(1);
    expect(stiffIn({ answer: ['whom'], en: 'Read `whom and anew` first.' })).toEqual([]);
  });
});
