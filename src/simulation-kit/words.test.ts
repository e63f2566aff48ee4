import { describe, expect, it } from 'vitest';
import type { LocaleCode } from '../i18n/locales.ts';
import { formatTime, inARow } from './words.ts';

describe('sentences in a row', () => {
  it('stand apart where the language does so', () => {
    expect(inARow('One.', '', 'Two.')).toBe('One. Two.');
    expect(inARow('一つ。', '二つ。')).toBe('一つ。二つ。');
    expect(inARow('', '')).toBe('');
  });
});

describe('virtual time', () => {
  it('has as many places as it needs, and a language’s own point', () => {
    expect([12, 12.5, 999.96, 1000, 58_000, 1_234_567].map((ms) => formatTime(ms))).toEqual([
      '12 ms',
      '12.5 ms',
      '1000.0 ms',
      '1.000 s',
      '58.000 s',
      '1234.567 s',
    ]);
    expect(formatTime(1240, 'de' as LocaleCode)).toBe('1,240 s');
  });
});
