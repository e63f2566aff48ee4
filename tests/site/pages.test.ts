import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  attribute,
  type Element,
  elementsNamed,
  isBare,
  isErrorPage,
  type Page,
  textOf,
} from '../../scripts/built-site/pages.ts';
import { defaultLocale, locales } from '../../src/i18n/locales.ts';
import { site } from './sites.ts';

/** The language of an address, and the address without it. */
function localeOf(path: string): { code: string; rest: string } {
  const other = locales.find((locale) => locale.path !== '' && path.startsWith(`/${locale.path}/`));
  if (other === undefined) return { code: defaultLocale, rest: path };
  return { code: other.code, rest: path.slice(other.path.length + 1) };
}

function titleOf(page: Page): string {
  return elementsNamed(page, 'title')
    .filter((element) => element.parentNode?.nodeName === 'head')
    .map(textOf)
    .join();
}

function metaOf(page: Page, name: string): string | undefined {
  const found = elementsNamed(page, 'meta').find(
    (element) => attribute(element, 'name') === name || attribute(element, 'http-equiv') === name,
  );
  return found && attribute(found, 'content');
}

/** The words of an element, without code and scripts. */
function prose(element: Element): string {
  return element.childNodes
    .map((child) => {
      if ('value' in child) return child.value;
      const isProse =
        'tagName' in child && !/^(code|pre|script|style|template)$/.test(child.tagName);
      return isProse ? prose(child) : '';
    })
    .join('');
}

const readable = site.pages.filter((page) => !isErrorPage(page));

it('has an icon for a phone and one for what only reads ICO', () => {
  const phone = readFileSync(join(site.folder, 'apple-touch-icon.png'));
  expect([phone.readUInt32BE(16), phone.readUInt32BE(20)]).toEqual([180, 180]);
  const ico = readFileSync(join(site.folder, 'favicon.ico'));
  const images = Array.from({ length: ico.readUInt16LE(4) }, (_, at) => {
    const start = ico.readUInt32LE(6 + 16 * at + 12);
    return [ico.readUInt8(6 + 16 * at), ico.readUInt32BE(start + 16)];
  });
  expect(images).toEqual([16, 32, 48].map((size) => [size, size]));
});

describe('languages', () => {
  it('have the same pages', () => {
    const pathsOf = (code: string): readonly string[] =>
      readable
        .map((page) => localeOf(page.path))
        .filter((one) => one.code === code)
        .map((one) => one.rest)
        .toSorted();
    for (const locale of locales) expect(pathsOf(locale.code)).toEqual(pathsOf(defaultLocale));
  });
});

