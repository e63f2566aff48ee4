/** Practice's part of the record in this browser. */

import {
  noPracticeMemory,
  withExam,
  type ExamRecord,
  type PracticeMemory,
  type PracticeSettings,
} from '../../../progress/practice-memory.ts';
import { readProgress, recordPractice } from '../../../progress/progress-store.ts';

/** What practice remembers. */
export function practiceMemory(): PracticeMemory {
  return readProgress().practice ?? noPracticeMemory;
}

export function recordSettings(settings: Omit<PracticeSettings, 'at'>): void {
  recordPractice({ ...practiceMemory(), settings: { ...settings, at: Date.now() } });
}

export function recordSprint(right: number): void {
  recordPractice({ ...practiceMemory(), sprintBest: right });
}

export function recordExam(exam: ExamRecord): void {
  recordPractice(withExam(practiceMemory(), exam));
}
