/**
 * On a phone of 320 px with bare fonts nothing is cut off or needs scrolling sideways (WCAG 2.2, 1.4.10
 * Reflow), and with reduced motion nothing moves by itself. At 1280 × 1024 and 400 %, a window of 320 × 256,
 * what stays in sight leaves two thirds to the page. Other fonts: every-page.spec.ts.
 */
import { isBare } from '../../scripts/built-site/pages.ts';
import {
  expect,
  heightThatStays,
  movingParts,
  open,
  pagePaths,
  partsThatStickOut,
  visitorTest,
  wakeWidgets,
} from './fixtures.ts';

const phone = { width: 320, height: 640 };
const test = visitorTest({ viewport: phone, hasTouch: true });

for (const path of pagePaths) {
  test(`${path} fits a screen of 320 px, and is still`, async ({ page }) => {
    await page.setViewportSize(phone);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await open(page, path);
    await wakeWidgets(page);
    expect(await partsThatStickOut(page)).toEqual([]);
    expect(await movingParts(page)).toEqual([]);
    if (isBare(path)) return;
    await page.setViewportSize({ width: 320, height: 256 });
    expect(await heightThatStays(page)).toBeLessThanOrEqual(256 / 3);
  });
}
