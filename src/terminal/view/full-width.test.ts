import { describe, expect, it } from 'vitest';
import { normalizeLine } from './full-width.ts';

describe('a line typed with a Japanese input method', () => {
  it.each([
    ['ｓｓ　－ｔａｎ', 'ss -tan'],
    ['ｌｓ　ーｌ', 'ls -l'],
    ['ｓｙｓｃｔｌ　−ｗ　ａ＝１', 'sysctl -w a=1'],
    ['ｃａｔ　～／ａ｜ｇｒｅｐ　“ｂ”', 'cat ~/a|grep "b"'],
    ['cat ー', 'cat -'],
    ["echo '全角　のまま'", "echo '全角　のまま'"],
    ['echo サーバー', 'echo サーバー'],
  ])('%s', (line, text) => {
    expect(normalizeLine(line)).toEqual({ text, isChanged: text !== line });
  });
});
