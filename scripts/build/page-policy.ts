/**
 * Each page's content security policy names the inline styles and scripts of that page, no more and
 * no less. Astro (7.3) names those of every page that could be, and leaves out the styles of
 * components that a lesson imports, which the browser then refuses. The styles of a page's head
 * become one, so that one hash stands for them.
 */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { AstroIntegration } from 'astro';

const policy = /<meta http-equiv="content-security-policy" content="([^"]*)"/i;
const style = /<style(?: [^>]*)?>([\s\S]*?)<\/style>/g;
const inlineScript = /<script(?![^>]* src=)[^>]*>([\s\S]*?)<\/script>/g;

/** @returns the page with one style in its head, and a policy for exactly what it holds inline. */
export function withOwnPolicy(html: string): string {
  if (!policy.test(html)) return html;
  const joined = withOneStyle(html);
  return joined.replace(policy, (whole, content: string) => {
    const own = content
      .split(';')
      .map((directive) => {
        const [name, ...sources] = directive.trim().split(/\s+/);
        const kept = sources.filter((source) => !source.startsWith("'sha256-"));
        if (name === 'style-src') return [name, ...kept, ...hashes(joined, style)].join(' ');
        if (name === 'script-src')
          return [name, ...kept, ...hashes(joined, inlineScript)].join(' ');
        return directive.trim();
      })
      .filter((directive) => directive !== '')
      .join('; ');
    return whole.replace(content, () => own);
  });
}

function withOneStyle(html: string): string {
  const end = html.search(/<\/head>/i);
  if (end < 0) return html;
  const head = html.slice(0, end);
  const styles = [...head.matchAll(style)].map(([, content = '']) => content);
  if (styles.length < 2) return html;
  let isFirst = true;
  const joined = head.replace(style, () => {
    const whole = isFirst ? `<style>${[...new Set(styles)].join('')}</style>` : '';
    isFirst = false;
    return whole;
  });
  return joined + html.slice(end);
}

function hashes(html: string, element: RegExp): readonly string[] {
  const found = [...html.matchAll(element)].map(
    ([, content = '']) => `'sha256-${createHash('sha256').update(content).digest('base64')}'`,
  );
  return [...new Set(found)];
}

export function pagePolicy(): AstroIntegration {
  return {
    name: 'page-policy',
    hooks: {
      'astro:build:done': async ({ assets }) => {
        const pages = [...assets.values()]
          .flat()
          .filter(({ pathname }) => pathname.endsWith('.html'));
        await Promise.all(
          pages.map(async (page) => {
            const html = await readFile(page, 'utf8');
            const complete = withOwnPolicy(html);
            if (complete !== html) await writeFile(page, complete);
          }),
        );
      },
    },
  };
}
