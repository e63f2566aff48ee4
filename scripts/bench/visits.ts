/** Something that a learner waits for, measured several times, each in a fresh browser profile. */

import { chromium, type Page } from '@playwright/test';
import { createSiteServer, listen } from '../serve/static-server.ts';
import { quietBrowserFlags } from '../setup/browser.ts';
import { formatTable, median } from './table.ts';

const visits = 5;

export interface Wait {
  /** The head of the table's first column. */
  readonly title: string;
  /** What is waited for: its row. */
  readonly what: string;
  /** The page's path in the built site, from `/` on. */
  readonly path: string;
  /** Waits until the learner could begin. */
  ready(page: Page): Promise<void>;
  /** Does it, and waits until it is done: this is what is measured. */
  act(page: Page): Promise<void>;
}

/**
 * A table with the fastest, the median and the slowest of the visits.
 * @param folder of the built site
 * @param browser the path of a Chromium
 */
export async function measureWait(folder: string, browser: string, wait: Wait): Promise<string> {
  const server = createSiteServer({ folder, base: '/', isPrecompressed: false });
  const port = await listen(server, { port: 0, host: 'localhost', tries: 1 });
  const chrome = await chromium.launch({ executablePath: browser, args: [...quietBrowserFlags] });
  try {
    const measured: number[] = [];
    for (let visit = 0; visit < visits; visit += 1) {
      const context = await chrome.newContext();
      const page = await context.newPage();
      await page.goto(`http://localhost:${port}${wait.path}`);
      await wait.ready(page);
      const start = performance.now();
      await wait.act(page);
      measured.push(performance.now() - start);
      await context.close();
    }
    const ms = (value: number): string => `${value.toFixed(0)} ms`;
    return formatTable(
      [wait.title, 'fastest', 'median', 'slowest'],
      [
        [
          `${wait.what}, ${visits} fresh visits`,
          ms(Math.min(...measured)),
          ms(median(measured)),
          ms(Math.max(...measured)),
        ],
      ],
    );
  } finally {
    await chrome.close();
    server.closeAllConnections();
    server.close();
  }
}
