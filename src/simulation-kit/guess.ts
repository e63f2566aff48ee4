/** Predict first: what a learner expects before it is shown, and how it is met. Never required. */

import { fill } from '../i18n/format.ts';

export interface GuessWords {
  label: string;
  none: string;
  foreseen: string;
  surprise: string;
}

/** The choices: what is expected, and the words for it. */
export type GuessOptions<T extends string = string> = readonly (readonly [
  value: T,
  text: string,
])[];

/** @returns a sentence about the guess; empty where there was none. */
export function judgeGuess(
  words: GuessWords,
  guess: string,
  truth: string,
  options: GuessOptions,
): string {
  if (guess === '') return '';
  if (guess === truth) return words.foreseen;
  return fill(words.surprise, { guess: options.find(([value]) => value === guess)?.[1] ?? guess });
}
