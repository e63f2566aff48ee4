/** A bad question is refused with its file, its name, the path, the reason and the remedy. */
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { keyOf } from './key-of.ts';
import { readQuestionFile } from './question-file.ts';

const file = 'content/questions/10-a-sample.yaml';
const option = { text: 'x', feedback: 'y' };
const both = (words: object) => ({ en: words, ja: words });
const choice = {
  id: 'one',
  kind: 'choice',
  answer: 'a',
  options: ['a', 'b'],
  ...both({ prompt: 'p', options: { a: option, b: option } }),
};
const number = {
  id: 'two',
  kind: 'number',
  answer: 5,
  ...both({ prompt: 'p', right: 'r', wrong: [{ value: 4, feedback: 'f' }], otherwise: 'o' }),
};
const order = {
  id: 'three',
  kind: 'order',
  answer: ['a', 'b'],
  items: ['b', 'a'],
  ...both({ prompt: 'p', right: 'r', items: { a: option, b: option } }),
};
const match = {
  id: 'four',
  kind: 'match',
  answer: { l: 'r', m: 's' },
  left: ['l', 'm'],
  right: ['r', 's'],
  ...both({
    prompt: 'p',
    left: { l: 'L', m: 'M' },
    right: { r: 'R', s: 'S' },
    feedback: { l: 'x', m: 'y' },
    'right-all': 'z',
  }),
};

const read = (...entries: object[]) => readQuestionFile(stringify(entries), file);

it('reads good questions', () => {
  expect(read(choice, number, order, match).map(({ id }) => id)).toEqual([
    'one',
    'two',
    'three',
    'four',
  ]);
});

describe('refuses', () => {
  it.each([
    [
      'an answer that is no option',
      { ...choice, answer: 'c' },
      'question "one": answer: "c" is not an option: a, b.',
    ],
    ['a language left out', { ...choice, ja: undefined }, 'question "one": ja: '],
    [
      'an option without words in one language',
      { ...choice, ja: { prompt: 'p', options: { a: option } } },
      'question "one": ja.options.b: "b" is missing here',
    ],
    [
      'an option without feedback',
      { ...choice, en: { prompt: 'p', options: { a: option, b: { text: 'x' } } } },
      'en.options.b.feedback',
    ],
    [
      'words that are empty',
      { ...choice, en: { prompt: ' ', options: choice.en } },
      'en.prompt: These words are empty',
    ],
    ['an unknown key', { ...choice, hint: 'h' }, 'Unrecognized key: "hint"'],
    ['an unknown kind', { ...choice, kind: 'guess' }, 'question "one": kind'],
    ['an id that is no id', { ...choice, id: 'One!' }, 'An id is kebab-case'],
    [
      'an option twice',
      { ...choice, options: ['a', 'a'] },
      'The same id stands twice among the options',
    ],
    [
      'the answer among the wrong numbers',
      { ...number, answer: 4 },
      'The answer itself stands among the wrong values',
    ],
    [
      'an order that is right already',
      { ...order, items: ['a', 'b'] },
      'in the right order already',
    ],
    [
      'an order that leaves an item out',
      { ...order, answer: ['a', 'c'] },
      'answer.b: "b" is missing here',
    ],
    [
      'a pair with nobody',
      { ...match, answer: { l: 'r', m: 't' } },
      'answer.m: "t" is not a right side: r, s.',
    ],
  ])('%s', (_, entry, message) => {
    expect(() => read(entry)).toThrow(message);
    expect(() => read(entry)).toThrow(file);
  });

  it('an id used twice', () => {
    expect(() => read(choice, choice)).toThrow('this id stands twice. Rename one of them.');
  });

  it.each([
    ['- id: [', 'this is not YAML'],
    ['id: one', 'a question file is a list'],
    ['- kind: choice', 'each entry has an id'],
  ])('%j', (text, message) => {
    expect(() => readQuestionFile(text, file)).toThrow(message);
  });
});

describe('a computed key', () => {
  const computed = (entry: object, answer: object) =>
    keyOf(read({ ...entry, answer })[0] ?? never());

  it('is worked out', () => {
    expect(computed(number, { compute: 'range-size', os: 'linux' })).toEqual({
      kind: 'number',
      answer: 28232,
    });
  });

  it.each([
    [number, { compute: 'range-sise', os: 'linux' }, 'there is no computed key "range-sise"'],
    [number, { compute: 'range-size', os: 'beos' }, 'question "two": answer: "os" is one of'],
    [
      choice,
      { compute: 'range-of', port: 80 },
      '"well-known" is no answer to a question of the kind "choice"',
    ],
  ])('that cannot be had says why: %#', (entry, answer, message) => {
    expect(() => computed(entry, answer)).toThrow(message);
  });
});

function never(): never {
  throw new Error('no question was read');
}
