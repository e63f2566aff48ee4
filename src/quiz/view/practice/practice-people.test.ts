import { expect, it } from 'vitest';
import { endingOf } from './practice-people.ts';

it('is pleased with four of five, and thinks about less or nothing', () => {
  expect(endingOf(4, 5)).toBe('sensei-pleased');
  expect(endingOf(3, 5)).toBe('sensei-thinking');
  expect(endingOf(0, 0)).toBe('sensei-thinking');
});
