/**
 * GIFT, the text format in which Moodle and others take questions
 * (https://docs.moodle.org/405/en/GIFT_format). An order becomes a match of places, for GIFT has none.
 */

import type { ExportedQuestion } from './exported-questions.ts';
import { optionsOf, pairsOf, trapsOf, unpairedOf } from './feedback.ts';
import { htmlOf, promptHtml, textOf } from './markup.ts';

/** Characters that GIFT reads as its own. */
function escaped(text: string): string {
  return text.replaceAll(/[\\~=#{}:]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}

/** A percentage that Moodle knows: a hundred shared out, with five decimals at the most. */
function share(parts: number): string {
  return String(Number((100 / Math.max(1, parts)).toFixed(5)));
}

function answers({ question }: ExportedQuestion): readonly string[] {
  const { key } = question;
  const general = `####${escaped(htmlOf(question.because))}`;
  if (key.kind === 'choice') {
    const options = optionsOf(question).map(
      ({ text, isRight, feedback }) =>
        `${isRight ? '=' : '~'}${escaped(htmlOf(text))}#${escaped(htmlOf(feedback))}`,
    );
    return [...options, general];
  }
  if (key.kind === 'several') {
    const options = optionsOf(question).map(
      ({ text, isRight, feedback }) =>
        `~%${isRight ? share(key.answer.length) : '-100'}%${escaped(htmlOf(text))}#${escaped(htmlOf(feedback))}`,
    );
    return [...options, general];
  }
  if (key.kind === 'number') {
    const right = `=${String(key.answer)}:0#${escaped(htmlOf(question.because))}`;
    const wrong = trapsOf(question).map(
      ([value, text]) => `=%0%${String(value)}:0#${escaped(htmlOf(text))}`,
    );
    return [right, ...wrong, general];
  }
  const pairs = pairsOf(question).map(
    ({ left, right }) => `=${escaped(htmlOf(left))} -> ${escaped(textOf(right))}`,
  );
  return [
    ...pairs,
    ...unpairedOf(question).map((text) => `= -> ${escaped(textOf(text))}`),
    general,
  ];
}

/**
 * @param course the name of the category that holds one category for each lesson.
 * @returns the file's text.
 */
export function giftOf(questions: readonly ExportedQuestion[], course: string): string {
  const blocks: string[] = [];
  let lesson = 0;
  for (const exported of questions) {
    if (exported.lesson.number !== lesson) {
      lesson = exported.lesson.number;
      blocks.push(
        `$CATEGORY: $course$/${course}/${String(lesson)} ${textOf(exported.lesson.title).replaceAll('/', '//')}`,
      );
    }
    const { question, id } = exported;
    const lead = question.key.kind === 'number' ? '{#' : '{';
    blocks.push(
      [
        `::${escaped(id)}::[html]${escaped(promptHtml(question))}${lead}`,
        ...answers(exported).map((line) => `\t${line}`),
        '}',
      ].join('\n'),
    );
  }
  return `${blocks.join('\n\n')}\n`;
}
