import { describe, expect, it } from 'vitest';
import { judgeGuess } from './guess.ts';

const words = { label: 'I expect', none: '-', foreseen: 'Yes.', surprise: 'You said {guess}.' };
const options = [
  ['open', 'an open door'],
  ['closed', 'a closed one'],
] as const;

describe('a guess', () => {
  it('is met with a word, right or wrong, and may be left out', () => {
    expect(judgeGuess(words, 'open', 'open', options)).toBe('Yes.');
    expect(judgeGuess(words, 'closed', 'open', options)).toBe('You said a closed one.');
    expect(judgeGuess(words, '', 'open', options)).toBe('');
  });
});
