/**
 * Astro (7.3) leaves the styles of components that a lesson imports out of the page's content
 * security policy: they are injected into the head beside the page's own, and the browser refuses
 * them. This adds the hash of every inline style that the built page's policy does not name yet.
 */

import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { AstroIntegration } from 'astro';

const policy = /(<meta http-equiv="content-security-policy" content="[^"]*style-src )/i;

/** @returns the page with a policy that allows all of its own inline styles. */
export function withStyleHashes(html: string): string {
  if (!policy.test(html)) return html;
  const missing = [...html.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)]
    .map(([, content = '']) => createHash('sha256').update(content).digest('base64'))
    .filter((hash) => !html.includes(`'sha256-${hash}'`))
    .map((hash) => `'sha256-${hash}' `);
  return html.replace(policy, (start) => start + [...new Set(missing)].join(''));
}

export function styleHashes(): AstroIntegration {
  return {
    name: 'style-hashes',
    hooks: {
      'astro:build:done': async ({ assets }) => {
        const pages = [...assets.values()]
          .flat()
          .filter(({ pathname }) => pathname.endsWith('.html'));
        await Promise.all(
          pages.map(async (page) => {
            const html = await readFile(page, 'utf8');
            const complete = withStyleHashes(html);
            if (complete !== html) await writeFile(page, complete);
          }),
        );
      },
    },
  };
}
