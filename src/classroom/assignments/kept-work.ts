/** What this browser keeps of an assignment that is being done, and reading it back. */

import { mergeExams, type ExamRecord } from '../../progress/practice-memory.ts';
import { isExam } from '../../progress/practice-parse.ts';

export interface KeptWork {
  readonly record: ExamRecord;
  /** The name or number that the learner has written. */
  readonly who: string;
}

/**
 * @param text as it lay in the storage; null where nothing did
 * @param items what the assignment asks, in order
 * @returns null where it is damaged, or was done for other questions
 */
export function readKeptWork(text: string | null, items: readonly string[]): KeptWork | null {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
  if (typeof kept !== 'object' || kept === null) return null;
  const { record, who } = kept as { readonly record?: unknown; readonly who?: unknown };
  if (typeof who !== 'string' || !isExam(record)) return null;
  return record.items.join() === items.join() ? { record, who } : null;
}

/**
 * One record of what two tabs have done of an assignment.
 * @param mine as this tab has it
 * @param kept as it lies in the storage
 * @returns all answers of both, of two to one question the later; `mine` where the other was begun apart
 */
export function withKept(mine: ExamRecord, kept: ExamRecord): ExamRecord {
  const isSame = mine.startedAt === kept.startedAt && mine.seed === kept.seed;
  return isSame ? mergeExams(mine, kept) : mine;
}
