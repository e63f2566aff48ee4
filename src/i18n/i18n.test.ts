import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fill, formatNumber } from './format.ts';
import { defaultLocale, locales } from './locales.ts';
import { localePages, localizedPath, sitePath } from './paths.ts';

type Tree = { readonly [key: string]: string | Tree };

function read(locale: string): Tree {
  return JSON.parse(
    readFileSync(new URL(`../../content/interface/${locale}.json`, import.meta.url), 'utf8'),
  ) as Tree;
}

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) => {
    const here = path === '' ? key : `${path}.${key}`;
    return typeof value === 'string' ? [[here, value] as [string, string]] : leaves(value, here);
  });
}

const places = (message: string) => [...message.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort();

describe('interface messages', () => {
  const english = new Map(leaves(read(defaultLocale)));

  for (const { code } of locales) {
    const messages = new Map(leaves(read(code)));

    it(`${code} has every key of ${defaultLocale} and no other`, () => {
      expect([...messages.keys()].sort()).toEqual([...english.keys()].sort());
    });

    it(`${code} says something everywhere and fills the same places`, () => {
      for (const [key, message] of messages) {
        expect(message.trim(), key).not.toBe('');
        expect(places(message), key).toEqual(places(english.get(key) ?? ''));
      }
    });
  }
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

describe('fill', () => {
  it('fills places and refuses what does not fit', () => {
    expect(fill('{done} of {all}', { done: 2, all: 15 })).toBe('2 of 15');
    expect(() => fill('{done} of {all}', { done: 2 })).toThrow('{all}');
    expect(() => fill('none', { done: 2 })).toThrow('done');
  });

  it('groups quantities', () => {
    expect(formatNumber('ja', 28232)).toBe('28,232');
  });
});
