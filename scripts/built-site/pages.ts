/** The pages of the built site, each read and parsed as a browser would when it is first looked into. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { type DefaultTreeAdapterTypes, parse } from 'parse5';

export type Element = DefaultTreeAdapterTypes.Element;

export interface Page {
  /** Its address without the base path: `/ja/course/`. */
  readonly path: string;
  /** The file in the folder of the site: `ja/course/index.html`. */
  readonly file: string;
  readonly html: string;
  /** Every element, in the order of the document, those of templates included. */
  readonly elements: readonly Element[];
}

export interface BuiltSite {
  readonly folder: string;
  readonly base: string;
  readonly pages: readonly Page[];
  /** Whether a file of this path below the folder is there. */
  has(path: string): boolean;
}

/**
 * @param folder of the built site
 * @param base the path it was built for, with a slash at both ends
 * @throws where nothing was built
 */
export function readBuiltSite(folder: string, base: string): BuiltSite {
  if (!existsSync(folder)) {
    throw new Error(
      `There is no ${folder}. "npm test -- site" builds the site and runs this test.`,
    );
  }
  const files = globSync('**/*.html', { cwd: folder }).map((file) => file.split(sep).join('/'));
  return {
    folder,
    base,
    pages: files.toSorted().map((file) => readPage(folder, file)),
    has: (path) => existsSync(join(folder, path)),
  };
}

function readPage(folder: string, file: string): Page {
  let html: string | undefined;
  let elements: Element[] | undefined;
  return {
    path: `/${file.replace(/index\.html$/, '')}`,
    file,
    // The browser tests want the addresses only, in each of their processes.
    get html() {
      return (html ??= readFileSync(join(folder, file), 'utf8'));
    },
    get elements() {
      if (elements === undefined) {
        elements = [];
        collect(parse(this.html), elements);
      }
      return elements;
    },
  };
}

function collect(node: DefaultTreeAdapterTypes.ParentNode, into: Element[]): void {
  for (const child of node.childNodes) {
    if (!('tagName' in child)) continue;
    into.push(child);
    collect(child, into);
    if ('content' in child) collect(child.content, into);
  }
}

export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((one) => one.name === name)?.value;
}

/** The elements of a page with this tag name. */
export function elementsNamed(page: Page, tagName: string): readonly Element[] {
  return page.elements.filter((element) => element.tagName === tagName);
}

/** The text inside an element, as it is in the source. */
export function textOf(element: Element): string {
  return element.childNodes
    .map((child) => {
      if ('value' in child) return child.value;
      return 'tagName' in child ? textOf(child) : '';
    })
    .join('');
}

/** The paths that go through `/404`: pages that only a wrong address shows. */
export function isErrorPage(page: Page): boolean {
  return /\/404(\.html|\/)$/.test(page.path);
}

/** Whether a page fills a window or a frame by itself, without the site's header: a stage, its notes, an embed. */
export function isBare(path: string): boolean {
  return /\/(?:stage|presenter)\/$|\/embed\//.test(path);
}

/**
 * So few pages that each kind of page and each kind of widget is on one; by turns English and Japanese.
 * @returns their addresses
 */
export function oneOfEachKind(site: BuiltSite): readonly string[] {
  const known = new Set<string>();
  const chosen: string[] = [];
  for (const { path, html } of site.pages) {
    if (path.startsWith('/ja/') || path.endsWith('.html')) continue;
    // Of lessons, labs, widgets in frames and sheets of paper there are many of a kind.
    const kind = path.replace(/^\/(lessons|lab|embed|about)\/.+|\/\d[^/]*/, '/$1*');
    const widgets = [...html.matchAll(/component-url="([^".]+)/g)].map(([, widget = '']) => widget);
    const isFrame = path.startsWith('/embed/');
    const news = [kind, ...(isFrame ? [] : widgets)].filter((one) => !known.has(one));
    if (news.length === 0) continue;
    for (const one of news) known.add(one);
    chosen.push(path);
  }
  return chosen.map((path, place) => (place % 2 === 0 ? path : `/ja${path}`));
}
