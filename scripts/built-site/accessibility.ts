/** axe-core in a page that a test or `npm run fuzz` drives, without anything around it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import type { AxeResults, Result, RunOptions } from 'axe-core';

declare global {
  interface Window {
    axe?: { run(context: Document, options: RunOptions): Promise<AxeResults> };
  }
}

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/**
 * What axe finds wrong in a page and in the frames inside it, as they are now. The script goes in once
 * for each document: going in and coming out again takes longer than judging.
 * @param options which rules; axe's own `runOnly` and `rules`
 */
export async function findViolations(
  page: Page,
  options: Pick<RunOptions, 'runOnly' | 'rules'>,
): Promise<readonly Result[]> {
  for (const frame of page.frames()) {
    if (await frame.evaluate(() => window.axe === undefined)) await frame.evaluate(source);
  }
  return page.evaluate(async (wanted) => {
    if (window.axe === undefined) throw new Error('The page went away before axe could judge it.');
    // Naming what passed costs more than judging; no rule asked for reads style sheets.
    const { violations } = await window.axe.run(document, {
      ...wanted,
      resultTypes: ['violations'],
      preload: false,
    });
    return violations;
  }, options);
}
