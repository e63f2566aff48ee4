/** The bounded matcher finds what JavaScript's own finds, and ends where that one would not. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atOnce, boundedExpression } from './bounded-expression.ts';

function native(source: string, text: string) {
  const match = new RegExp(source, 's').exec(text);
  return match === null ? null : { index: match.index, groups: Array.from(match) };
}

/** Two empty open repetitions in front make any expression one that is matched step by step. */
const slow = (source: string) => `(?:z*y*){0}${source}`;

const atom = fc.constantFrom(
  'a',
  'b',
  '.',
  '[ab]',
  '[^a]',
  String.raw`\.`,
  '(?:ab)',
  '(a)',
  '(b|ab)',
);
const quantified = fc
  .tuple(atom, fc.constantFrom('', '', '*', '+', '?', '*?', '+?', '{2}', '{1,2}', '{1,}'))
  .map(([one, many]) => one + many);
const sequence = fc
  .array(quantified, { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));
const expression = fc
  .tuple(
    fc.constantFrom('', '^'),
    fc.array(sequence, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '$'),
  )
  .map(([start, ways, end]) => `${start}(?:${ways.join('|')})${end}`);

describe('an expression that is matched in bounded steps', () => {
  it('finds what the engine’s own matcher finds', () => {
    fc.assert(
      fc.property(
        expression,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '.'), maxLength: 12 }),
        (source, text) => {
          expect(boundedExpression(slow(source), false, false).exec(text)).toEqual(
            native(slow(source), text),
          );
        },
      ),
      { numRuns: 3000, seed: 7 },
    );
  });

  it('looks ahead for what must not come, and knows letters in either case', () => {
    const source = '^(?!(?:a|b)+$)[\\s\\S]*x+$';
    for (const text of ['ax', 'ab', 'xx', 'abxx'])
      expect(boundedExpression(source).test(text)).toBe(new RegExp(source, 'u').test(text));
    expect(boundedExpression('^(a+)+B*$', true).test('AAb')).toBe(true);
    expect(boundedExpression('^.+.+$').test('😀')).toBe(false);
  });

  it.each([
    ['(a+)+$', `${'a'.repeat(5000)}!`],
    ['^(?:(?:a)+)+$', `${'a'.repeat(5000)}!`],
    [`^${'[\\s\\S]*a'.repeat(12)}[\\s\\S]*b$`, 'a'.repeat(5000)],
    ['(x+x+)+y', 'x'.repeat(5000)],
  ])('ends: %s', (source, text) => {
    expect(boundedExpression(source, false, false).test(text)).toBe(false);
  });

  it('says when text and expression are too long, and what is no expression', () => {
    expect(() => boundedExpression('a*b*c').test('a'.repeat(5_000_000))).toThrow(/limit|too long/);
    expect(() => boundedExpression('a**(')).toThrow(SyntaxError);
  });
});

describe('a search through a text', () => {
  it('finds what replacing with the engine’s own matcher finds, one match after another', () => {
    fc.assert(
      fc.property(
        expression,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c', '😀'), maxLength: 12 }),
        (source, text) => {
          const search = boundedExpression(slow(source)).search(text);
          const found: string[] = [];
          for (let at = 0; at <= text.length;) {
            const match = atOnce(search.next(at));
            if (match === null) break;
            const [whole = ''] = match.groups;
            found.push(`${match.index} ${whole}`);
            const character = String.fromCodePoint(text.codePointAt(match.index) ?? 0);
            at = match.index + (whole === '' ? character.length : whole.length);
          }
          const wanted = Array.from(
            text.matchAll(new RegExp(slow(source), 'gsu')),
            (match) => `${match.index} ${match[0]}`,
          );
          expect(found).toEqual(wanted);
        },
      ),
      { numRuns: 3000, seed: 11 },
    );
  });

  it('finds where the shortest end that matches begins', () => {
    fc.assert(
      fc.property(
        sequence,
        fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 10 }),
        (source, text) => {
          const starts = Array.from({ length: text.length + 1 }, (_, start) => start);
          const isEnd = (start: number) =>
            new RegExp(`^(?:${source})$`, 's').test(text.slice(start));
          for (const one of [`(?:${source})$`, slow(`(?:${source})$`)])
            expect(atOnce(boundedExpression(one).search(text).lastStart())).toBe(
              starts.findLast(isEnd) ?? null,
            );
        },
      ),
      { numRuns: 1000, seed: 3 },
    );
  });

  it('looks at what must not come as often as asked, without taking time for each', () => {
    const text = `${'ab'.repeat(3000)}c`;
    const search = boundedExpression('(?!(?:a|b)+$)[ab]*c*').search(text);
    expect(atOnce(search.next(0))?.groups[0]).toBe(text);
  });

  it('pauses', () => {
    const search = boundedExpression('a.*b.*z').search('ab'.repeat(20_000));
    let pauses = 0;
    for (const work = search.next(0); work.next().done !== true;) pauses += 1;
    expect(pauses).toBeGreaterThan(1);
  });
});
