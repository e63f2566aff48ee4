/** How long a build takes when nothing is kept from an earlier one. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { readBuiltSite } from '../built-site/pages.ts';
import { formatTable, median } from './table.ts';

const runs = 3;

/**
 * Builds the site several times from nothing.
 * @param folder where the builds go; the last one stays there
 */
export function measureBuild(folder: string): string {
  const seconds = Array.from({ length: runs }, () => {
    for (const kept of [folder, 'node_modules/.astro', 'node_modules/.vite']) {
      rmSync(kept, { recursive: true, force: true });
    }
    const start = performance.now();
    const { status, stderr } = spawnSync(
      process.execPath,
      ['node_modules/astro/bin/astro.mjs', 'build', '--force', '--outDir', folder],
      { encoding: 'utf8', env: { ...process.env, BASE_PATH: '/' } },
    );
    if (status !== 0) throw new Error(`The site could not be built:\n${stderr}`);
    return (performance.now() - start) / 1_000;
  });
  const pages = readBuiltSite(folder, '/').pages.length;
  const middle = median(seconds);
  return formatTable(
    ['build', 'pages', 'seconds', 'seconds a page', 'each run'],
    [
      [
        'from nothing, median',
        String(pages),
        middle.toFixed(2),
        (middle / pages).toFixed(3),
        seconds.map((one) => one.toFixed(2)).join(' '),
      ],
    ],
  );
}
