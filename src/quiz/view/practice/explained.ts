/** What is said about an answer: the words about what was given, and the misconception behind it. */

import type { LocaleCode } from '../../../i18n/locales.ts';
import type { Grade, Response } from '../../engine/question.ts';
import type { PracticeQuestion } from '../../practice-question.ts';

type Judged = Extract<Grade, { verdict: 'right' | 'wrong' }>;

/** What was given, as keys of the question's feedback. */
function givenKeys(
  question: PracticeQuestion,
  response: Response,
  judged: Judged,
): readonly string[] {
  switch (response.kind) {
    case 'choice':
      return response.chosen === null ? [] : [response.chosen];
    case 'several':
      return response.chosen.filter(
        (id) => judged.verdict === 'right' || judged.parts[id] !== true,
      );
    case 'number': {
      const known = `=${String(judged.value ?? '')}`;
      return [known in question.feedback ? known : 'otherwise'];
    }
    case 'order': {
      const { key } = question;
      if (key.kind !== 'order') return [];
      const misplaced = key.answer.find((id) => judged.parts[id] !== true);
      return misplaced === undefined ? [] : [misplaced];
    }
    case 'command':
      return [response.hint ?? 'otherwise'];
    case 'match':
      return Object.keys(judged.parts).filter((id) => judged.parts[id] !== true);
  }
}

/** Words about a wrong answer, most telling first; none for a right one, which `because` explains. */
export function explanationOf(
  question: PracticeQuestion,
  response: Response,
  judged: Judged,
): readonly string[] {
  if (judged.verdict === 'right') return [];
  return givenKeys(question, response, judged).flatMap((key) => question.feedback[key] ?? []);
}

/** The misconception that a wrong answer stands for. */
export function misconceptionOf(
  question: PracticeQuestion,
  response: Response,
  judged: Judged,
): string | undefined {
  if (judged.verdict === 'right') return undefined;
  return givenKeys(question, response, judged)
    .map((key) => question.misconceptions[key])
    .find((id) => id !== undefined);
}

/** Several answers in a row, as their language lists things. */
function listed(answers: readonly string[], language: LocaleCode): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(answers);
}

/** The right answer as text, for a result on paper. */
export function answerText({ key, parts, partners, language }: PracticeQuestion): string {
  const textOf = (id: string): string => parts.find((part) => part.id === id)?.text ?? id;
  switch (key.kind) {
    case 'choice':
      return textOf(key.answer);
    case 'several':
      return listed(key.answer.map(textOf), language);
    case 'number':
      return String(key.answer);
    case 'order':
      return key.answer.map(textOf).join(' → ');
    case 'command':
      return `\`${key.answer}\``;
    case 'match':
      return listed(
        Object.entries(key.answer).map(
          ([left, right]) =>
            `${textOf(left)} – ${partners.find(({ id }) => id === right)?.text ?? right}`,
        ),
        language,
      );
  }
}

/** What was given as text; empty where nothing was. */
export function responseText(
  { parts, partners, language }: PracticeQuestion,
  response: Response,
): string {
  const textOf = (id: string): string => parts.find((part) => part.id === id)?.text ?? id;
  switch (response.kind) {
    case 'choice':
      return response.chosen === null ? '' : textOf(response.chosen);
    case 'several':
      return listed(response.chosen.map(textOf), language);
    case 'number':
      return response.typed.trim();
    case 'order':
      return response.order.map(textOf).join(' → ');
    case 'command':
      return response.typed.trim() === '' ? '' : `\`${response.typed.trim()}\``;
    case 'match':
      return listed(
        Object.entries(response.pairs)
          .filter(([, right]) => right !== '')
          .map(
            ([left, right]) =>
              `${textOf(left)} – ${partners.find(({ id }) => id === right)?.text ?? right}`,
          ),
        language,
      );
  }
}
