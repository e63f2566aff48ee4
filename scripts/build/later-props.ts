/**
 * Widgets' props leave the pages: what a page's widgets need to wake is one file beside the scripts,
 * fetched when the first of them comes into view (src/site-ui/wake-when-seen.ts). In the page they
 * were half of its bytes, most of them the same words once for each widget. A page with one widget is
 * about it: it wakes at once, and keeps its props.
 */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';

const island = /<astro-island (?=[^>]* client="seen")[^>]*>/g;
const uidOf = / uid="([^"]*)"/;
const propsOf = / props="([^"]*)"/;

/** A page without the props of its widgets, and these, by the widget's uid. */
export interface Parted {
  readonly html: string;
  readonly props: Readonly<Record<string, string>>;
}

/**
 * @param html a page as Astro writes it
 * @param addressOf the address of a file of props, by its content
 */
export function withoutProps(html: string, addressOf: (content: string) => string): Parted {
  const props: Record<string, string> = {};
  for (const [tag] of html.matchAll(island)) {
    const uid = uidOf.exec(tag)?.[1];
    const value = propsOf.exec(tag)?.[1];
    if (uid !== undefined && value !== undefined) props[uid] = unescapeAttribute(value);
  }
  if (Object.keys(props).length < 2) return { html, props: {} };
  const address = addressOf(fileOf(props));
  const parted = html.replace(island, (tag) =>
    uidOf.test(tag) ? tag.replace(propsOf, () => ` data-props="${address}"`) : tag,
  );
  return { html: parted, props };
}

/** What a file of props holds. */
export function fileOf(props: Parted['props']): string {
  return JSON.stringify(props);
}

const named: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

/** Undoes what Astro does to an attribute's value. */
function unescapeAttribute(value: string): string {
  return value.replace(/&(?:#(\d+)|(\w+));/g, (whole, code?: string, name?: string) =>
    code === undefined ? (named[name ?? ''] ?? whole) : String.fromCodePoint(Number(code)),
  );
}

export function laterProps(): AstroIntegration {
  let base = '/';
  return {
    name: 'later-props',
    hooks: {
      'astro:config:setup': ({ config, addClientDirective }) => {
        base = config.base.endsWith('/') ? config.base : `${config.base}/`;
        addClientDirective({ name: 'seen', entrypoint: './src/site-ui/wake-when-seen.ts' });
      },
      'astro:build:done': async ({ dir, assets }) => {
        const folder = fileURLToPath(dir);
        const files = [...new Set([...assets.values()].flat().map((url) => fileURLToPath(url)))];
        for (const file of files.filter((path) => path.endsWith('.html'))) {
          const nameOf = (content: string): string =>
            `props.${createHash('sha256').update(content).digest('hex').slice(0, 10)}.json`;
          const { html, props } = withoutProps(
            await readFile(file, 'utf8'),
            (content) => `${base}_astro/${nameOf(content)}`,
          );
          if (Object.keys(props).length === 0) continue;
          const content = fileOf(props);
          await writeFile(join(folder, '_astro', nameOf(content)), content);
          await writeFile(file, html);
        }
      },
    },
  };
}
