/**
 * How long a learner waits between opening the terminal and being able to type: from the press of
 * the button to a prompt with the field in focus.
 */

import { measureWait } from './visits.ts';

/**
 * @param folder of the built site
 * @param browser the path of a Chromium
 */
export function measureTerminal(folder: string, browser: string): Promise<string> {
  return measureWait(folder, browser, {
    title: 'The terminal',
    what: 'opened and ready to type',
    path: '/lab/',
    ready: async (page) => {
      await page.locator('.poster').scrollIntoViewIfNeeded();
      await page.locator('.poster button:enabled').waitFor();
    },
    act: async (page) => {
      await page.locator('.poster button:enabled').click();
      await page.locator('.terminal form input:focus').waitFor();
      await page.locator('.terminal label .prompt', { hasText: '$' }).waitFor();
    },
  });
}
