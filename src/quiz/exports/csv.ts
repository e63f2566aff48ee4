/**
 * A table for spreadsheets: RFC 4180, with a byte order mark, for Excel takes Japanese for something
 * else without it. A cell that a spreadsheet would take for a formula begins with a space.
 */

import type { ExportedQuestion } from './exported-questions.ts';
import { optionsOf, pairsOf, trapsOf, unpairedOf } from './feedback.ts';
import { textOf } from './markup.ts';

/** Column names, in order; as many for options as the longest question needs. */
function columnNames(options: number): readonly string[] {
  const each = (name: string): readonly string[] =>
    Array.from({ length: options }, (_, place) => `${name}_${String(place + 1)}`);
  return [
    'id',
    'lesson',
    'lesson_title',
    'kind',
    'prompt',
    'screen',
    ...each('option'),
    'answer',
    'explanation',
    ...each('feedback'),
  ];
}

function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? ` ${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Rows of text such as `1: 443`, one a line. */
function answerText({ question }: ExportedQuestion): string {
  const { key } = question;
  if (key.kind === 'number') return String(key.answer);
  if (key.kind === 'choice' || key.kind === 'several') {
    return optionsOf(question)
      .flatMap(({ isRight }, place) => (isRight ? [String(place + 1)] : []))
      .join(' ');
  }
  return pairsOf(question)
    .map(({ left, right }) => `${textOf(left)} ${textOf(right)}`)
    .join('\n');
}

/** What fills the columns of options: the options of a choice, traps of a number, or parts to be ordered or matched. */
function columns({ question }: ExportedQuestion): readonly (readonly [string, string])[] {
  if (question.key.kind === 'number') {
    return trapsOf(question).map(([value, text]) => [String(value), text]);
  }
  const options = optionsOf(question);
  if (options.length > 0) return options.map(({ text, feedback }) => [text, feedback]);
  const pairs = pairsOf(question);
  if (question.key.kind === 'order') {
    return question.parts.map(({ id, text }) => [text, question.feedback[id] ?? '']);
  }
  return [
    ...pairs.map(({ right, feedback }) => [right, feedback] as const),
    ...unpairedOf(question).map((text) => [text, ''] as const),
  ];
}

/** @returns the file's text. */
export function csvOf(questions: readonly ExportedQuestion[]): string {
  const options = questions.reduce((most, one) => Math.max(most, columns(one).length), 0);
  const rows = questions.map((exported) => {
    const { id, lesson, question } = exported;
    const list = columns(exported);
    const padded = Array.from({ length: options }, (_, place) => list[place] ?? ['', '']);
    return [
      id,
      String(lesson.number),
      textOf(lesson.title),
      question.key.kind,
      textOf(question.prompt),
      question.screen.join('\n'),
      ...padded.map(([text = '']) => textOf(text)),
      answerText(exported),
      textOf(question.because),
      ...padded.map(([, feedback = '']) => textOf(feedback)),
    ]
      .map(cell)
      .join(',');
  });
  const head = columnNames(options).map(cell).join(',');
  return `\u{FEFF}${[head, ...rows].join('\r\n')}\r\n`;
}
