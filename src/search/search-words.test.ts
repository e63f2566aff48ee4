import { describe, expect, it } from 'vitest';
import { excerptOf, folded, piecesOf, tokensOf, tokensToIndex } from './search-words.ts';

describe('the words of a text', () => {
  it.each([
    ['TIME-WAIT', ['time', 'wait']],
    ['ポート番号', ['ぽー', 'ーと', 'と番', '番号']],
    ['待', ['待']],
    ['443番', ['443', '番']],
    ['ＳＳＨは２２番', ['ssh', 'は', '22', '番']],
    ['ﾎﾟｰﾄ', ['ぽー', 'ーと']],
    ['<b>', ['b']],
    [' … ', []],
  ])('%s', (text, expected) => {
    expect(tokensOf(text)).toEqual(expected);
  });

  it('stand joined in the index too, except in numbers', () => {
    expect(tokensToIndex('TIME-WAIT at 10.0.0.10')).toContain('timewait');
    expect(tokensToIndex('10.0.0.10')).toEqual(['10', '0', '0', '10']);
  });

  it('are one for both kana and every width', () => {
    expect(folded('ﾎﾟｰﾄＡ')).toBe(folded('ぽーとa'));
  });
});

describe('what was found in a text', () => {
  const found = (text: string, tokens: readonly string[]) =>
    piecesOf(text, tokens)
      .map(({ text: piece, isFound }) => (isFound ? `[${piece}]` : piece))
      .join('');

  it.each([
    ['A port is a number', ['port'], 'A [port] is a number'],
    ['a report', ['port'], 'a report'],
    ['ポート番号', ['ぽー', 'ーと'], '[ポート]番号'],
    ['ＳＳＨ 22', ['ssh', '22'], '[ＳＳＨ] [22]'],
    ['<b>bold</b>', ['bold'], '<b>[bold]</b>'],
    ['㍉ and 𠮷', ['𠮷'], '㍉ and [𠮷]'],
    ['x', [''], 'x'],
  ])('%s', (text, tokens, expected) => {
    expect(found(text, tokens)).toBe(expected);
  });

  it('is in the part that is shown', () => {
    const long = `${'word '.repeat(100)}needle ${'more '.repeat(100)}`;
    const shown = excerptOf(long, ['needle'], 60);
    expect(shown).toMatch(/^… .*needle.* …$/);
    expect(shown.length).toBeLessThanOrEqual(64);
    expect(excerptOf('short', ['x'], 60)).toBe('short');
    expect(excerptOf(long, [], 60)).toMatch(/^word /);
  });
});
