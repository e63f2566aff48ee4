/** An assignment: what students are asked, as a word for the address of the page that they open. */

import { drawExam } from '../../quiz/memory/exam.ts';
import { examStyles, isInStyle, type ExamStyle } from '../../quiz/memory/exam-time.ts';
import type { SessionItem } from '../../quiz/memory/session.ts';
import { readCode, Unreadable, writeCode } from '../../simulation-kit/state-code.ts';
import { Random } from '../../time-and-chance/random.ts';

export const mostAsked = 40;
export const mostMinutes = 180;
/** Seeds are short, for a student's own travels in the code. */
export const mostSeed = 0xf_ffff;

export interface Assignment {
  /** Numbers of lessons, ascending. */
  readonly lessons: readonly number[];
  readonly style: ExamStyle;
  readonly count: number;
  /** The same questions for all; 0 for numbers of everybody's own. */
  readonly seed: number;
  /** 0 for no limit. */
  readonly minutes: number;
  /** A lab to be done too, by its id; null for none. */
  readonly lab: string | null;
}

export function writeAssignment(assignment: Assignment): string {
  const { lessons, style, count, seed, minutes, lab } = assignment;
  return writeCode(lessons, style, count, seed, minutes, lab ?? 'none');
}

/**
 * @param labs ids of the labs there are.
 * @returns null for what `writeAssignment` would not write.
 */
export function readAssignment(code: string, labs: readonly string[]): Assignment | null {
  return readCode(code, (fields) => {
    const lessons = fields.numbers(1, 999);
    if (lessons.length === 0 || lessons.some((one, at) => one <= (lessons[at - 1] ?? 0))) {
      throw new Unreadable('lessons');
    }
    const style = fields.oneOf(examStyles);
    const count = fields.number(1, mostAsked);
    const seed = fields.number(0, mostSeed);
    const minutes = fields.number(0, mostMinutes);
    const lab = fields.oneOf(['none', ...labs]);
    return { lessons, style, count, seed, minutes, lab: lab === 'none' ? null : lab };
  });
}

/** Twenty bits that tell one assignment from another in a result's code (FNV-1a, folded). */
export function markOf(assignment: Assignment): number {
  let hash = 0x811c_9dc5;
  for (const character of writeAssignment(assignment)) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x0100_0193) >>> 0;
  }
  return (hash ^ (hash >>> 20)) & mostSeed;
}

/** The items asked, the same for everybody. */
export function itemsOf(assignment: Assignment, all: readonly SessionItem[]): readonly string[] {
  const { lessons, style, count, seed } = assignment;
  const wanted = all.filter(
    ({ id, lesson }) => lessons.includes(Number.parseInt(lesson, 10)) && isInStyle(style, id),
  );
  return drawExam(wanted, count, new Random(seed === 0 ? markOf(assignment) : seed));
}
