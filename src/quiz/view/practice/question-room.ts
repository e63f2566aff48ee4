/** What asking questions needs, in one piece: loaded with the first question, not before. */

export { default as ExamResult } from './ExamResult.svelte';
export { default as PracticeSession } from './PracticeSession.svelte';
export { default as QuestionCard } from './QuestionCard.svelte';
export { grade } from '../../engine/grade.ts';
export { answerText } from './explained.ts';
export { drawExam } from '../../memory/exam.ts';
export { shuffled } from '../../generators/drawing.ts';
export { Random } from '../../../time-and-chance/random.ts';
export { openQuestionSource, type QuestionSource } from './question-source.ts';
