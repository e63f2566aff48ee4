/**
 * Moodle XML (https://docs.moodle.org/405/en/Moodle_XML_format): every option with its feedback. An
 * order becomes a match of places, which every Moodle can ask. `idnumber` stays the same from one build
 * to the next.
 */

import type { ExportedQuestion } from './exported-questions.ts';
import { optionsOf, pairsOf, trapsOf, unpairedOf } from './feedback.ts';
import { htmlOf, promptHtml, textOf } from './markup.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? character);
}

const text = (words: string): string => `<text>${escaped(words)}</text>`;
const html = (name: string, words: string): string =>
  `<${name} format="html">${text(words)}</${name}>`;

/** Fractions that Moodle accepts are a hundred shared out, with five decimals. */
function share(parts: number): string {
  return String(Number((100 / Math.max(1, parts)).toFixed(5)));
}

const types = {
  choice: 'multichoice',
  several: 'multichoice',
  number: 'numerical',
  order: 'matching',
  match: 'matching',
} as const;

function answerLines({ question }: ExportedQuestion, otherwise: string): readonly string[] {
  const { key } = question;
  if (key.kind === 'choice' || key.kind === 'several') {
    const isSingle = key.kind === 'choice';
    const right = isSingle ? 1 : key.answer.length;
    return [
      `<single>${String(isSingle)}</single>`,
      '<shuffleanswers>false</shuffleanswers>',
      '<answernumbering>abc</answernumbering>',
      ...optionsOf(question).map(
        (option) =>
          `<answer fraction="${option.isRight ? share(right) : isSingle ? '0' : '-100'}" format="html">${text(htmlOf(option.text))}${html('feedback', htmlOf(option.feedback))}</answer>`,
      ),
    ];
  }
  if (key.kind === 'number') {
    const answer = (value: string, fraction: number, said: string): string =>
      `<answer fraction="${String(fraction)}" format="plain_text">${text(value)}<tolerance>0</tolerance>${html('feedback', htmlOf(said))}</answer>`;
    return [
      answer(String(key.answer), 100, question.because),
      ...trapsOf(question).map(([value, said]) => answer(String(value), 0, said)),
      answer('*', 0, otherwise),
    ];
  }
  return [
    '<shuffleanswers>true</shuffleanswers>',
    ...pairsOf(question).map(
      ({ left, right }) =>
        `<subquestion format="html">${text(htmlOf(left))}<answer>${text(textOf(right))}</answer></subquestion>`,
    ),
    ...unpairedOf(question).map(
      (right) =>
        `<subquestion format="html">${text('')}<answer>${text(textOf(right))}</answer></subquestion>`,
    ),
  ];
}

/** Why the answer is right; of a match, whose parts have no feedback of their own, a word on each pair. */
function generalFeedback({ question }: ExportedQuestion): string {
  const pairs = pairsOf(question).filter(({ feedback }) => feedback !== '');
  const list = pairs
    .map(
      ({ left, right, feedback }) =>
        `<li>${htmlOf(left)} ${htmlOf(right)}: ${htmlOf(feedback)}</li>`,
    )
    .join('');
  return `<p>${htmlOf(question.because)}</p>${list === '' ? '' : `<ul>${list}</ul>`}`;
}

/**
 * @param course the name of the category that holds one category for each lesson.
 * @param otherwise what is said about a number that nobody is expected to give.
 * @returns the file's text.
 */
export function moodleXmlOf(
  questions: readonly ExportedQuestion[],
  course: string,
  otherwise: string,
): string {
  const blocks: string[] = [];
  let lesson = 0;
  for (const exported of questions) {
    const { id, question } = exported;
    if (exported.lesson.number !== lesson) {
      lesson = exported.lesson.number;
      const name = `$course$/${course}/${String(lesson)} ${textOf(exported.lesson.title).replaceAll('/', '//')}`;
      blocks.push(`<question type="category"><category>${text(name)}</category></question>`);
    }
    blocks.push(
      [
        `<question type="${types[question.key.kind]}">`,
        `<name>${text(id)}</name>`,
        html('questiontext', promptHtml(question)),
        html('generalfeedback', generalFeedback(exported)),
        '<defaultgrade>1</defaultgrade>',
        '<penalty>0.3333333</penalty>',
        '<hidden>0</hidden>',
        `<idnumber>${escaped(id)}</idnumber>`,
        ...answerLines(exported, question.feedback['otherwise'] ?? otherwise),
        `<tags><tag>${text('port-dojo')}</tag><tag>${text(`lesson-${String(lesson)}`)}</tag></tags>`,
        '</question>',
      ].join('\n'),
    );
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n${blocks.join('\n')}\n</quiz>\n`;
}
