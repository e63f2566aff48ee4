/** Whatever the search finds is there: each address of search.json is a page's, with its anchor. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attribute } from '../../scripts/built-site/pages.ts';
import { localizedPath } from '../../src/i18n/paths.ts';
import { locales } from '../../src/i18n/locales.ts';
import type { SearchFile } from '../../src/search/search-document.ts';
import { site, siteBelowBasePath } from './sites.ts';

const languageOf = (path: string): string => /^\/(ja|fr)\//.exec(path)?.[1] ?? 'en';

describe.each(
  [site, siteBelowBasePath].flatMap((one) =>
    locales.map(({ code }) => [code, one.base, one] as const),
  ),
)('the search in %s at %s', (code, base, { folder, pages }) => {
  const path = localizedPath(code, '/search.json');
  const { documents } = JSON.parse(readFileSync(join(folder, path), 'utf8')) as SearchFile;

  it('leads to places that are there', () => {
    const anchors = new Map(
      pages.map((page) => [
        page.path,
        new Set(page.elements.flatMap((element) => attribute(element, 'id') ?? [])),
      ]),
    );
    const broken = documents.filter(({ href }) => {
      const { pathname, hash } = new URL(href, 'http://site.invalid');
      if (!pathname.startsWith(base)) return true;
      const found = anchors.get(`/${pathname.slice(base.length)}`);
      return found === undefined || (hash !== '' && !found.has(hash.slice(1)));
    });
    expect(broken.map(({ href }) => href)).toEqual([]);
  });

  it('knows every page but the home page, those of errors, of teachers and of other sites', () => {
    const known = new Set(documents.map(({ href }) => href.replace(/[?#].*/, '')));
    const home = localizedPath(code, '/').slice(1);
    const own = pages
      .map((page) => page.path)
      .filter((one) => languageOf(one) === code && !one.includes('404'))
      .map((one) => base + one.slice(1))
      .filter((one) => one !== base + home && !/\/(?:teach|embed|assignment)\//.test(one));
    expect(own.filter((one) => !known.has(one))).toEqual([]);
    expect(documents.filter(({ kind }) => kind === 'turn').length).toBeGreaterThan(300);
  });
});
