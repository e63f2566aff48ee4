/**
 * Lighthouse on the pages that matter most: a phone on a slow line, simulated, as Lighthouse does
 * by default; served compressed, as a host on the web does. The median of several runs, because
 * single runs scatter.
 */
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { createSiteServer, listen } from '../serve/static-server.ts';
import { quietBrowserFlags } from '../setup/browser.ts';
import { formatTable, kilobytes, median } from './table.ts';

const runs = 3;

const columns = [
  ['performance', (value: number) => String(Math.round(value * 100))],
  ['accessibility', (value: number) => String(Math.round(value * 100))],
  ['best-practices', (value: number) => String(Math.round(value * 100))],
  ['seo', (value: number) => String(Math.round(value * 100))],
  ['first-contentful-paint', seconds],
  ['largest-contentful-paint', seconds],
  ['speed-index', seconds],
  ['total-blocking-time', (value: number) => `${value.toFixed(0)} ms`],
  ['cumulative-layout-shift', (value: number) => value.toFixed(3)],
  ['total-byte-weight', kilobytes],
] as const;

const head = ['perf', 'a11y', 'best', 'SEO', 'FCP', 'LCP', 'SI', 'TBT', 'CLS', 'kB'];

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}

/**
 * @param folder of the built site, which stays as it is
 * @param paths of the pages to measure
 * @param browser the path of a Chromium
 */
export async function measureWithLighthouse(
  folder: string,
  paths: readonly string[],
  browser: string,
): Promise<string> {
  const served = compressFolder(folder);
  const server = createSiteServer({ folder: served, base: '/', isPrecompressed: true });
  const port = await listen(server, { port: 0, host: 'localhost', tries: 1 });
  const isRoot = process.getuid?.() === 0;
  const chrome = await launch({
    chromePath: browser,
    chromeFlags: ['--headless=new', ...(isRoot ? ['--no-sandbox'] : []), ...quietBrowserFlags],
  });
  try {
    const rows: string[][] = [];
    for (const path of paths) {
      const measured: number[][] = [];
      for (let run = 0; run < runs; run += 1) {
        measured.push(await measureOnce(`http://localhost:${port}${path}`, chrome.port));
      }
      const cells = columns.map(([, format], column) =>
        format(median(measured.map((values) => values[column] ?? Number.NaN))),
      );
      rows.push([path, ...cells]);
    }
    return formatTable([`page (mobile, median of ${runs})`, ...head], rows);
  } finally {
    chrome.kill();
    server.closeAllConnections();
    server.close();
  }
}

async function measureOnce(url: string, port: number): Promise<number[]> {
  const result = await lighthouse(url, { port, output: 'json', logLevel: 'error' });
  if (result === undefined) throw new Error(`Lighthouse gave no result for ${url}`);
  const { audits, categories } = result.lhr;
  return columns.map(
    ([name]) => categories[name]?.score ?? audits[name]?.numericValue ?? Number.NaN,
  );
}

/** A copy of the site with each text file's compressed forms beside it. */
function compressFolder(folder: string): string {
  const copy = `${folder}-compressed`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(folder, copy, { recursive: true });
  for (const name of globSync('**/*.{html,js,css,svg,txt,json,xml}', { cwd: copy })) {
    const file = join(copy, name);
    const content = readFileSync(file);
    writeFileSync(`${file}.br`, brotliCompressSync(content));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
  return copy;
}
