/**
 * How long a learner waits between opening the terminal and being able to type: from the press of
 * the button to a prompt with the field in focus, each time in a fresh browser profile.
 */
import { chromium } from '@playwright/test';
import { createSiteServer, listen } from '../serve/static-server.ts';
import { quietBrowserFlags } from '../setup/browser.ts';
import { formatTable, median } from './table.ts';

const runs = 5;

/**
 * @param folder of the built site
 * @param browser the path of a Chromium
 */
export async function measureTerminal(folder: string, browser: string): Promise<string> {
  const server = createSiteServer({ folder, base: '/', isPrecompressed: false });
  const port = await listen(server, { port: 0, host: 'localhost', tries: 1 });
  const chrome = await chromium.launch({ executablePath: browser, args: [...quietBrowserFlags] });
  try {
    const measured: number[] = [];
    for (let run = 0; run < runs; run += 1) {
      const context = await chrome.newContext();
      const page = await context.newPage();
      await page.goto(`http://localhost:${port}/lab/`);
      await page.locator('.poster').scrollIntoViewIfNeeded();
      const button = page.locator('.poster button:enabled');
      await button.waitFor();
      const start = performance.now();
      await button.click();
      await page.locator('.terminal form input:focus').waitFor();
      await page.locator('.terminal label .prompt', { hasText: '$' }).waitFor();
      measured.push(performance.now() - start);
      await context.close();
    }
    const ms = (value: number): string => `${value.toFixed(0)} ms`;
    return formatTable(
      ['The terminal', 'fastest', 'median', 'slowest'],
      [
        [
          `opened and ready to type, ${runs} fresh visits`,
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
