/**
 * Each page in each language on a desktop's width, first in light, then in dark, then at 320 px (WCAG 2.2,
 * 1.4.10 Reflow), where what stays in sight leaves two thirds to the page. English has a wide font here and
 * Japanese a Japanese one (playwright.config.ts), so that no layout hangs on a font; bare fonts, touch and
 * reduced motion: layout.spec.ts. Without script: no-script.spec.ts.
 */
import type { Request } from '@playwright/test';
import { isBare } from '../../scripts/built-site/pages.ts';
import {
  accessibilityProblems,
  controlsOutOfOrder,
  cutOffParts,
  expect,
  heightThatStays,
  open,
  pagePaths,
  partsThatStickOut,
  resize,
  setLargeLetters,
  setUsualLetters,
  setWideSpacing,
  unclearControls,
  visitorTest,
  wakeWidgets,
} from './fixtures.ts';

const desktop = { width: 1280, height: 720 };
const test = visitorTest({ viewport: desktop });

for (const path of pagePaths) {
  const tag = path.startsWith('/ja/') ? '@ja' : '@en';
  test(`${path} is quiet, light, and open to everyone in light and dark ${tag}`, async ({
    page,
  }) => {
    await page.setViewportSize(desktop);
    await page.emulateMedia({ colorScheme: 'light' });
    const requested: string[] = [];
    // The notes of a lesson frame its stage, a page of its own.
    const note = (request: Request): void => {
      if (request.frame() === page.mainFrame()) requested.push(request.url());
    };
    page.on('request', note);
    // Half a second: also what a page asks for when it has nothing else to do.
    const response = await open(page, path, 500);
    page.off('request', note);
    expect(response?.status()).toBe(200);
    // What loads unasked on a phone's or a desktop's first screen, without what keeps pages for later.
    const own = requested.filter((url) => !/keep-offline|worker|webmanifest/.test(url));
    expect(own.length, own.join('\n')).toBeLessThanOrEqual(10);
    await wakeWidgets(page);
    expect(await partsThatStickOut(page)).toEqual([]);
    expect(await accessibilityProblems(page), 'in light').toEqual([]);
    expect(await unclearControls(page)).toEqual([]);
    expect(await controlsOutOfOrder(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await accessibilityProblems(page, 'colours'), 'in dark').toEqual([]);
    await setWideSpacing(page);
    expect(await partsThatStickOut(page), 'with wide spacing').toEqual([]);
    expect(await cutOffParts(page), 'with wide spacing').toEqual([]);
    await setLargeLetters(page);
    expect(await partsThatStickOut(page), 'with letters of 200 %').toEqual([]);
    expect(await cutOffParts(page), 'with letters of 200 %').toEqual([]);
    await setUsualLetters(page);
    await resize(page, { width: 320, height: 640 });
    expect(await partsThatStickOut(page), 'at 320 px').toEqual([]);
    if (isBare(path)) return;
    // At 1280 × 1024 and 400 %.
    await resize(page, { width: 320, height: 256 });
    expect(await heightThatStays(page), 'at 400 %').toBeLessThanOrEqual(256 / 3);
  });
}
