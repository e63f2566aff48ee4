/**
 * Questions, drawn in the browser: the generators and the engine below them, and one language's words.
 * Loaded with the first question.
 */

import { askingFrom, type Ask } from '../../asking.ts';
import type { MisconceptionWords, PracticeData } from '../../practice-data.ts';
import type { Lab } from '../../../terminal/labs/lab.ts';
import type { CommandRun } from '../../command-run.ts';
import { recordAnswer, type AnswerGiven } from './record-answer.ts';

export interface QuestionSource {
  /** @throws Error where there is no such item any more. */
  readonly question: Ask;
  readonly misconception: (id: string) => MisconceptionWords | undefined;
  /** A machine for a command; it and the terminal behind it are loaded with the first. */
  readonly openMachine: (lab: Lab) => Promise<CommandRun>;
  readonly record: (answer: AnswerGiven) => void;
}

/** @throws Error where the words cannot be fetched. */
export async function openQuestionSource(address: string): Promise<QuestionSource> {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${String(answer.status)} ${answer.statusText}`);
  const data = (await answer.json()) as PracticeData;
  return {
    question: askingFrom(data),
    misconception: (id) =>
      Object.hasOwn(data.misconceptions, id) ? data.misconceptions[id] : undefined,
    openMachine: async (lab) => {
      const { CommandRun: Run } = await import('../../command-run.ts');
      return new Run(lab, data.machine);
    },
    record: recordAnswer,
  };
}
