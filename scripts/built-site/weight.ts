/**
 * What a page weighs on the wire: bytes after Brotli at its best level, without headers. Read off
 * the built files, so it is the same on every machine.
 */
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { attribute, type BuiltSite, elementsNamed, type Page, textOf } from './pages.ts';
import { staticImports } from './static-imports.ts';

export interface PageWeight {
  readonly path: string;
  /** The document with its inlined styles and scripts. */
  readonly html: number;
  /** Its inlined styles alone, and linked ones. */
  readonly css: number;
  /** Scripts that load without anybody doing anything, with all they import. */
  readonly script: number;
  readonly images: number;
  readonly fonts: number;
  /** All of the above. */
  readonly firstView: number;
  /** The document, its icon, scripts, styles and images. */
  readonly requests: number;
  readonly islands: readonly IslandWeight[];
}

export interface IslandWeight {
  /** The component: `ConnectionSimulator`. */
  readonly name: string;
  /** Its own file. */
  readonly own: number;
  /** With the files that it shares with other widgets (the engine among them), without Svelte. */
  readonly withShared: number;
  /** When it loads: `seen`, `visible`, `load`, `idle`, `media`, `only`. */
  readonly when: string;
}

const sizes = new Map<string, number>();
const inlinedSizes = new Map<string, number>();
const imports = new Map<string, readonly string[]>();

/** Bytes after Brotli, at level 11 unless another is asked for. */
export function compressedSize(content: string | Buffer, level = 11): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: level };
  return brotliCompressSync(content, { params }).length;
}

/** What every page of the site weighs. */
export function weighSite(site: BuiltSite): readonly PageWeight[] {
  return site.pages.map((page) => weighPage(site, page));
}

/**
 * What one page weighs.
 * @param level of Brotli for the document and its styles: 11 is the truth, 7 forty times as quick and a little heavier
 */
export function weighPage(site: BuiltSite, page: Page, level = 11): PageWeight {
  const islandElements = elementsNamed(page, 'astro-island');
  const eagerIslands = islandElements.filter(
    (island) => whenOf(attribute(island, 'client')) !== 'seen',
  );
  const scripts = closure(site, [
    ...elementsNamed(page, 'script').map((element) => attribute(element, 'src')),
    ...elementsNamed(page, 'link')
      .filter((element) => attribute(element, 'rel') === 'modulepreload')
      .map((element) => attribute(element, 'href')),
    ...eagerIslands.flatMap((island) => moduleUrls(island)),
  ]);
  const styles = elementsNamed(page, 'link')
    .filter((element) => attribute(element, 'rel') === 'stylesheet')
    .flatMap((element) => attribute(element, 'href') ?? []);
  const fontFiles = elementsNamed(page, 'link')
    .filter((element) => attribute(element, 'as') === 'font')
    .flatMap((element) => attribute(element, 'href') ?? []);
  const imageFiles = [
    ...elementsNamed(page, 'img').flatMap((element) => attribute(element, 'src') ?? []),
    ...elementsNamed(page, 'link')
      .filter((element) => attribute(element, 'rel') === 'icon')
      .flatMap((element) => attribute(element, 'href') ?? []),
  ].filter((url) => !url.startsWith('data:'));

  const inlined = elementsNamed(page, 'style').map(textOf).join('\n');
  const html = compressedSize(page.html, level);
  const linked = sum(site, styles);
  const script = sum(site, scripts);
  const images = sum(site, new Set(imageFiles));
  const fonts = sum(site, fontFiles) + fontsOf(site, inlined);
  return {
    path: page.path,
    html,
    css: linked + (inlined === '' ? 0 : sizeOfStyles(inlined, level)),
    script,
    images,
    fonts,
    firstView: html + linked + script + images + fonts,
    requests: 1 + styles.length + scripts.size + new Set(imageFiles).size + fontFiles.length,
    islands: weighIslands(site, page),
  };
}

function weighIslands(site: BuiltSite, page: Page): readonly IslandWeight[] {
  const islands = new Map<string, IslandWeight>();
  for (const element of elementsNamed(page, 'astro-island')) {
    const url = attribute(element, 'component-url');
    if (url === undefined) continue;
    const framework = closure(site, [attribute(element, 'renderer-url')]);
    const needed = closure(site, [url]);
    const withShared = sum(
      site,
      [...needed].filter((file) => !framework.has(file)),
    );
    const name = posix.basename(url).replace(/\..*$/, '');
    const own = sum(site, [url]);
    islands.set(name, { name, own, withShared, when: whenOf(attribute(element, 'client')) });
  }
  return [...islands.values()];
}

function whenOf(client: string | undefined): string {
  return client ?? 'load';
}

function moduleUrls(island: Parameters<typeof attribute>[0]): readonly (string | undefined)[] {
  return ['component-url', 'renderer-url', 'before-hydration-url'].map((name) =>
    attribute(island, name),
  );
}

/** Module files and all they import statically. */
function closure(site: BuiltSite, urls: readonly (string | undefined)[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = urls.flatMap((url) => url ?? []);
  for (let url = open.pop(); url !== undefined; url = open.pop()) {
    if (found.has(url) || !isInside(site, url)) continue;
    found.add(url);
    open.push(...importsOf(site, url));
  }
  return found;
}

function importsOf(site: BuiltSite, url: string): readonly string[] {
  const file = fileOf(site, url);
  let known = imports.get(file);
  if (known === undefined) {
    known = staticImports(readFileSync(file, 'utf8'));
    imports.set(file, known);
  }
  return known.map((specifier) => posix.join(posix.dirname(url), specifier));
}

function sum(site: BuiltSite, urls: Iterable<string>): number {
  let total = 0;
  for (const url of urls) if (isInside(site, url)) total += sizeOf(fileOf(site, url));
  return total;
}

/** Many pages have the same. */
function sizeOfStyles(css: string, level: number): number {
  const key = `${String(level)} ${css}`;
  let size = inlinedSizes.get(key);
  if (size === undefined) {
    size = compressedSize(css, level);
    inlinedSizes.set(key, size);
  }
  return size;
}

function sizeOf(file: string): number {
  let size = sizes.get(file);
  if (size === undefined) {
    size = compressedSize(readFileSync(file));
    sizes.set(file, size);
  }
  return size;
}

/** Fonts that the styles name and that lie in the site. */
function fontsOf(site: BuiltSite, css: string): number {
  const files = [...css.matchAll(/url\(["']?([^"')]+\.(?:woff2?|ttf|otf))["']?\)/g)];
  return sum(
    site,
    files.map(([, url = '']) => url),
  );
}

function isInside(site: BuiltSite, url: string): boolean {
  return url.startsWith(site.base) && site.has(url.slice(site.base.length).replace(/[?#].*$/, ''));
}

function fileOf(site: BuiltSite, url: string): string {
  return join(site.folder, url.slice(site.base.length).replace(/[?#].*$/, ''));
}
