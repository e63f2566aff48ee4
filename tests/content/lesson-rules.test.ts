/** The rules of lessons, each broken once on purpose: a rule that cannot fail says nothing. */

import { describe, expect, it } from 'vitest';
import { questionSchema } from '../../src/schemas/question.ts';
import { lessonRules } from './lesson-rules.ts';
import { parityProblems } from './parity-rules.ts';
import { readLesson } from '../../src/lesson-kit/lesson-parts.ts';

const turns = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => {
    const name = index % 2 === 0 ? 'Sensei' : 'Student';
    return `<${name} id="turn-${from + index}">\nIt is port <Port n="${8000 + index}" />, number ${index}.\n</${name}>\n`;
  }).join('\n');

const sample = `---
title: A sample
theme: What is it?
minutes: 10
ranges: [registered]
objectives: [See one, See two, See three]
summary: [One, Two, Three, Four]
sources: [{ label: RFC 9293, url: 'https://www.rfc-editor.org/rfc/rfc9293' }]
ports: [8000, 8001]
---

import Widget from '@/simulations/widget/Widget.astro';

<Sensei id="theme">
Which one is it?
</Sensei>

${turns(1, 12)}
## A part

<Choice id="pick">
<Reply id="yes" says="Yes, 2.">
<Sensei>
So it is.
</Sensei>
</Reply>
<Reply id="no" says="No.">
<Sensei>
Why not?
</Sensei>
</Reply>
</Choice>

<Widget id="seen" scenario="one" />

<Check id="first" />

<Choice id="again">
<Reply id="same" says="The same.">
<Sensei>
Why not?
</Sensei>
</Reply>
<Reply id="other" says="Another.">
<Sensei>
Why not?
</Sensei>
</Reply>
</Choice>

${turns(13, 26)}
${['second', 'third', 'fourth', 'fifth'].map((id) => `<Check id="${id}" />`).join('\n')}

<TryIt id="yours">
<System name="linux">
\`\`\`console
$ ss -tn {not braces} <b>
\`\`\`
</System>
<System name="macos">
Look.
</System>
<System name="windows">
Look.
</System>
</TryIt>

<Student id="in-my-words">
It is so.
</Student>

<Sensei id="next">
And why? That is lesson 20.
</Sensei>
`;

const option = { text: 'x', feedback: 'y' };
const inBoth = { prompt: 'p', options: { a: option, b: option } };
const items = { prompt: 'p', items: { a: option, b: option }, right: 'r' };
const number = { prompt: 'p', right: 'r', wrong: [], otherwise: 'o' };
const ofKind = {
  choice: { answer: 'a', options: ['a', 'b'], en: inBoth, ja: inBoth },
  several: { answer: ['a'], options: ['a', 'b'], en: inBoth, ja: inBoth },
  number: { answer: 1, en: number, ja: number },
  order: { answer: ['a', 'b'], items: ['b', 'a'], en: items, ja: items },
} as const;
type Kind = keyof typeof ofKind;
const questionsOf = (kinds: readonly Kind[]) =>
  ['first', 'second', 'third', 'fourth', 'fifth'].map((id, index) => {
    const kind = kinds[index] ?? 'choice';
    return questionSchema.parse({ id, kind, ...ofKind[kind] });
  });
const questions = questionsOf(['choice', 'several', 'number', 'order']);

const read = (text: string, locale: 'en' | 'ja' = 'en') =>
  readLesson(text, `content/lessons/${locale}/10-a-sample.mdx`, locale);

function problems(rule: string, text: string, locale: 'en' | 'ja' = 'en') {
  const found = lessonRules[rule];
  if (!found) throw new Error(`no rule "${rule}"`);
  return found(read(text, locale), questions);
}

