import { expect, it } from 'vitest';
import { momentAddress } from './code-panel.ts';

const lesson = 'https://example.org/lessons/50-ephemeral-ports/';

it('leads to the moment that the wall shows', () => {
  expect(momentAddress(lesson, '')).toBe(lesson);
  expect(momentAddress(lesson, '#reply-ports')).toBe(`${lesson}#reply-ports`);
  expect(momentAddress(lesson, '#sim-line=1~2~3')).toBe(`${lesson}#sim-line=1~2~3`);
});

it('leaves a moment out that would make squares too small for the last row', () => {
  expect(momentAddress(lesson, `#sim-line=${'a'.repeat(190)}`)).toBe(`${lesson}#sim-line`);
});
