/** Links of a built site that lead nowhere, in words. */
import { attribute, type BuiltSite, type Element, type Page } from './pages.ts';

/** Attributes that name another file or page, by tag. */
const urlAttributes: Readonly<Record<string, readonly string[]>> = {
  a: ['href'],
  area: ['href'],
  link: ['href'],
  script: ['src'],
  img: ['src', 'srcset'],
  source: ['src', 'srcset'],
  image: ['href'],
  use: ['href', 'xlink:href'],
  video: ['src', 'poster'],
  audio: ['src'],
  iframe: ['src'],
  object: ['data'],
  form: ['action'],
  'astro-island': ['component-url', 'renderer-url', 'before-hydration-url'],
};

export interface Link {
  readonly tagName: string;
  readonly url: string;
  readonly element: Element;
}

/** Everything on a page that names another file or page. */
export function linksOf(page: Page): readonly Link[] {
  return page.elements.flatMap((element) =>
    (urlAttributes[element.tagName] ?? []).flatMap((name) => {
      const value = attribute(element, name);
      if (value === undefined) return [];
      const urls =
        name === 'srcset' ? value.split(',').map((part) => part.trim().split(' ')[0]) : [value];
      return urls.map((url = '') => ({ tagName: element.tagName, url, element }));
    }),
  );
}

/** Every link inside the site whose page, file or anchor is not there. */
export function brokenLinks(site: BuiltSite): readonly string[] {
  const pages = new Map(site.pages.map((page) => [page.path, page]));
  const anchors = new Map(site.pages.map((page) => [page.path, anchorsOf(page)]));
  return site.pages.flatMap((page) =>
    linksOf(page).flatMap(({ url }) => {
      const reason = whyBroken(url, page, { site, pages, anchors });
      return reason === undefined ? [] : [`${page.path}: ${url}: ${reason}`];
    }),
  );
}

function whyBroken(
  url: string,
  from: Page,
  {
    site,
    pages,
    anchors,
  }: {
    site: BuiltSite;
    pages: ReadonlyMap<string, Page>;
    anchors: ReadonlyMap<string, ReadonlySet<string>>;
  },
): string | undefined {
  if (/^(https?:|mailto:|data:|tel:)/.test(url)) return undefined;
  const origin = 'http://site.invalid';
  const target = new URL(url, `${origin}${site.base}${from.path.slice(1)}`);
  if (target.origin !== origin) return `leads to ${target.host}`;
  if (!target.pathname.startsWith(site.base)) return `leaves the base path ${site.base}`;
  const path = decodeURIComponent(`/${target.pathname.slice(site.base.length)}`);
  const page = pages.get(path);
  if (page === undefined) {
    if (site.has(path.slice(1)) && !path.endsWith('/')) {
      return site.has(`${path.slice(1)}/index.html`) ? 'lacks the slash at the end' : undefined;
    }
    return 'there is no such page or file';
  }
  const anchor = decodeURIComponent(target.hash.slice(1));
  // A widget in a state: `#sim-<id>=<state>`.
  const [, widget] = /^sim-([a-z0-9-]+)=/.exec(anchor) ?? [];
  const ids = widget === undefined ? [anchor] : [widget, `sim-${widget}`];
  // A sheet of paper: its seed, version, number of questions, paper and kind.
  if (/\/teach\/worksheets\/.*/.test(path) && /^\d+(~[\w-]+){5}$/.test(anchor)) return undefined;
  if (anchor === '' || ids.some((id) => anchors.get(path)?.has(id))) return undefined;
  return `the page has no element with the id "${anchor}"`;
}

function anchorsOf(page: Page): ReadonlySet<string> {
  return new Set(page.elements.flatMap((element) => attribute(element, 'id') ?? []));
}
