/** Questions in one language, from what practice fetches: a lesson's own, or a variant drawn from a seed. */

import { drawVariant } from './generators/generators.ts';
import { languageFor } from './generators/practice-facts.ts';
import type { PracticeData } from './practice-data.ts';
import { questionOf, questionOfCheck, type PracticeQuestion } from './practice-question.ts';

/** An item and a seed give a question. Throws an Error where there is no such item any more. */
export type Ask = (item: string, seed: number) => PracticeQuestion;

export function askingFrom({ checks, facts, phrases, services }: PracticeData): Ask {
  return (item, seed) => {
    const check = Object.hasOwn(checks, item) ? checks[item] : undefined;
    if (check) return questionOfCheck(item, check);
    return questionOf(item, drawVariant(item, seed, facts), languageFor(item, phrases, services));
  };
}
