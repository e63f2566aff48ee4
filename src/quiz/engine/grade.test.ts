import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grade } from './grade.ts';
import type { Key, PracticeKey, Response } from './question.ts';

const ids = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/), {
  minLength: 2,
  maxLength: 7,
});
/** Some ids and a non-empty part of them. */
const idsAndSome = ids.chain((all) =>
  fc.tuple(fc.constant(all), fc.subarray(all, { minLength: 1 })),
);

describe('a choice', () => {
  it('is right with the key alone, and says which option it judged', () => {
    fc.assert(
      fc.property(ids, fc.nat(), fc.nat(), (all, a, b) => {
        const answer = all[a % all.length] ?? '';
        const chosen = all[b % all.length] ?? '';
        expect(grade({ kind: 'choice', answer }, { kind: 'choice', chosen })).toEqual({
          verdict: chosen === answer ? 'right' : 'wrong',
          parts: { [chosen]: chosen === answer },
        });
      }),
    );
  });

  it('with nothing chosen is no try', () => {
    expect(grade({ kind: 'choice', answer: 'a' }, { kind: 'choice', chosen: null })).toEqual({
      verdict: 'incomplete',
      why: 'nothing',
    });
  });
});

describe('several', () => {
  it('is right with exactly the key, in any order', () => {
    fc.assert(
      fc.property(idsAndSome, idsAndSome, ([all, answer], [, other]) => {
        const key: Key = { kind: 'several', answer };
        expect(grade(key, { kind: 'several', chosen: answer.toReversed() }).verdict).toBe('right');
        const chosen = all.filter((id) => other.includes(id) || !answer.includes(id));
        fc.pre(chosen.length > 0);
        const isSame = chosen.length === answer.length && chosen.every((id) => answer.includes(id));
        expect(grade(key, { kind: 'several', chosen }).verdict).toBe(isSame ? 'right' : 'wrong');
      }),
    );
  });

  it('tells a wrong option from a missing one', () => {
    const result = grade(
      { kind: 'several', answer: ['a', 'b'] },
      { kind: 'several', chosen: ['a', 'x'] },
    );
    expect(result).toEqual({ verdict: 'wrong', parts: { a: true, b: false, x: false } });
  });

  it('with nothing chosen is no try', () => {
    expect(grade({ kind: 'several', answer: ['a'] }, { kind: 'several', chosen: [] }).verdict).toBe(
      'incomplete',
    );
  });
});

describe('a number', () => {
  it('is right however its digits are written', () => {
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000 }), (answer) => {
        const plain = String(answer);
        const fullWidth = plain.replaceAll(/\d/g, (digit) =>
          String.fromCodePoint(0xff10 + Number(digit)),
        );
        for (const typed of [plain, ` ${plain}\t`, fullWidth, answer.toLocaleString('en')]) {
          expect(grade({ kind: 'number', answer }, { kind: 'number', typed })).toEqual({
            verdict: 'right',
            parts: {},
            value: answer,
          });
        }
        expect(
          grade({ kind: 'number', answer }, { kind: 'number', typed: String(answer + 1) }).verdict,
        ).toBe('wrong');
      }),
    );
  });

  it.each([
    ['', 'nothing'],
    ['  ', 'nothing'],
    ['http', 'not-a-number'],
    ['16 thousand', 'not-a-number'],
  ])('%j is no try', (typed, why) => {
    expect(grade({ kind: 'number', answer: 1 }, { kind: 'number', typed })).toEqual({
      verdict: 'incomplete',
      why,
    });
  });
});

describe('an order', () => {
  it('is judged place by place', () => {
    fc.assert(
      fc.property(
        ids.chain((all) =>
          fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
        ),
        ([answer, order]) => {
          const result = grade({ kind: 'order', answer }, { kind: 'order', order });
          expect(result.verdict).toBe(order.join() === answer.join() ? 'right' : 'wrong');
          if (result.verdict === 'incomplete') return;
          for (const [place, id] of answer.entries()) {
            expect(result.parts[id]).toBe(order[place] === id);
          }
        },
      ),
    );
  });
});

describe('a match', () => {
  it('is right when every pair is, and waits for all of them', () => {
    fc.assert(
      fc.property(ids, fc.nat(), (lefts, place) => {
        const answer = Object.fromEntries(lefts.map((left) => [left, `to-${left}`]));
        const key: Key = { kind: 'match', answer };
        expect(grade(key, { kind: 'match', pairs: answer }).verdict).toBe('right');
        const one = lefts[place % lefts.length] ?? '';
        expect(grade(key, { kind: 'match', pairs: { ...answer, [one]: 'elsewhere' } })).toEqual({
          verdict: 'wrong',
          parts: Object.fromEntries(lefts.map((left) => [left, left !== one])),
        });
        expect(grade(key, { kind: 'match', pairs: { ...answer, [one]: '' } })).toEqual({
          verdict: 'incomplete',
          why: 'pairs-left',
        });
      }),
    );
  });
});

describe('a command', () => {
  const key = { kind: 'command', answer: 'ss -ltn' } as const;

  it('is judged by what it did to the machine', () => {
    const typed = (hasDoneIt: boolean | null, line = 'netstat -ltn') =>
      grade(key, { kind: 'command', typed: line, hasDoneIt });
    expect(typed(true)).toEqual({ verdict: 'right', parts: {} });
    expect(typed(false)).toEqual({ verdict: 'wrong', parts: {} });
    expect(typed(null)).toEqual({ verdict: 'incomplete', why: 'nothing' });
    expect(typed(true, ' ')).toEqual({ verdict: 'incomplete', why: 'nothing' });
  });
});

const ofEachKind = [
  [
    { kind: 'choice', answer: 'a' },
    { kind: 'choice', chosen: 'a' },
  ],
  [
    { kind: 'several', answer: ['a'] },
    { kind: 'several', chosen: ['a'] },
  ],
  [
    { kind: 'number', answer: 80 },
    { kind: 'number', typed: '80' },
  ],
  [
    { kind: 'order', answer: ['a', 'b'] },
    { kind: 'order', order: ['a', 'b'] },
  ],
  [
    { kind: 'match', answer: { a: 'b' } },
    { kind: 'match', pairs: { a: 'b' } },
  ],
  [
    { kind: 'command', answer: 'true' },
    { kind: 'command', typed: 'true', hasDoneIt: true },
  ],
] as const satisfies readonly (readonly [PracticeKey, Response])[];

it('takes a response of the key’s own kind, and refuses each of another', () => {
  for (const [key] of ofEachKind)
    for (const [, response] of ofEachKind) {
      if (response.kind === key.kind) expect(grade(key, response).verdict).toBe('right');
      else
        expect(() => grade(key, response)).toThrow(
          new TypeError(`a ${response.kind} response to a ${key.kind} question`),
        );
    }
});
