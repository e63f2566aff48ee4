/** The search over the real content: what somebody types, and what comes first. */

import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LocaleCode } from '../../src/i18n/locales.ts';
import { locales } from '../../src/i18n/locales.ts';
import { searchFile } from '../../src/lesson-kit/search-documents.ts';
import { readQuestionFile } from '../../src/quiz/question-file.ts';
import { lessonSchema } from '../../src/schemas/lesson.ts';
import type { SearchFile } from '../../src/search/search-document.ts';
import { buildSearchIndex, portAskedFor, type SearchIndex } from '../../src/search/search-index.ts';
import { readLessons } from './read-lesson.ts';

function fileIn(locale: LocaleCode): SearchFile {
  const lessons = readLessons()
    .filter((lesson) => lesson.locale === locale)
    .map((file) => {
      const { title, theme, summary } = lessonSchema.parse(file.frontMatter);
      const path = `content/questions/${file.slug}.yaml`;
      const questions = readQuestionFile(readFileSync(path, 'utf8'), path);
      const number = Number.parseInt(file.slug, 10);
      return { slug: file.slug, number, title, theme, summary, language: locale, file, questions };
    });
  return searchFile(locale, lessons, [
    { path: '/glossary/', title: 'Glossary', description: 'The words of the course.' },
  ]);
}

const files = Object.fromEntries(locales.map(({ code }) => [code, fileIn(code)])) as Record<
  LocaleCode,
  SearchFile
>;
const indexes = new Map<LocaleCode, SearchIndex>();

beforeAll(async () => {
  for (const { code } of locales) indexes.set(code, await buildSearchIndex(files[code].documents));
});

function addresses(locale: LocaleCode, text: string): readonly string[] {
  return (indexes.get(locale)?.find(text) ?? []).map(({ document }) => document.href);
}

describe('the documents', () => {
  it.each(locales.map(({ code }) => code))('are there for everything in %s', (code) => {
    const { documents } = files[code];
    const count = (kind: string) => documents.filter((one) => one.kind === kind).length;
    expect(count('lesson')).toBe(readdirSync(`content/lessons/${code}`).length);
    expect(count('command')).toBe(readdirSync('content/man/en').length);
    expect(count('lab')).toBe(readdirSync('content/labs').length);
    for (const kind of ['turn', 'question', 'term', 'port', 'section'])
      expect(count(kind), kind).toBeGreaterThan(10);
    const hrefs = documents.map(({ href }) => href);
    expect(new Set(hrefs).size).toBe(hrefs.length);
    for (const { href, title, text } of documents) {
      expect(title.trim(), href).not.toBe('');
      expect(`${title}${text}`, href).not.toMatch(/<\/?[A-Z]|```|\*\*|undefined/);
    }
  });
});

describe('a search', () => {
  it.each<[LocaleCode, string, string]>([
    // terms, by name, with a typing error, joined, by the other language
    ['en', 'ephemeral port', '/glossary/#ephemeral-port'],
    ['en', 'EPHEMERAL PORT', '/glossary/#ephemeral-port'],
    ['en', 'ephemral port', '/glossary/#ephemeral-port'],
    ['en', 'time-wait', '/glossary/#time-wait'],
    ['en', 'timewait', '/glossary/#time-wait'],
    ['en', 'TIME_WAIT', '/glossary/#time-wait'],
    ['en', 'エフェメラルポート', '/glossary/#ephemeral-port'],
    ['ja', 'エフェメラルポート', '/ja/glossary/#ephemeral-port'],
    ['ja', 'ephemeral port', '/ja/glossary/#ephemeral-port'],
    ['ja', 'ephemral port', '/ja/glossary/#ephemeral-port'],
    ['ja', 'えふぇめらるぽーと', '/ja/glossary/#ephemeral-port'],
    ['ja', 'ｴﾌｪﾒﾗﾙﾎﾟｰﾄ', '/ja/glossary/#ephemeral-port'],
    ['ja', 'ポート番号', '/ja/glossary/#port-number'],
    ['ja', 'ぽーとばんごう', '/ja/glossary/#port-number'],
    ['ja', '宛先ポート', '/ja/glossary/#destination-port'],
    ['ja', 'あてさきぽーと', '/ja/glossary/#destination-port'],
    ['ja', 'ＴＩＭＥ－ＷＡＩＴ', '/ja/glossary/#time-wait'],
    // ports, with digits of any width
    ['en', '443', '/ports/?q=443'],
    ['en', 'port 443', '/ports/?q=443'],
    ['en', '４４３', '/ports/?q=443'],
    ['ja', '443', '/ja/ports/?q=443'],
    ['ja', '４４３番', '/ja/ports/?q=443'],
    ['ja', 'ポート２２', '/ja/ports/?q=22'],
    // commands
    ['en', 'ss', '/lab/commands/#ss'],
    ['en', 'systemctl', '/lab/commands/#systemctl'],
    ['en', 'sysctrl', '/lab/commands/#sysctl'],
    ['ja', 'ss', '/ja/lab/commands/#ss'],
    ['ja', 'ｌｓｏｆ', '/ja/lab/commands/#lsof'],
    // lessons and labs by their names
    ['en', 'well-known ports', '/lessons/20-well-known-ports/'],
    ['en', 'Behind the NAT', '/lessons/140-behind-the-nat/'],
    ['ja', '待ち受けるということ', '/ja/lessons/30-listening/'],
    ['en', 'noon', '/lab/noon/'],
    ['ja', '正午のプロキシ', '/ja/lab/noon/'],
  ])('in %s for "%s" finds %s first', (locale, text, expected) => {
    expect(addresses(locale, text)[0]).toBe(expected);
  });

  it.each<[LocaleCode, string, string]>([
    ['en', 'four network jacks', '/lessons/10-what-a-port-is/#at-the-back'],
    ['en', 'how many different port numbers', '/lessons/10-what-a-port-is/#how-many-numbers'],
    ['ja', 'ポート番号は全部でいくつ', '/ja/lessons/10-what-a-port-is/#how-many-numbers'],
  ])('in %s for "%s" leads to the very turn or question %s', (locale, text, expected) => {
    expect(addresses(locale, text).slice(0, 3)).toContain(expected);
  });

  it('finds most of the words where not all stand together, and nothing where none does', () => {
    expect(addresses('en', 'ephemeral ports zebra')[0]).toContain('ephemeral');
    expect(addresses('en', 'qqqqqqqq')).toEqual([]);
    expect(addresses('ja', 'ゑゑゑゑ')).toEqual([]);
  });

  it('takes whatever is typed as text', () => {
    const odd = ['', '   ', '<b>', '<img src=x onerror=alert(1)>', '"', '\\', '%', '*', '\u0000'];
    for (const text of [...odd, 'a'.repeat(100_000), '\ud800', '__proto__', 'constructor'])
      for (const { code } of locales) expect(addresses(code, text).length).toBeLessThanOrEqual(30);
  });
});

describe('a port number', () => {
  it.each<[string, number | undefined]>([
    ['51515', 51515],
    ['５１５１５番', 51515],
    ['port 0', 0],
    ['ポート65535', 65535],
    ['udp/53', 53],
    ['53/udp', 53],
    ['65536', undefined],
    ['-1', undefined],
    ['443 https', undefined],
    ['', undefined],
  ])('in "%s" is %s', (text, expected) => {
    expect(portAskedFor(text)).toBe(expected);
  });
});
