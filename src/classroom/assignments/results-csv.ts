/** Results as a table for a spreadsheet: RFC 4180 with a byte order mark. */

import type { AssignmentWords } from './assignment-words.ts';
import type { Result } from './result-code.ts';

export interface ResultRow {
  readonly code: string;
  /** Empty where none was given. */
  readonly name: string;
  readonly result: Result;
}

/** What a spreadsheet would take for a formula begins with a space: names come from strangers. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? ` ${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

export function resultsCsv(
  rows: readonly ResultRow[],
  words: Pick<AssignmentWords, 'student' | 'score' | 'labColumn' | 'yes' | 'no' | 'codes'>,
): string {
  const width = rows.reduce((most, { result }) => Math.max(most, result.marks.length), 0);
  const places = Array.from({ length: width }, (_, place) => place);
  const head = [
    words.student,
    words.score,
    words.labColumn,
    ...places.map((place) => String(place + 1)),
    words.codes,
  ];
  const lines = rows.map(({ code, name, result: { marks, hasDoneLab } }) => [
    name,
    String(marks.filter((one) => one === 0).length),
    hasDoneLab ? words.yes : words.no,
    // 1 right, 0 wrong, empty for no answer.
    ...places.map((place) => ({ 0: '1', 7: '' })[String(marks[place] ?? 7)] ?? '0'),
    code,
  ]);
  return `\u{FEFF}${[head, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}
