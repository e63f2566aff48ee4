import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import serviceTable from '../../content/interface/service-table/en.json';
import { Random } from '../time-and-chance/random.ts';
import { langAttribute, languageOf, languagesOf, wordsIn } from './by-language.ts';
import { currentLocale } from './current-locale.ts';
import { fill, fillQuoted } from './format.ts';
import { formatCount, formatNumber } from './numbers.ts';
import { defaultLocale, locales, type LocaleCode } from './locales.ts';
import { wordsOf } from './messages.ts';
import { localePages, localizedPath, sitePath } from './paths.ts';

type Tree = { readonly [key: string]: string | Tree };

const interfaceFolder = new URL('../../content/interface/', import.meta.url);

/** '' for the words of every page, then each folder. */
const folders = [
  '',
  ...readdirSync(interfaceFolder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [`${entry.name}/`] : [],
  ),
];

function read(folder: string, locale: string): Tree {
  return JSON.parse(
    readFileSync(new URL(`${folder}${locale}.json`, interfaceFolder), 'utf8'),
  ) as Tree;
}

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return typeof value === 'string' ? [[here, value] as [string, string]] : leaves(value, here);
  });
}

/** The names in `{name}` and `{name|one|other}`, each once. */
const places = (message: string) =>
  [...new Set([...message.matchAll(/\{(\w+)(?:\|[^{}]*)?\}/g)].map(([, name]) => name))].sort();

describe.each(folders)('content/interface/%s', (folder) => {
  const english = new Map(leaves(read(folder, defaultLocale)));

  it.each(locales.map(({ code }) => code))('%s: every key of English, none else', (code) => {
    const messages = new Map(leaves(read(folder, code)));
    expect([...messages.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each(locales.map(({ code }) => code))('%s: fills the same places', (code) => {
    for (const [key, message] of leaves(read(folder, code))) {
      const expected = english.get(key) ?? '';
      expect(places(message), key).toEqual(places(expected));
      if (expected.trim() !== '') expect(message.trim(), key).not.toBe('');
    }
  });
});

describe('wordsOf', () => {
  it('gives the words of a folder in a language', () => {
    expect(wordsOf(serviceTable, 'ja')).toEqual(read('service-table/', 'ja'));
    expect(() => wordsOf({}, 'ja')).toThrow('content/interface');
  });
});

describe('words by language', () => {
  it('are the default language’s where a language has none', () => {
    expect(wordsIn({ en: 'port', ja: 'ポート' }, 'ja')).toBe('ポート');
    expect(languageOf({ en: 'port', ja: 'ポート' }, 'ja')).toBe('ja');
    expect(wordsIn({ en: 'port' }, 'ja')).toBe('port');
    expect(languageOf({ en: 'port' }, 'ja')).toBe('en');
    expect(languagesOf({ en: 'port' })).toEqual(['en']);
    expect(langAttribute('en', 'ja')).toBe('en');
    expect(langAttribute('ja', 'ja')).toBeUndefined();
  });

  it('a lesson’s parts speak its language, others their page’s', () => {
    expect(currentLocale({ currentLocale: 'ja', locals: {} })).toBe('ja');
    expect(currentLocale({ currentLocale: 'ja', locals: { lesson: { locale: 'en' } } })).toBe('en');
    expect(currentLocale({ currentLocale: undefined, locals: {} })).toBe('en');
  });
});

describe('paths', () => {
  it('puts the language folder in front of a path', () => {
    expect(localizedPath('en', '/course/')).toBe('/course/');
    expect(localizedPath('ja', '/course/')).toBe('/ja/course/');
    expect(localizedPath('en', '/')).toBe('/');
    expect(localizedPath('ja', '/')).toBe('/ja/');
    expect(sitePath('/favicon.svg')).toBe('/favicon.svg');
  });

  it('gives every language one page', () => {
    expect(localePages().map((page) => page.props.locale)).toEqual(locales.map((one) => one.code));
    expect(localePages()[0]?.params.locale).toBeUndefined();
  });
});

describe('fillQuoted', () => {
  it('gives quotations within what it quotes the inner marks of their language', () => {
    expect(fillQuoted('“{text}”', { text: '“In use” isn’t one error.' })).toBe(
      '“‘In use’ isn’t one error.”',
    );
    expect(fillQuoted('「{text}」', { text: '「使用中」は一つ。' })).toBe('「『使用中』は一つ。」');
  });
});

describe('fill', () => {
  it('fills places, chooses forms by a number, and leaves a place without a value', () => {
    expect(fill('{done} of {all}', { done: 2, all: 15 })).toBe('2 of 15');
    expect(fill('{done} of {all}', { done: 2 })).toBe('2 of {all}');
    expect(fill('{n} {n|port|ports}', { n: 1 })).toBe('1 port');
    expect(fill('{n} {n|port|ports}', { n: '1,000' })).toBe('1,000 ports');
    expect(fill('{n} {n|port|ports}', { n: '1.000' })).toBe('1.000 ports');
    expect(fill('{n} {n|port|ports}', { n: '1\u202f000' })).toBe('1\u202f000 ports');
    expect(fill('none', { done: 2 })).toBe('none');
  });

  it('groups quantities', () => {
    expect(formatCount(28232, 'ja')).toBe('28,232');
    expect(formatCount(28232)).toBe('28,232');
    // As any language has it, also one that is not on the list yet.
    const german = 'de' as LocaleCode;
    expect(formatCount(28232, german)).toBe('28.232');
    expect(formatNumber(0.125, german, { style: 'percent', minimumFractionDigits: 1 })).toBe(
      '12,5\u00a0%',
    );
  });

  it('is written in the page’s own language where none is named', () => {
    const format = vi.spyOn(Intl, 'NumberFormat');
    vi.stubGlobal('document', { documentElement: { lang: 'ja' } });
    formatNumber(0.5, undefined, { signDisplay: 'always' });
    expect(format).toHaveBeenCalledWith('ja', { signDisplay: 'always' });
    vi.stubGlobal('document', { documentElement: { lang: 'xx' } });
    formatNumber(0.5, undefined, { signDisplay: 'never' });
    expect(format).toHaveBeenCalledWith('en', { signDisplay: 'never' });
    vi.unstubAllGlobals();
    format.mockRestore();
  });

  it('is what Intl makes of it, whoever writes it', () => {
    const chance = new Random(7);
    const values = [0, 0.5, 1.005, 0.0005, 0.0015, 0.35, 2.5, 999.9995, 999_999.5, 1e9, -3.5, 1e-9];
    for (let n = 0; n < 400; n += 1) {
      values.push(
        Math.round(chance.fraction() * 10 ** (n % 10)) / 10 ** (n % 7),
        chance.fraction() * n,
      );
    }
    const all: Intl.NumberFormatOptions[] = [
      {},
      { useGrouping: false, minimumFractionDigits: 3, maximumFractionDigits: 3 },
      { minimumFractionDigits: 1, maximumFractionDigits: 1 },
      { maximumFractionDigits: 0 },
      { minimumFractionDigits: 4 },
      { style: 'percent' },
      { style: 'percent', minimumFractionDigits: 1 },
      { style: 'percent', maximumFractionDigits: 1 },
      { style: 'unit', unit: 'second' },
      { useGrouping: 'min2' },
    ];
    for (const { code } of locales)
      for (const options of all) {
        const format = new Intl.NumberFormat(code, options);
        const made = values.map((value) => formatNumber(value, code, options));
        expect(made).toEqual(values.map((value) => format.format(value)));
      }
  });
});
