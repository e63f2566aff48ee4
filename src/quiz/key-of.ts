/** The key of a question: as its author wrote it, or worked out by the engine. */

import type { Question } from '../schemas/question.ts';
import { computeAnswer } from './engine/computed-keys.ts';
import type { Key } from './engine/question.ts';

/** @throws Error naming the question where the answer cannot be worked out or is no answer to it. */
export function keyOf(question: Question): Key {
  const written = question.answer;
  let answer: unknown = written;
  if (typeof written === 'object' && !Array.isArray(written) && 'compute' in written) {
    const { compute, ...params } = written;
    try {
      answer = computeAnswer(compute, params);
    } catch (error) {
      throw new Error(
        `question "${question.id}": answer: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }
  const misfit = new Error(
    `question "${question.id}": answer: ${JSON.stringify(answer)} is no answer to a question of the kind "${question.kind}".`,
  );
  switch (question.kind) {
    case 'choice':
      if (typeof answer !== 'string' || !question.options.includes(answer)) throw misfit;
      return { kind: 'choice', answer };
    case 'several':
      if (!isListOf(answer, question.options)) throw misfit;
      return { kind: 'several', answer };
    case 'number':
      if (typeof answer !== 'number' || !Number.isFinite(answer)) throw misfit;
      return { kind: 'number', answer };
    case 'order':
      if (!isListOf(answer, question.items) || answer.length !== question.items.length)
        throw misfit;
      return { kind: 'order', answer };
    case 'match': {
      if (typeof answer !== 'object' || answer === null) throw misfit;
      const pairs = Object.entries(answer).map(([left, right]) => [left, String(right)] as const);
      const fits =
        question.left.every((left) => pairs.some(([one]) => one === left)) &&
        pairs.every(([, right]) => question.right.includes(right));
      if (!fits) throw misfit;
      return { kind: 'match', answer: Object.fromEntries(pairs) };
    }
  }
}

function isListOf(value: unknown, ids: readonly string[]): value is string[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((one) => ids.includes(String(one)))
  );
}
