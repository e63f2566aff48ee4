/**
 * On a phone of 320 px with bare fonts, where Japanese letters have no shapes, nothing is cut off or needs
 * scrolling sideways (WCAG 2.2, 1.4.10 Reflow), and with reduced motion nothing moves by itself. Words that
 * are longer than any English have bare fonts in stress-words.spec.ts, other fonts: every-page.spec.ts.
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

const phone = { width: 320, height: 640 };
const test = visitorTest({ viewport: phone, hasTouch: true });

for (const path of pagePaths.filter((one) => one.startsWith('/ja/'))) {
  test(`${path} fits a screen of 320 px, and is still`, async ({ page }) => {
    await page.setViewportSize(phone);
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await open(page, path);
    await wakeWidgets(page);
    expect(await partsThatStickOut(page)).toEqual([]);
    expect(await movingParts(page)).toEqual([]);
  });
}
