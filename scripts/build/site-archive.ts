/**
 * An Astro integration: when the site is built, writes all of it as one archive, `teach/port-dojo.zip`,
 * for a school's server or a stick. Runs last, so that it holds every file.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { zipArchive } from './zip-archive.ts';

/** Below the base path. */
const archiveFile = 'teach/port-dojo.zip';

/** The folder that the archive makes where it is unpacked. */
const folderName = 'port-dojo';

/** What is compressed already. */
const isDense = (path: string): boolean => /\.(?:zip|png|apkg)$/.test(path);

/**
 * @param folder of the built site
 * @returns the archive of its files, but for an archive of before
 */
function archiveOf(folder: string): Uint8Array {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).split(sep).join('/'))
    .map((path) => path.replace(/^\/+/, ''))
    .filter((path) => path !== archiveFile)
    .toSorted();
  return zipArchive(
    paths.map((path) => ({
      name: `${folderName}/${path}`,
      content: readFileSync(join(folder, path)),
      isDense: isDense(path),
    })),
  );
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