describe.each(site.pages.map((page) => [page.path, page] as const))('%s', (path, page) => {
  it('says its language', () => {
    const [html] = elementsNamed(page, 'html');
    expect(html && attribute(html, 'lang')).toBe(localeOf(path).code);
  });

  it('has a title, one heading of the first level, and a place for its main content', () => {
    expect(titleOf(page)).not.toBe('');
    expect(elementsNamed(page, 'h1').map(textOf)).toHaveLength(1);
    expect(elementsNamed(page, 'main')).toHaveLength(1);
  });

  it('brings its words, a way on, and the first frame of each widget without any script', () => {
    const main = elementsNamed(page, 'main').map(prose).join('').replace(/\s+/g, ' ').trim();
    expect(main.length).toBeGreaterThan(80);
    const ways = elementsNamed(page, 'nav').flatMap(({ childNodes }) => childNodes);
    expect(ways.some((child) => 'tagName' in child)).toBe(true);
    for (const island of elementsNamed(page, 'astro-island'))
      expect(island.childNodes.some((child) => 'tagName' in child)).toBe(true);
  });

  it('leaves no place of a message open', () => {
    expect(elementsNamed(page, 'body').map(prose).join(' ')).not.toMatch(/\{[a-z]\w*[|}]/i);
  });

  it('has no id twice', () => {
    const ids = page.elements.flatMap((element) => attribute(element, 'id') ?? []);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('lets run and show only what the site itself wrote', () => {
    const policy = metaOf(page, 'content-security-policy') ?? '';
    expect(policy).toContain('script-src');
    expect(policy).toContain('style-src');
    expect(policy).not.toContain('unsafe-');
    // The policy would ignore these.
    const withStyle = page.elements.filter((element) => attribute(element, 'style') !== undefined);
    expect(
      withStyle.map((element) => `<${element.tagName} ${attribute(element, 'style') ?? ''}>`),
    ).toEqual([]);
    const handlers = page.elements.flatMap((element) =>
      element.attrs.filter(({ name }) => name.startsWith('on')).map(({ name }) => name),
    );
    expect(handlers).toEqual([]);
  });
});

describe.each(readable.map((page) => [page.path, page] as const))('%s', (path, page) => {
  it('brings a picture of its own language to where it is linked', () => {
    const image = elementsNamed(page, 'meta').find(
      (element) => attribute(element, 'property') === 'og:image',
    );
    const url = new URL((image && attribute(image, 'content')) ?? '');
    const lesson = /\/lessons\/[^/]+(?=\/$)/.exec(path)?.[0];
    const { code, rest } = localeOf(url.pathname);
    expect(code).toBe(localeOf(path).code);
    expect(rest).toBe(lesson === undefined ? '/share.png' : `${lesson}.png`);
    const png = readFileSync(join(site.folder, url.pathname));
    expect(png.toString('latin1', 1, 4)).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1200, 630]);
    expect(png.length).toBeLessThan(100_000);
    expect(metaOf(page, 'twitter:card')).toBe('summary_large_image');
  });

  it('names itself in every language', () => {
    const { rest } = localeOf(path);
    const alternates = Object.fromEntries(
      elementsNamed(page, 'link')
        .filter((element) => attribute(element, 'rel') === 'alternate')
        .map((element) => [attribute(element, 'hreflang') ?? '', attribute(element, 'href') ?? '']),
    );
    for (const locale of locales) {
      const expected = locale.path === '' ? rest : `/${locale.path}${rest}`;
      expect(new URL(alternates[locale.code] ?? 'none:').pathname).toBe(expected);
    }
    expect(metaOf(page, 'description') ?? '').not.toBe('');
  });

  it('leads to itself in the other language from its header', () => {
    const links = elementsNamed(page, 'a').filter(
      (element) => attribute(element, 'data-keeps-place') !== undefined,
    );
    expect(links).toHaveLength(isBare(path) ? 0 : locales.length - 1);
    const { code, rest } = localeOf(path);
    for (const link of links) {
      const other = locales.find((locale) => locale.code === attribute(link, 'hreflang'));
      expect(other?.code).not.toBe(code);
      const folder = other === undefined || other.path === '' ? '' : `/${other.path}`;
      expect(attribute(link, 'href')).toBe(`${folder}${rest}`);
    }
  });
});

describe('titles', () => {
  it('are of one page each', () => {
    const titles = readable.map(titleOf);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });

  it('are written in the language of the page', () => {
    const japanese = readable.filter((page) => localeOf(page.path).code === 'ja');
    const withoutJapanese = japanese.filter(
      (page) => !/[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]/u.test(titleOf(page)),
    );
    expect(withoutJapanese.map((page) => page.path)).toEqual([]);
  });
});

it('asks about what is inside only of small parts, so that what moves restyles nothing else', () => {
  // After `*:has(…)` or `:root:has(…)` whatever comes or goes makes the browser look at all of the page again.
  const asksOfAll = /(?:^|[\s>+~,{}(])(?:\*|:root|html|body|article|main)?(?:\[[^\]]*\])*:has\(/;
  const lessons = readable.filter(({ path }) => /^\/(?:ja\/)?(?:lessons\/.*)?$/.test(path));
  expect(lessons.length).toBeGreaterThan(30);
  const rules = lessons.flatMap((page) =>
    elementsNamed(page, 'style').flatMap(
      (style) => textOf(style).match(/[^{};]*:has\([^{]*/g) ?? [],
    ),
  );
  expect(rules.length).toBeGreaterThan(0);
  expect(rules.filter((selector) => asksOfAll.test(selector))).toEqual([]);
});

it('keeps a number that can be pressed in one line with the point after it', () => {
  const numbers =
    /(<span class="whole">)?<button[^>]*class="port-badge"[^>]*>(?:(?!<\/button>).)*<\/button>[、。，．：；！？）」』・…,.:;!?)\]’”]/gsu;
  const found = readable.flatMap(({ path, html }) =>
    [...html.matchAll(numbers)].map(([, whole]) => ({ path, isWhole: whole !== undefined })),
  );
  expect(found.length).toBeGreaterThan(100);
  expect(found.filter(({ isWhole }) => !isWhole)).toEqual([]);
});
