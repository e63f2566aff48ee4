/**
 * A built lesson as a SCORM 1.2 package (ADL, 2001): the page with everything it loads, its addresses
 * made relative, without what leads out of it; a script that keeps its progress in the platform; and
 * the manifest. Several lessons make a package of several parts, each with a state of its own.
 */
import { existsSync, readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join, posix } from 'node:path';
import { type DefaultTreeAdapterTypes, html as names, parse, serialize } from 'parse5';
import { zipArchive, type ZipEntry } from '../zip-archive.ts';

export interface PackagedSite {
  /** The folder of the built site. */
  readonly folder: string;
  /** With a slash at both ends. */
  readonly base: string;
  /** Languages whose manual pages a package has no use for. */
  readonly leftManuals: readonly string[];
  /** Where the site is public, without a slash at its end; null where it is not. */
  readonly origin: string | null;
}

export interface PackagedLesson {
  readonly slug: string;
  readonly title: string;
  /** Below the base path: `ja/lessons/50-ephemeral-ports/`. */
  readonly path: string;
}

type Element = DefaultTreeAdapterTypes.Element;

const runtime = new URL('lms-storage.ts', import.meta.url);
const runtimeName = 'lms-storage.js';

/** What belongs to the site around a lesson, or leads out of it. */
const left = ['site-header', 'site-footer', 'neighbours', 'skip-link', 'steps-onwards'];
const leftRelations = ['canonical', 'alternate', 'icon', 'apple-touch-icon', 'manifest'];

/**
 * @returns the package as a zip archive
 * @throws where a page or a file that it loads is missing
 */
export function scormPackage(
  site: PackagedSite,
  { id, title, lessons }: { id: string; title: string; lessons: readonly PackagedLesson[] },
): Uint8Array {
  const pages: ZipEntry[] = [];
  const needed = new Set<string>();
  for (const { slug, path } of lessons) {
    const page = lessonPage(site, path);
    pages.push({ name: `${slug}.html`, content: Buffer.from(page.html) });
    for (const file of page.files) needed.add(file);
  }
  const files = [...withImports(site, needed)].toSorted().map((name): ZipEntry => {
    const content = readFileSync(join(site.folder, name));
    return { name, content: name.endsWith('.js') ? relativeHints(site, content) : content };
  });
  const script = stripTypeScriptTypes(readFileSync(runtime, 'utf8'));
  const entries = [...pages, { name: runtimeName, content: Buffer.from(script) }, ...files];
  const manifest = manifestOf(
    { id, title, lessons },
    entries.map(({ name }) => name),
  );
  return zipArchive([{ name: 'imsmanifest.xml', content: Buffer.from(manifest) }, ...entries]);
}

const valueOf = (element: Element, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name)?.value;

function lessonPage(site: PackagedSite, path: string): { html: string; files: readonly string[] } {
  const document = parse(readFileSync(join(site.folder, path, 'index.html'), 'utf8'));
  const files = new Set<string>();
  /** A path of the site as one of the package, where it is a file; null where it is a page. */
  const inside = (address: string): string | null => {
    const [file = ''] = address.slice(site.base.length).split(/[?#]/);
    if (file === '' || file.endsWith('/') || !existsSync(join(site.folder, file))) return null;
    files.add(file);
    return `./${file}`;
  };
  const visit = (parent: DefaultTreeAdapterTypes.ParentNode): void => {
    parent.childNodes = parent.childNodes.filter(
      (child) => !('tagName' in child) || !isLeft(child),
    );
    for (const child of parent.childNodes) {
      if (!('tagName' in child)) continue;
      relate(child);
      visit(child);
      if ('content' in child) visit(child.content);
    }
  };
  const relate = (element: Element): void => {
    giveProps(site, element);
    element.attrs = element.attrs.filter(({ name }) => name !== 'data-embed');
    for (const attribute of element.attrs) {
      const { name, value } = attribute;
      if (name === 'props') {
        attribute.value = value.replace(/"(\/[^"\s]*)"/g, (whole, address: string) => {
          if (!address.startsWith(site.base)) return whole;
          return `"${inside(address) ?? outside(site, address) ?? '#'}"`;
        });
      } else if (value.startsWith(site.base) && !value.startsWith('//')) {
        attribute.value = inside(value) ?? outside(site, value) ?? '';
      }
    }
    if (element.tagName !== 'a') return;
    const href = valueOf(element, 'href');
    if (href === '') element.attrs = element.attrs.filter(({ name }) => name !== 'href');
    else if (href !== undefined && !href.startsWith('#'))
      element.attrs.push({ name: 'target', value: '_blank' }, { name: 'rel', value: 'noopener' });
  };
  visit(document);
  const head = find(document, 'head');
  const script: Element = {
    nodeName: 'script',
    tagName: 'script',
    attrs: [
      { name: 'type', value: 'module' },
      { name: 'src', value: `./${runtimeName}` },
    ],
    namespaceURI: names.NS.HTML,
    childNodes: [],
    parentNode: head,
  };
  // Before every other module: they run in the order of the document.
  head.childNodes.unshift(script);
  return { html: serialize(document), files: [...files] };
}

