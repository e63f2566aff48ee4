import { describe, expect, it } from 'vitest';
import { linesOf, outlineOf, widthOf } from './outlines.ts';
import { shareSvg } from './picture.ts';

describe('an outline', () => {
  it('is a path without gaps for words of both languages', () => {
    for (const text of [
      'Port Dojo 50',
      'Who picks 51514, and what for?',
      'ポート道場：待ち受ける',
      'Linux実習I　範囲',
      '49152–65535 “x”',
    ]) {
      expect(outlineOf(text, 10, 20, 36), text).toMatch(/^M[-\d.MLCQZ ]+$/);
      expect(widthOf(text, 72)).toBeCloseTo(2 * widthOf(text, 36));
    }
  });

  it('names a letter that the font does not have', () => {
    expect(() => outlineOf('a\u{1F600}', 0, 0, 10)).toThrow('\u{1F600}');
  });
});

describe('lines', () => {
  it('break between words, and never before a full stop', () => {
    expect(linesOf('one two three', 'en', 20, widthOf('one two ', 20))).toEqual([
      'one two',
      'three',
    ]);
    for (const line of linesOf('接続を受け取るのは、どのプログラムか。', 'ja', 20, 90)) {
      expect(line).not.toMatch(/^[、。]/);
    }
  });
});

it('a picture has no text that a font of the machine would draw', () => {
  const svg = shareSvg({
    locale: 'ja',
    site: 'ポート道場',
    number: 10,
    title: '<a> & b',
    text: 'c',
  });
  expect(svg).not.toMatch(/<text|font-family|NaN|undefined/);
});
