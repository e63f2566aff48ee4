/** Judges a response against a key. Pure: the page and the tests use the same judge. */

import type { Grade, PracticeKey, Response } from './question.ts';
import { readNumber } from './read-number.ts';

/**
 * @returns whether it is right, and which parts are. A response that leaves something open is
 * `incomplete` and does not count as a try.
 * @throws TypeError where key and response are of different kinds.
 */
export function grade(key: PracticeKey, response: Response): Grade {
  if (key.kind === 'choice' && response.kind === 'choice') {
    if (response.chosen === null) return { verdict: 'incomplete', why: 'nothing' };
    return judged({ [response.chosen]: response.chosen === key.answer });
  }
  if (key.kind === 'several' && response.kind === 'several') {
    if (response.chosen.length === 0) return { verdict: 'incomplete', why: 'nothing' };
    const ids = new Set([...key.answer, ...response.chosen]);
    return judged(
      Object.fromEntries(
        [...ids].map((id) => [id, key.answer.includes(id) && response.chosen.includes(id)]),
      ),
    );
  }
  if (key.kind === 'number' && response.kind === 'number') {
    if (response.typed.trim() === '') return { verdict: 'incomplete', why: 'nothing' };
    const value = readNumber(response.typed);
    if (value === null) return { verdict: 'incomplete', why: 'not-a-number' };
    return { verdict: value === key.answer ? 'right' : 'wrong', parts: {}, value };
  }
  if (key.kind === 'order' && response.kind === 'order') {
    return judged(
      Object.fromEntries(key.answer.map((id, place) => [id, response.order[place] === id])),
    );
  }
  if (key.kind === 'match' && response.kind === 'match') {
    const lefts = Object.entries(key.answer);
    if (lefts.some(([left]) => !response.pairs[left])) {
      return { verdict: 'incomplete', why: 'pairs-left' };
    }
    return judged(
      Object.fromEntries(lefts.map(([left, right]) => [left, response.pairs[left] === right])),
    );
  }
  if (key.kind === 'command' && response.kind === 'command') {
    if (response.typed.trim() === '' || response.hasDoneIt === null) {
      return { verdict: 'incomplete', why: 'nothing' };
    }
    return { verdict: response.hasDoneIt ? 'right' : 'wrong', parts: {} };
  }
  throw new TypeError(`a ${response.kind} response to a ${key.kind} question`);
}

function judged(parts: Readonly<Record<string, boolean>>): Grade {
  return { verdict: Object.values(parts).every(Boolean) ? 'right' : 'wrong', parts };
}
