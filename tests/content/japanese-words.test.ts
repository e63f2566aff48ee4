/**
 * One word for one thing, in every Japanese text of content/ (docs/voice.md, "Numbers" and "Words").
 * Left out: the manuals, whose columns are those of a terminal, and whatever is in code.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const content = new URL('../../content/', import.meta.url);
const japanese = '[\\u3040-\\u30ff\\u4e00-\\u9fff]';

/** What is not written, and what is written instead. */
const rules: readonly (readonly [RegExp, string])[] = [
  [
    /(?:サーバ|ブラウザ|ユーザ|パラメータ|コンテナ|ヘッダ)(?!ー)/,
    'a long mark at the end: サーバー',
  ],
  [/ディレクトリー|プロキシー|メモリー|セキュリティー/, 'no long mark for -y: ディレクトリ'],
  [/ウェブ/, 'Web'],
  [/登録簿/, 'レジストリ'],
  [/返信(?!用)/, '応答'],
  [/機械(?<!工場の機械)/, 'マシン'],
  [/控え/, 'バックアップ, or 記録'],
  [/起動し直/, '再起動する'],
  [/呼び出しを(?:待|受)|(?:を|から)呼(?!び出)/, '接続する, つなぐ'],
  [/(?:ている|ていた)者/, 'プログラム, ソケット, 攻撃者: whatever it is'],
  [/だれ/, '誰'],
  [/分か(?:[るり]|ら[なず]|っ[たて])/, 'わかる'],
  [/(?:見|変え|戻し|使い|選び|選ばれ|書き)かた/, '方: 使い方'],
  [/することができ/, 'できる'],
  [/標準(?!入力|出力|エラー|ライブラリ)/, '規格 (an RFC), 既定 (a default)'],
  [/二つ飛び/, '一つおき'],
  [/一ます/, '1マス'],
  [/(?:の|この|その|二つの|一つの)端末[でに]/, 'ターミナル'],
  [/よい例です|けっこうです。/, 'what the sensei really says to it'],
  [/時刻のサーバー/, 'NTPサーバー'],
  [/利用者/, 'ユーザー'],
  [/命令/, 'コマンド'],
  [/(?:ファイアウォール|番号|ポート)の規則/, 'ルール'],
  [/手元の(?:ポート|アドレス)/, 'ローカルポート, ローカルアドレス'],

  [new RegExp(`${japanese} ?\\(`), 'full-width brackets: （ ）'],
  [new RegExp(`${japanese} (?=[A-Za-z0-9{])|[A-Za-z0-9}] (?!第)(?=${japanese})`), 'no space there'],
];

function filesIn(folder: URL): readonly URL[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const url = new URL(entry.name + (entry.isDirectory() ? '/' : ''), folder);
    if (!entry.isDirectory()) return [url];
    return entry.name === 'en' || entry.name === 'man' ? [] : filesIn(url);
  });
}

/** The lines of a text without its listings and its code. */
function prose(text: string): readonly string[] {
  return text
    .replaceAll(/```[^]*?```/g, (listing) => listing.replaceAll(/[^\n]/g, ''))
    .replaceAll(/`[^`\n]*`/g, '`')
    .split('\n');
}

function problemsIn(text: string): readonly string[] {
  return prose(text).flatMap((line, index) =>
    rules.flatMap(([pattern, instead]) => {
      const [found] = pattern.exec(line) ?? [];
      return found === undefined
        ? []
        : [`line ${index + 1}: "${found}" in "${line.trim()}". Write ${instead} (docs/voice.md).`];
    }),
  );
}

const files = filesIn(content).filter(({ pathname }) => /\.(mdx|yaml|json)$/.test(pathname));

describe('Japanese words', () => {
  it.each(files.map((url) => [url.pathname.slice(content.pathname.length), url] as const))(
    '%s',
    (_, url) => {
      expect(problemsIn(readFileSync(url, 'utf8'))).toEqual([]);
    },
  );

  it.each([
    'サーバが待ち受けます。',
    'メモリーの中。',
    '返信の宛先。',
    'サーバー (web) です。',
    'ポート 80 です。',
    '待ち受けている者。',
    '規格の標準的な範囲。',
    '二つ飛びに上がる。',
    'もう一つの端末で。',
    '手元のポートが同じ。',
    'ファイアウォールの規則。',
    '利用者の命令。',
  ])('%s is found', (text) => {
    expect(problemsIn(text)).not.toEqual([]);
  });

  it('leaves code, links and numbers of chapters alone', () => {
    const text =
      '`ss -tan`は[文書](https://example.com)にある。RFC 6335 第6章。\n```\nサーバ (1)\n```';
    expect(problemsIn(text)).toEqual([]);
  });
});