describe('a lesson', () => {
  it.each(Object.keys(lessonRules))('that keeps to "%s" passes', (rule) => {
    expect(problems(rule, sample)).toEqual([]);
  });

  it.each([
    ['front matter', 'minutes: 10', 'minutes: 99', 'at most 25 minutes'],
    ['front matter', 'title: A sample', 'title: A sample\nmood: calm', 'Unrecognized key'],
    ['front matter', 'https://www.rfc', 'http://www.rfc', 'full https:// address'],
    ['front matter', 'ports: [8000, 8001]', 'ports: [70000]', 'from 0 to 65535'],
    ['every tag is closed', '</Choice>', '', '<Choice> is not closed'],
    ['imports nothing but widgets', 'import Widget from', 'import Thing from', 'widgets only'],
    ['holds no layout and no logic', 'So it is.', '<div>So it is.</div>', 'an HTML tag'],
    ['holds no layout and no logic', 'So it is.', 'So it is {1 + 1}.', 'braces'],
    ['holds no layout and no logic', 'scenario="one"', 'client:load', 'client:'],
    [
      'uses the vocabulary as it is',
      '<Sensei id="turn-1">',
      '<Sensei id="turn-1" mood="angry">',
      'mood',
    ],
    ['uses the vocabulary as it is', 'n="8000"', 'n="70000"', 'from 0 to 65535'],
    [
      'uses the vocabulary as it is',
      '<Check id="first" />',
      '<Quiz id="first" />',
      'neither vocabulary nor imported',
    ],
    ['uses the vocabulary as it is', '<Widget id="seen" scenario="one" />', '', 'not used'],
    [
      'parts are where they belong',
      '<System name="windows">\nLook.\n</System>',
      '',
      'linux, macos and windows',
    ],
    [
      'parts are where they belong',
      '<Sensei>\nWhy not?\n</Sensei>',
      'Why not?',
      'a Reply is answered',
    ],
    ['ids are unique and where they should be', 'id="turn-2"', 'id="turn-1"', 'is taken'],
    [
      'ids are unique and where they should be',
      ' id="turn-2"',
      '',
      'a turn of the dialogue has an id',
    ],
    ['turns: how many, and whose', turns(13, 26), turns(13, 14), '17 turns'],
    [
      'turns: how many, and whose',
      turns(13, 26),
      turns(13, 26).replaceAll('Student', 'Sensei'),
      'in a row',
    ],
    ['names lessons that are there', 'lesson 20', 'lesson 25', 'no lesson 25'],
    ['names lessons that are there', 'lesson 20', 'lessons 20 and 35', 'no lesson 35'],
    ['checks are asked, all and in order', '<Check id="second" />', '', 'is never asked'],
    ['checks are asked, all and in order', '"second"', '"sixth"', 'has no question'],
    ['opens with its theme, closes with the way on', '"theme"', '"start"', 'named early'],
    ['opens with its theme, closes with the way on', '"in-my-words"', '"so"', 'last turn but one'],
    ['opens with its theme, closes with the way on', 'lesson 20', 'lesson 9', 'a later lesson'],
    ['opens with its theme, closes with the way on', '<Choice id="again">', '<Choose>', 'twice'],
    ['its ports are met', '[8000, 8001]', '[8000, 8443]', '8443 does not occur'],
    ['is written as the voice asks', 'So it is.', '', 'nothing is said here'],
    ['is written as the voice asks', 'So it is.', 'So it is, 64K.', '64K'],
    ['each speaks in a voice of their own', 'So it is.', 'So '.repeat(61), '61 words'],
    ['is plain English', 'So it is.', 'Whom does it belong to?', 'Whom'],
  ])('that breaks "%s" fails: %s → %s', (rule, from, to, message) => {
    expect(sample).toContain(from);
    expect(problems(rule, sample.replace(from, to)).join('\n')).toContain(message);
  });

  it.each([
    ['is written as the voice asks', '\uFF76\uFF85です。', 'half-width katakana'],
    ['is written as the voice asks', 'ポート\uFF18\uFF10です。', 'full-width digits'],
    ['is written as the voice asks', 'はい,そうです。', 'Latin comma'],
    ['each speaks in a voice of their own', 'そうです。', 'plain form'],
    ['each speaks in a voice of their own', 'そう、'.repeat(41), 'in one breath'],
    ['each speaks in a voice of their own', 'そう。'.repeat(9), 'eight sentences'],
  ])('in Japanese that breaks "%s" fails: %s', (rule, words, message) => {
    const japanese = sample.replaceAll(
      /So it is\.|Why not\?|Which one is it\?|And why\?.*|It is port .*|Look\./g,
      'そうだ。',
    );
    expect(problems(rule, japanese, 'ja')).toEqual([]);
    expect(problems(rule, japanese.replace('そうだ。', words), 'ja').join('\n')).toContain(message);
  });
});

it('a lesson has five checks of four kinds', () => {
  const rule = lessonRules['checks are asked, all and in order'];
  const four = sample.replace('<Check id="fifth" />', '');
  expect(rule?.(read(four), questions.slice(0, 4))).toEqual([expect.stringContaining('five')]);
  const three = questionsOf(['choice', 'several', 'number']);
  expect(rule?.(read(sample), three)).toEqual([expect.stringContaining('of 3 kinds')]);
});

describe('two languages', () => {
  it('that say the same are at one', () => {
    expect(parityProblems(read(sample), read(sample.replace('So it is.', 'So.'), 'ja'))).toEqual(
      [],
    );
  });

  it.each([
    [
      'another number',
      ', number 3.',
      ', number 4.',
      'numbers differ: only first: 3; only second: 4',
    ],
    ['a thousands comma is no difference', ', number 3.', ', number 3.', ''],
    ['another port', '<Port n="8003" />', '<Port n="8004" />', 'n="8003"'],
    ['another id', 'id="turn-4"', 'id="turn-four"', 'turn-four'],
    ['a widget less', '<Widget id="seen" scenario="one" />', '', 'has <Widget'],
    ['another widget prop', 'scenario="one"', 'scenario="two"', 'scenario="two"'],
    ['another number in a reply', 'Yes, 2.', 'Yes, 3.', 'numbers differ'],
    ['other ports in the front matter', '[8000, 8001]', '[8000]', 'ports differ'],
    ['a heading less', '## A part', '', 'the headings differ'],
    ['a summary line less', '[One, Two, Three, Four]', '[One, Two, Three]', 'summary have 4 and 3'],
    ['another number in the summary', '[One, Two', '[1, Two', 'summary 1: numbers differ'],
  ])('%s', (_, from, to, message) => {
    const found = parityProblems(read(sample), read(sample.replace(from, to), 'ja')).join('\n');
    if (message) expect(found).toContain(message);
    else expect(found).toBe('');
  });
});
