import { describe, expect, it } from 'vitest';
import { inARow } from './words.ts';

describe('sentences in a row', () => {
  it('stand apart where the language does so', () => {
    expect(inARow('One.', '', 'Two.')).toBe('One. Two.');
    expect(inARow('一つ。', '二つ。')).toBe('一つ。二つ。');
    expect(inARow('', '')).toBe('');
  });
});
