/** The author's vocabulary: what a lesson may write without importing it. */

import type { VocabularyName } from '../schemas/vocabulary.ts';
import Aside from './Aside.astro';
import Check from './Check.astro';
import Choice from './Choice.astro';
import Exam from './Exam.astro';
import Port from './Port.astro';
import Reply from './Reply.astro';
import Sensei from './Sensei.astro';
import Student from './Student.astro';
import System from './System.astro';
import Term from './Term.astro';
import TryIt from './TryIt.astro';

export const lessonVocabulary = {
  Aside,
  Check,
  Choice,
  Exam,
  Port,
  Reply,
  Sensei,
  Student,
  System,
  Term,
  TryIt,
} satisfies Record<VocabularyName, unknown>;
