/**
 * On a phone of 320 px with bare fonts nothing is cut off or needs scrolling sideways (WCAG 2.2, 1.4.10
 * Reflow), and with reduced motion nothing moves by itself. Other fonts: every-page.spec.ts.
 */
import {
  expect,
  movingParts,
  open,
  pagePaths,
  partsThatStickOut,
  visitorTest,
  wakeWidgets,
} from './fixtures.ts';

const test = visitorTest({ viewport: { width: 320, height: 640 }, hasTouch: true });

for (const path of pagePaths) {
  test(`${path} fits a screen of 320 px, and is still`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await open(page, path);
    await wakeWidgets(page);
    expect(await partsThatStickOut(page)).toEqual([]);
    expect(await movingParts(page)).toEqual([]);
  });
}
