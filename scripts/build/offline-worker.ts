/**
 * Writes sw.js beside the built pages: src/offline/worker.ts with the list of every file of the build,
 * its digest, and what it needs to work. Runs when nothing changes the files any more.
 */

import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { build } from 'esbuild';
import { revisionLength, type SiteFile } from '../../src/offline/messages.ts';
import { laterImports, staticImports } from '../built-site/static-imports.ts';

/** The worker's own file: the browser asks the server for it, never the worker itself. */
const workerFile = 'sw.js';

/** Archives to be put elsewhere hold the pages once more: nobody opens them in the site. */
const isArchive = (path: string) => path.endsWith('.zip');

/**
 * What a press loads is kept with the page that has been seen, up to this weight: an engine, a lesson's
 * questions, the search. A machine with its shell is heavier, and is kept when it has been opened.
 */
const mostLaterBytes = 250_000;

/**
 * Every file of a built site but the worker itself and archives, in the order of their names.
 * @param folder of the built site
 * @param base the path it was built for, with a slash at both ends
 */
export async function listSiteFiles(folder: string, base: string): Promise<readonly SiteFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).split(sep).join('/'))
    .map((path) => path.replace(/^\/+/, ''))
    .filter((path) => path !== workerFile && !isArchive(path))
    .toSorted();
  const places = new Map(paths.map((path, place) => [path, place]));
  const placesOf = (names: readonly string[]) => names.flatMap((name) => places.get(name) ?? []);
  const files = await Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(join(folder, path));
      return {
        path,
        revision: createHash('sha256').update(bytes).digest('hex').slice(0, revisionLength),
        bytes: bytes.length,
        needs: placesOf(neededBy(path, bytes, base)),
        later: path.endsWith('.js')
          ? placesOf(importsOf(path, laterImports(bytes.toString())))
          : [],
      };
    }),
  );
  /** A script and all that it imports before it runs, in bytes. */
  const weightOf = (start: number): number => {
    const all = new Set([start]);
    for (const place of all) for (const needed of files[place]?.needs ?? []) all.add(needed);
    return [...all].reduce((sum, place) => sum + (files[place]?.bytes ?? 0), 0);
  };
  return files.map(({ needs, later, ...file }, own) => {
    const light = later.filter((place) => weightOf(place) <= mostLaterBytes);
    const all = new Set([...needs, ...light]);
    return { ...file, needs: [...all].filter((place) => place !== own) };
  });
}

function importsOf(path: string, specifiers: readonly string[]): readonly string[] {
  return specifiers.map((name) => posix.join(posix.dirname(path), name));
}

/** Paths below the base path; some may name no file. */
function neededBy(path: string, bytes: Buffer, base: string): readonly string[] {
  if (path.endsWith('.js')) {
    return importsOf(path, staticImports(bytes.toString()));
  }
  if (!path.endsWith('.html')) return [];
  // Scripts, widgets, data and images, in whatever attribute: all but the pages that it links to.
  const html = bytes.toString();
  return [...html.matchAll(/(?:"|&quot;)(\/[^"&?#\s]*\.[a-z0-9]+)/g)].flatMap(([, address = '']) =>
    address.startsWith(base) ? [address.slice(base.length)] : [],
  );
}

/**
 * Writes the worker of a built site.
 * @param folder of the built site
 * @param base the path it was built for, with a slash at both ends
 */
export async function writeWorker(folder: string, base: string): Promise<void> {
  const files = await listSiteFiles(folder, base);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../../src/offline/worker.ts', import.meta.url))],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    write: false,
    define: { siteFiles: 'self.siteFiles' },
  });
  const [code] = outputFiles;
  await writeFile(
    join(folder, workerFile),
    `self.siteFiles=${JSON.stringify(files)};\n${code?.text ?? ''}`,
  );
}

/** Comes last among the integrations: the digests are of files that stay as they are. */
export function offlineWorker(): AstroIntegration {
  let base = '/';
  return {
    name: 'offline-worker',
    hooks: {
      'astro:config:done': ({ config }) => {
        base = `/${config.base}/`.replaceAll(/\/{2,}/g, '/');
      },
      'astro:build:done': async ({ dir }) => {
        await writeWorker(fileURLToPath(dir).replace(/[/\\]$/, ''), base);
      },
    },
  };
}
