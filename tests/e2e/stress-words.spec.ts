/**
 * Words far longer than English, doubled, from right to left, with markup: every kind of page holds them
 * at every width, and shows them as letters. The recipes' test builds the site in that language.
 */
import { existsSync } from 'node:fs';
import { stressedFolder } from '../../scripts/checks/checks.ts';
import { createSiteServer, listen } from '../../scripts/serve/static-server.ts';
import { markupInWords } from '../recipes/stress-words.ts';
import { expect, open, partsThatStickOut, test, wakeWidgets } from './fixtures.ts';

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
test.skip(!existsSync(stressedFolder), '"npm test -- recipes" builds the site with such words');

for (const half of [0, 1]) {
  test(`words of any length and kind fit, and stay words (${half + 1} of 2)`, async ({
    page,
    problems,
  }) => {
    test.setTimeout(240_000);
    const server = createSiteServer({ folder: stressedFolder, base: '/' });
    const port = await listen(server, { port: 0, host: 'localhost', tries: 1 });
    const site = `http://localhost:${port}/fr/`;
    try {
      for (const path of kinds.filter((_, place) => place % 2 === half)) {
        await page.setViewportSize({ width: 320, height: 640 });
        await open(page, site + path);
        await wakeWidgets(page);
        expect.soft(await partsThatStickOut(page), `${path} at 320 px`).toEqual([]);
        await page.setViewportSize({ width: 1366, height: 768 });
        expect.soft(await partsThatStickOut(page), `${path} at 1366 px`).toEqual([]);
        const made = await page.evaluate(
          (name) => document.getElementsByTagName(name).length,
          markupInWords,
        );
        expect.soft(made, `${path}: words that became elements`).toBe(0);
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
    const known = problems.filter((problem) => !problem.startsWith(`left the site: ${site}`));
    problems.length = 0;
    problems.push(...known.filter((one) => !one.includes(`http://localhost:${port}/`)));
  });
}
