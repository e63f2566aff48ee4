import { describe, expect, it } from 'vitest';
import { brokenLinks, linksOf } from '../../scripts/built-site/links.ts';
import { site, siteBelowBasePath } from './sites.ts';

describe('links', () => {
  it('lead to pages, files and anchors that are there', () => {
    expect(brokenLinks(site)).toEqual([]);
  });

  it('stay below the base path', () => {
    expect(brokenLinks(siteBelowBasePath)).toEqual([]);
  });

  it('lead below the base path to every page that is at the root', () => {
    const below = new Set(siteBelowBasePath.pages.map((page) => page.path));
    expect(site.pages.map((page) => page.path).filter((path) => !below.has(path))).toEqual([]);
  });

  it('load nothing from elsewhere', () => {
    const loading = new Set(['script', 'img', 'source', 'image', 'video', 'audio', 'iframe']);
    const loadingRelations = ['stylesheet', 'icon', 'preload', 'modulepreload', 'manifest'];
    const elsewhere = site.pages.flatMap((page) =>
      linksOf(page)
        .filter(({ tagName, element }) => {
          const relation = element.attrs.find(({ name }) => name === 'rel')?.value ?? '';
          return loading.has(tagName) || loadingRelations.includes(relation);
        })
        .filter(({ url }) => /^([a-z]+:)?\/\//.test(url))
        .map(({ url }) => `${page.path}: ${url}`),
    );
    expect(elsewhere).toEqual([]);
    const styles = site.pages.flatMap(
      (page) => page.html.match(/url\(["']?(?:https?:)?\/\/[^)]*/g) ?? [],
    );
    expect(styles).toEqual([]);
  });
});