/** A widget whose props lie in a file of the site (later-props.ts) gets them back: a package has no addresses. */
function giveProps({ folder, base }: PackagedSite, element: Element): void {
  const file = valueOf(element, 'data-props');
  if (file === undefined) return;
  const text = readFileSync(join(folder, file.slice(base.length)), 'utf8');
  const value = (JSON.parse(text) as Record<string, string>)[valueOf(element, 'uid') ?? ''];
  element.attrs = element.attrs.filter(({ name }) => name !== 'data-props');
  if (value !== undefined) element.attrs.push({ name: 'props', value });
}

function isLeft(element: Element): boolean {
  const classes = (valueOf(element, 'class') ?? '').split(' ');
  const relation = valueOf(element, 'rel') ?? '';
  const isAbout = (valueOf(element, 'property') ?? '').startsWith('og:');
  return (
    isAbout ||
    (element.tagName === 'link' && leftRelations.includes(relation)) ||
    classes.some((name) => left.includes(name))
  );
}

const outside = ({ origin }: PackagedSite, address: string): string | null =>
  origin === null ? null : origin + address;

function find(parent: DefaultTreeAdapterTypes.ParentNode, tagName: string): Element {
  for (const child of parent.childNodes) {
    if (!('tagName' in child)) continue;
    if (child.tagName === tagName) return child;
    if (child.tagName === 'html') return find(child, tagName);
  }
  throw new Error(`a built page without <${tagName}>`);
}

/** Vite's hints of what to load early begin at the site's base: here at the script's own folder. */
function relativeHints({ base }: PackagedSite, script: Buffer): Buffer {
  return Buffer.from(script.toString('utf8').replaceAll(`return\`${base}\`+`, 'return`../`+'));
}

/** Scripts of the site around a lesson: a package has no search, no worker, no pages of widgets, and no lab's machine has firewalld. */
const leftScripts = ['search-dialog', 'keep-offline', 'qr', 'firewalld-on-demand'];

/** The files, and the site's scripts that they name, now or when something is asked for. */
function withImports(
  { folder, leftManuals }: PackagedSite,
  files: ReadonlySet<string>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...files];
  const left = [...leftScripts, ...leftManuals.map((code) => `man-${code}`)];
  const isLeft = (file: string) => left.some((name) => posix.basename(file).startsWith(`${name}.`));
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file) || isLeft(file)) continue;
    found.add(file);
    if (!file.endsWith('.js')) continue;
    const code = readFileSync(join(folder, file), 'utf8');
    for (const [name] of code.matchAll(/[\w.$-]+\.(?:js|css|wasm)\b/g)) {
      const other = posix.join(posix.dirname(file), name);
      if (existsSync(join(folder, other))) open.push(other);
    }
  }
  return found;
}

const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => `&#${String(sign.codePointAt(0))};`);

function manifestOf(
  { id, title, lessons }: { id: string; title: string; lessons: readonly PackagedLesson[] },
  files: readonly string[],
): string {
  const shared = files.filter((file) => !file.endsWith('.html'));
  const items = lessons.map(
    (lesson) =>
      `      <item identifier="item-${lesson.slug}" identifierref="sco-${lesson.slug}"><title>${escaped(lesson.title)}</title></item>`,
  );
  const resources = lessons.map(({ slug }) =>
    [
      `    <resource identifier="sco-${slug}" type="webcontent" adlcp:scormtype="sco" href="${slug}.html">`,
      ...[`${slug}.html`, ...shared].map((file) => `      <file href="${escaped(file)}"/>`),
      '    </resource>',
    ].join('\n'),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="${escaped(id)}" version="1.2"
  xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="port-dojo">
    <organization identifier="port-dojo">
      <title>${escaped(title)}</title>
${items.join('\n')}
    </organization>
  </organizations>
  <resources>
${resources.join('\n')}
  </resources>
</manifest>
`;
}
