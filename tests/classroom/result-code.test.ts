/** Codes of results: they come back whole, no slip goes unnoticed, and nothing that is pasted does harm. */

import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  encodeResult,
  findResults,
  shortName,
  type AnswerMark,
  type Result,
} from '../../src/classroom/assignments/result-code.ts';

const bits20 = fc.nat(0xf_ffff);
const results: fc.Arbitrary<Result> = fc.record({
  assignment: bits20,
  ownSeed: fc.option(bits20),
  hasDoneLab: fc.boolean(),
  marks: fc.array(fc.nat(7) as fc.Arbitrary<AnswerMark>, { maxLength: 40 }),
  who: fc.oneof(
    fc.constant({ kind: 'nobody' as const }),
    fc.record({ kind: fc.constant('number' as const), number: fc.nat(9999) }),
    fc.record({
      kind: fc.constant('name' as const),
      name: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
        .map(shortName)
        .filter((name) => name !== ''),
    }),
  ),
});

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const only = (text: string): Result | null => {
  const [found, ...more] = findResults(text);
  return found?.kind === 'result' && more.length === 0 ? found.result : null;
};
/** Places of symbols in a code, its `PD-` and hyphens left out. */
const symbolPlaces = (code: string): readonly number[] =>
  Array.from(code).flatMap((symbol, at) => (at > 2 && symbol !== '-' ? [at] : []));

it('10,000 results come back as they were', () => {
  fc.assert(
    fc.property(results, (result) => {
      expect(only(encodeResult(result))).toEqual(result);
    }),
    { numRuns: 10_000 },
  );
});

it('small letters, I and L for 1, O for 0, full width and other dashes are read', () => {
  fc.assert(
    fc.property(results, (result) => {
      const code = encodeResult(result);
      const body = code.slice(3);
      for (const typed of [
        code.toLowerCase(),
        `PD-${body.replaceAll('1', 'l').replaceAll('0', 'o')}`,
        code.replaceAll('-', '–'),
        code.replaceAll('-', 'ー'),
        code.replace(/[!-~]/g, (one) => String.fromCodePoint((one.codePointAt(0) ?? 0) + 0xfee0)),
      ]) {
        expect(only(typed)).toEqual(result);
      }
    }),
    { numRuns: 300 },
  );
});

it('one changed symbol is always noticed', () => {
  fc.assert(
    fc.property(results, fc.nat(), fc.nat(31), (result, place, value) => {
      const code = encodeResult(result);
      const places = symbolPlaces(code);
      const at = places[place % places.length] ?? 0;
      const symbol = alphabet[value] ?? '0';
      if (code[at] === symbol) return;
      const [found] = findResults(code.slice(0, at) + symbol + code.slice(at + 1));
      expect(found?.kind).toBe('damaged');
    }),
    { numRuns: 10_000 },
  );
});

it('two symbols that changed places are always noticed', () => {
  fc.assert(
    fc.property(results, fc.nat(), fc.nat(), (result, first, second) => {
      const code = encodeResult(result);
      const places = symbolPlaces(code);
      const [a = 0, b = 0] = [places[first % places.length], places[second % places.length]];
      if (code[a] === code[b]) return;
      const swapped = Array.from(code)
        .with(a, code[b] ?? '')
        .with(b, code[a] ?? '');
      const [found] = findResults(swapped.join(''));
      expect(found?.kind).toBe('damaged');
    }),
    { numRuns: 10_000 },
  );
});

it('a slip is named with what it may have been', () => {
  fc.assert(
    fc.property(results, fc.nat(), fc.nat(31), (result, place, value) => {
      const code = encodeResult(result);
      const places = symbolPlaces(code);
      const at = places[place % places.length] ?? 0;
      const symbol = alphabet[value] ?? '0';
      if (code[at] === symbol) return;
      const damaged = code.slice(0, at) + symbol + code.slice(at + 1);
      const [found] = findResults(damaged, result.assignment);
      expect(found?.kind === 'damaged' ? found.perhaps : []).toContain(code);
    }),
    { numRuns: 100 },
  );
});

it('200 codes are read out of a chat, each once', () => {
  const chatter = fc.sample(fc.string({ unit: 'grapheme', maxLength: 30 }), {
    seed: 3,
    numRuns: 200,
  });
  const all = fc.sample(
    results.map((result) => ({ ...result, assignment: 77 })),
    { seed: 4, numRuns: 260 },
  );
  const codes = [...new Set(all.map(encodeResult))].slice(0, 200);
  expect(codes).toHaveLength(200);
  const text = codes
    .map(
      (code, at) =>
        [
          `${String(at)}:0${String(at % 10)} Taro > ${code} ${chatter[at] ?? ''}`,
          `先生、これです「${code}」。`,
          `my code is ${code.toLowerCase()}, thanks!`,
          code.replaceAll('-', ' '),
        ][at % 4] ?? '',
    )
    .join('\n');
  const found = findResults(`${text}\n${codes[0] ?? ''}`, 77);
  expect(found.flatMap((one) => (one.kind === 'result' ? [one.code] : []))).toEqual(
    codes.map((code) => code),
  );
});

it('foreign text is no result and crashes nothing', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ maxLength: 60 }).map((text) => `PD-${text}`),
        fc
          .array(fc.constantFrom('PD', '-', ' ', 'A', '7', 'U', 'Ü', '\n', '<b>'), {
            maxLength: 80,
          })
          .map((parts) => parts.join('')),
      ),
      (text) => {
        for (const found of findResults(text)) {
          expect(['damaged', 'result']).toContain(found.kind);
          expect(found.code).toMatch(/^PD-[0-9A-Z-]+$/);
        }
      },
    ),
    { numRuns: 3000 },
  );
  expect(findResults(`PD-${'AAAA-'.repeat(200_000)}`).length).toBeLessThanOrEqual(1);
});

it('a name is cut where it no longer fits, never within a character', () => {
  expect(shortName('  山田太郎と鈴木花子  ')).toBe('山田太郎と鈴木花');
  expect(shortName('👩‍🚀👩‍🚀👩‍🚀')).not.toMatch(/\uFFFD/);
});

it('what damaged codes may have been is looked for in no more of them than a class hands in', () => {
  const result: Result = {
    assignment: 77,
    ownSeed: null,
    hasDoneLab: false,
    marks: [0, 1, 7],
    who: { kind: 'nobody' },
  };
  const slips = Array.from({ length: 300 }, (_, number) => {
    const code = encodeResult({ ...result, who: { kind: 'number', number } });
    return code.slice(0, -1) + (code.endsWith('A') ? 'B' : 'A');
  });
  const found = findResults(slips.join('\n'), 77);
  expect(found).toHaveLength(300);
  const searched = found.map((one) => one.kind === 'damaged' && one.perhaps.length > 0);
  expect(searched.slice(0, 50)).not.toContain(false);
  expect(searched.slice(50)).not.toContain(true);
});
