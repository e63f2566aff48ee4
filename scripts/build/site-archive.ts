/**
 * An Astro integration: when the site is built, writes all of it as one archive, `teach/port-dojo.zip`,
 * for a school's server or a stick. Runs last, so that it holds every file.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { zipSync, type Zippable } from 'fflate';

/** Below the base path. */
const archiveFile = 'teach/port-dojo.zip';

/** The folder that the archive makes where it is unpacked. */
const folderName = 'port-dojo';

/** What is compressed already. */
const isDense = (path: string): boolean => /\.(?:zip|png|apkg)$/.test(path);

/** No clock: the same site is the same archive. */
const mtime = '2000-01-01T00:00:00';

/**
 * @param folder of the built site
 * @returns the archive of its files, but for an archive of before
 */
function archiveOf(folder: string): Uint8Array {
  const files: Zippable = {};
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).split(sep).join('/'))
    .map((path) => path.replace(/^\/+/, ''))
    .filter((path) => path !== archiveFile)
    .toSorted();
  for (const path of paths)
    files[`${folderName}/${path}`] = [
      readFileSync(join(folder, path)),
      { level: isDense(path) ? 0 : 6, mtime },
    ];
  return zipSync(files);
}

export function siteArchive(): AstroIntegration {
  return {
    name: 'site-archive',
    hooks: {
      'astro:build:done'({ dir, logger }) {
        const folder = fileURLToPath(dir);
        const archive = archiveOf(folder);
        writeFileSync(join(folder, archiveFile), archive);
        logger.info(`${archiveFile}: ${(archive.length / 1e6).toFixed(1)} MB`);
      },
    },
  };
}
