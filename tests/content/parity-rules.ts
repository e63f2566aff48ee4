/** Two languages of one lesson say the same: same parts, ids, moods, widgets, choices and numbers. */

import type { LessonFile, Part } from '../../src/lesson-kit/lesson-parts.ts';
import { isInline, withInner } from '../../src/lesson-kit/lesson-parts.ts';

/** Props that are words of a language. */
const worded = new Set(['says', 'title']);

function outline(part: Part): string {
  const props = Object.entries(part.props)
    .filter(([name]) => !worded.has(name))
    .map(([name, value]) => ` ${name}="${value}"`)
    .sort()
    .join('');
  return `<${part.name}${props}>`;
}

/** The numbers of a text as docs/voice.md writes them, thousands commas taken out, sorted. */
export function numbersIn(text: string): readonly string[] {
  return (text.match(/\d+(?:[.,]\d+)*/g) ?? [])
    .map((number) => (/^\d{1,3}(,\d{3})+$/.test(number) ? number.replaceAll(',', '') : number))
    .flatMap((number) => number.split(','))
    .sort();
}

function difference(a: readonly string[], b: readonly string[]): string {
  const rest = [...b];
  const only = a.filter((one) => {
    const place = rest.indexOf(one);
    if (place >= 0) rest.splice(place, 1);
    return place < 0;
  });
  return [
    only.length ? `only first: ${only.join(' ')}` : '',
    rest.length ? `only second: ${rest.join(' ')}` : '',
  ]
    .filter(Boolean)
    .join('; ');
}

/** What differs, with the line in the second lesson. */
export function parityProblems(first: LessonFile, second: LessonFile): readonly string[] {
  const problems: string[] = [];
  const compare = (a: readonly Part[], b: readonly Part[]) => {
    const [blocksA, blocksB] = [a, b].map((list) => list.filter((part) => !isInline(part)));
    for (const [index, one] of (blocksA ?? []).entries()) {
      const other = blocksB?.[index];
      if (!other || outline(one) !== outline(other)) {
        problems.push(
          `line ${one.line} has ${outline(one)}, ${second.file} line ${other?.line ?? 'end'} has ${other ? outline(other) : 'nothing'}.`,
        );
        return;
      }
      const numbers = difference(numbersIn(one.ownWords), numbersIn(other.ownWords));
      if (numbers) {
        problems.push(
          `${second.file} line ${other.line}: ${outline(other)}: numbers differ: ${numbers}.`,
        );
      }
      const inline = difference(
        one.parts.filter(isInline).map(outline),
        other.parts.filter(isInline).map(outline),
      );
      if (inline) problems.push(`${second.file} line ${other.line}: ${outline(other)}: ${inline}.`);
      compare(one.parts, other.parts);
    }
    if ((blocksB?.length ?? 0) > (blocksA?.length ?? 0)) {
      problems.push(
        `${second.file} has more parts: ${(blocksB ?? []).slice(blocksA?.length).map(outline).join(' ')}.`,
      );
    }
  };
  compare(first.parts, second.parts);
  const [a, b] = [first, second].map(({ prose }) => prose.match(/^#+ /gm)?.join('') ?? '');
  if (a !== b) problems.push('the headings differ in number or level.');
  if (first.imports.join() !== second.imports.join()) problems.push('the imports differ.');
  problems.push(...frontMatterProblems(first.frontMatter, second.frontMatter));
  return problems;
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

function frontMatterProblems(first: unknown, second: unknown): readonly string[] {
  if (!isFields(first) || !isFields(second)) return ['front matter is missing.'];
  const same = ['minutes', 'ranges', 'ports'].filter(
    (key) => JSON.stringify(first[key]) !== JSON.stringify(second[key]),
  );
  const urls = (fields: Fields) =>
    Array.isArray(fields['sources'])
      ? fields['sources'].map((source: unknown) => (isFields(source) ? String(source['url']) : ''))
      : [];
  const numbers = ['title', 'theme', 'objectives', 'summary'].flatMap((key) => {
    const lists = [first[key], second[key]].map((value) => [value].flat().map(String));
    const [a = [], b = []] = lists;
    if (a.length !== b.length) return [`${key} have ${a.length} and ${b.length} lines.`];
    return a.flatMap((line, index) => {
      const found = difference(numbersIn(line), numbersIn(b[index] ?? ''));
      return found ? [`${key} ${index + 1}: numbers differ: ${found}.`] : [];
    });
  });
  return [
    ...same.map((key) => `${key} differ.`),
    // A page may exist in several languages; the documents are the same ones.
    ...(urls(first).length === urls(second).length ? [] : ['sources differ in number.']),
    ...numbers,
  ];
}

/** How many words of the vocabulary a lesson has in it, for the table that the tests print. */
export function countOf({ parts }: LessonFile, name: string): number {
  return withInner(parts).filter((part) => part.name === name).length;
}
