import { expect, it } from 'vitest';
import { readNumber } from './read-number.ts';

it.each([
  ['16384', 16384],
  ['16,384', 16384],
  ['16 384', 16384],
  ['16\u00A0384', 16384],
  ['16\u2019384', 16384],
  ['\uFF11\uFF16\uFF0C\uFF13\uFF18\uFF14', 16384],
  ['\uFF11\uFF16\uFF13\uFF18\uFF14', 16384],
  ['1,234,567', 1234567],
  ['470.5', 470.5],
  ['-1', -1],
  ['\u22121', -1],
  ['007', 7],
  ['  80\n', 80],
  ['\u200B80\u2060', 80],
  ['16  384', 16384],
])('%j is %d', (text, value) => {
  expect(readNumber(text)).toBe(value);
});

it.each([
  '',
  ' ',
  'http',
  '80/',
  '1,23',
  '16,38,4',
  '1.2.3',
  '0x50',
  '8e3',
  'Infinity',
  '1 2',
  '--1',
  '80番',
])('%j is no number', (text) => {
  expect(readNumber(text)).toBeNull();
});
