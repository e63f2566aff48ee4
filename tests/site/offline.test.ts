/** What the service worker may save: every file of the build but archives, once, as it is. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attribute, elementsNamed } from '../../scripts/built-site/pages.ts';
import { linksOf } from '../../scripts/built-site/links.ts';
import { localizedPath } from '../../src/i18n/paths.ts';
import { locales } from '../../src/i18n/locales.ts';
import type { SiteFile } from '../../src/offline/messages.ts';
import { site, siteBelowBasePath } from './sites.ts';

function savedFiles(folder: string): readonly SiteFile[] {
  const [first = ''] = readFileSync(join(folder, 'sw.js'), 'utf8').split('\n');
  return JSON.parse(first.replace(/^self\.siteFiles=/, '').replace(/;$/, '')) as SiteFile[];
}

describe.each([site, siteBelowBasePath].map((one) => [one.base, one] as const))(
  'the worker of the site at %s',
  (base, { folder, pages }) => {
    const files = savedFiles(folder);
    const places = new Map(files.map(({ path }, place) => [path, place]));

    it('knows every file once, with its size and digest', () => {
      const there = globSync('**/*', { cwd: folder })
        .filter((path) => statSync(join(folder, path)).isFile() && !/^sw\.js$|\.zip$/.test(path))
        .toSorted();
      expect(files.map(({ path }) => path)).toEqual(there);
      for (const { path, revision, bytes } of files) {
        const content = readFileSync(join(folder, path));
        expect(bytes, path).toBe(content.length);
        const digest = createHash('sha256').update(content).digest('hex');
        expect(digest.startsWith(revision), path).toBe(true);
      }
    });

    it('knows what each page loads by itself, and what each script imports', () => {
      for (const page of pages) {
        const needs = files[places.get(page.file) ?? -1]?.needs ?? [];
        const needed = linksOf(page)
          .filter(({ tagName }) => tagName !== 'a' && tagName !== 'link')
          .map(({ url }) => url)
          .filter((url) => url.startsWith(base));
        for (const url of needed)
          expect(needs, `${page.path}: ${url}`).toContain(places.get(url.slice(base.length)));
      }
      for (const { path, needs } of files)
        for (const place of needs) expect(files[place], `${path} needs`).toBeDefined();
    });
  },
);

describe('the manifest of each language', () => {
  it.each(locales.map(({ code }) => code))(
    '%s names icons and screenshots that are there',
    (code) => {
      const address = localizedPath(code, '/site.webmanifest');
      for (const page of site.pages) {
        const [html] = elementsNamed(page, 'html');
        if (!html || attribute(html, 'lang') !== code) continue;
        const link = elementsNamed(page, 'link').find(
          (one) => attribute(one, 'rel') === 'manifest',
        );
        expect(link && attribute(link, 'href'), page.path).toBe(address);
      }
      const manifest = JSON.parse(readFileSync(join(site.folder, address), 'utf8')) as {
        lang: string;
        start_url: string;
        icons: { src: string; sizes: string; purpose: string }[];
        screenshots: { src: string; sizes: string }[];
      };
      expect(manifest.lang).toBe(code);
      expect(manifest.start_url).toBe(localizedPath(code, '/'));
      expect(manifest.icons.map(({ purpose }) => purpose)).toContain('maskable');
      for (const { src, sizes } of [...manifest.icons, ...manifest.screenshots]) {
        const png = readFileSync(join(site.folder, src));
        // Width and height are in the first chunk of a PNG.
        expect(`${png.readUInt32BE(16)}x${png.readUInt32BE(20)}`, src).toBe(sizes);
      }
    },
  );
});
