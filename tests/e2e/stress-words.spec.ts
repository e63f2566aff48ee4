/**
 * Words far longer than English, doubled, from right to left, with markup: every kind of page holds them
 * at every width, and shows them as letters. The recipes' test builds the site in that language, below
 * a base path; no page may ask for anything outside of it. Bare fonts make the words longer still.
 */
import { existsSync } from 'node:fs';
import { basePath, basePathFolder } from '../../scripts/checks/checks.ts';
import { markupInWords } from '../recipes/stress-words.ts';
import {
  cutOffParts,
  expect,
  open,
  type Page,
  partsThatStickOut,
  resize,
  siteBelowBasePath,
  test,
  wakeWidgets,
} from './fixtures.ts';
import { seeInUse } from './in-use.ts';

const kinds = [
  ...['', 'course/', 'glossary/', 'about/', 'offline/', 'inspect/', 'ports/', 'assignment/'],
  ...['lab/', 'lab/range/', 'practice/', 'practice/exam/', 'practice/sprint/', 'practice/exports/'],
  ...['teach/', 'teach/assign/', 'teach/results/', 'teach/worksheets/'],
  ...['10-what-a-port-is', '20-well-known-ports', '30-listening', '40-registered-ports'].map(
    (lesson) => `lessons/${lesson}/`,
  ),
  ...['50-ephemeral-ports', '60-whose-range', '80-linux-lab-reserved'].map(
    (at) => `lessons/${at}/`,
  ),
  ...['90-how-the-choice-is-made', '100-life-of-a-connection', '110-when-ports-run-out'].map(
    (lesson) => `lessons/${lesson}/`,
  ),
  ...['120-doors-and-guards', '130-moving-ssh', '140-behind-the-nat'].map((at) => `lessons/${at}/`),
];

// `npm test` builds it before any browser test; a run by hand may do without.
test.skip(!existsSync(basePathFolder), '"npm test -- recipes" builds the site with such words');

const site = `${siteBelowBasePath}fr/`;

/** Parts that cut off words and do not show that there are more, as a heading with its dots does. */
async function cutOffSilently(page: Page): Promise<readonly string[]> {
  const marked = await page.evaluate(() =>
    [...document.querySelectorAll('main *')]
      .filter((part) => {
        const { textOverflow, webkitLineClamp } = getComputedStyle(part);
        return textOverflow === 'ellipsis' || webkitLineClamp !== 'none';
      })
      .map((part) => `${part.tagName.toLowerCase()}.${part.className}: `),
  );
  return (await cutOffParts(page)).filter(
    // On a phone a socket table's numbers beside its caption go as a whole where they have no room.
    (cut) => !cut.startsWith('p.counts') && !marked.some((one) => cut.startsWith(one)),
  );
}

/** Words that reach over the border of what holds them, onto what lies beside it. */
async function partsOutOfTheirFrame(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walk.nextNode()) {
      const words = walk.currentNode;
      const parent = words.parentElement;
      if (words.textContent?.trim() === '' || !parent?.checkVisibility()) continue;
      if (parent.closest('svg, select, .wire')) continue;
      range.selectNodeContents(words);
      const { left, right } = range.getBoundingClientRect();
      for (let part: Element | null = parent; part; part = part.parentElement) {
        const style = getComputedStyle(part);
        // What is cut off is another matter, and what is there for screen readers only is not seen.
        if (style.overflowX !== 'visible' || style.position === 'absolute') break;
        if (style.display === 'inline') continue;
        const hasLine = (side: string): boolean =>
          style.getPropertyValue(`border-${side}-style`) !== 'none' &&
          style.getPropertyValue(`border-${side}-width`) !== '0px';
        const box = part.getBoundingClientRect();
        const isOut =
          (hasLine('right') && right > box.right + 1) || (hasLine('left') && left < box.left - 1);
        if (isOut) found.push(`${part.tagName}.${part.className}: ${words.textContent ?? ''}`);
      }
    }
    return found;
  });
}

/** How many of a page's elements were words. */
const madeOfWords = (page: Page): Promise<number> =>
  page.evaluate((name) => document.getElementsByTagName(name).length, markupInWords);

for (const half of [0, 1]) {
  test(`words of any length and kind fit, and stay words (${half + 1} of 2)`, async ({ page }) => {
    test.setTimeout(600_000);
    const outside: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (!pathname.startsWith(basePath)) outside.push(`${page.url()} asks for ${pathname}`);
    });
    for (const path of kinds.filter((_, place) => place % 2 === half)) {
      await page.setViewportSize({ width: 320, height: 640 });
      await open(page, site + path);
      await wakeWidgets(page);
      expect.soft(await partsThatStickOut(page), `${path} at 320 px`).toEqual([]);
      await resize(page, { width: 1366, height: 768 });
      expect.soft(await partsThatStickOut(page), `${path} at 1366 px`).toEqual([]);
      expect.soft(await madeOfWords(page), `${path}: words that became elements`).toBe(0);
    }
    expect(outside).toEqual([]);
  });
}

test('words of any length and kind fit where they only come in use', async ({ page }) => {
  test.setTimeout(600_000);
  await seeInUse(page, site, open, async (_part, state) => {
    for (const width of [320, 390, 1366]) {
      await resize(page, { width, height: 768 });
      const where = `${state} at ${width} px`;
      expect.soft(await partsThatStickOut(page), where).toEqual([]);
      expect.soft(await partsOutOfTheirFrame(page), where).toEqual([]);
      expect.soft(await cutOffSilently(page), where).toEqual([]);
    }
    expect.soft(await madeOfWords(page), `${state}: words that became elements`).toBe(0);
  });
});
