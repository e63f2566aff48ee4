/** How long exams are, when one is over, and which is still being written. */

import type { ExamRecord } from '../../progress/practice-memory.ts';

export interface ExamLength {
  readonly id: 'short' | 'full' | 'graduation';
  readonly questions: number;
  readonly minutes: number;
}

export const examLengths: readonly ExamLength[] = [
  { id: 'short', questions: 20, minutes: 25 },
  { id: 'graduation', questions: 30, minutes: 35 },
  { id: 'full', questions: 40, minutes: 45 },
];

/** What an exam may ask for: choices, numbers and orders alone, or commands too, as for LPIC and LinuC. */
export const examStyles = ['choices', 'commands'] as const;

export type ExamStyle = (typeof examStyles)[number];

/** Whether an exam of a style may ask about an item. */
export function isInStyle(style: ExamStyle, item: string): boolean {
  return style === 'commands' || !item.startsWith('type-command/');
}

/** When an exam's time is over, ms since 1970. */
export function examEnd({ startedAt, minutes }: ExamRecord): number {
  return startedAt + minutes * 60_000;
}

/** The exam that is still being written, the latest of them; an exam whose time is over has ended. */
export function openExam(exams: Readonly<Record<string, ExamRecord>>): ExamRecord | undefined {
  return Object.values(exams)
    .filter(({ endedAt }) => endedAt === undefined)
    .sort((a, b) => b.startedAt - a.startedAt)[0];
}
