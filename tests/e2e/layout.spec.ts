/**
 * At 320 px nothing is cut off or needs scrolling sideways (WCAG 2.2, 1.4.10 Reflow), whatever fonts
 * a machine has, and with reduced motion nothing moves by itself: playwright.config.ts runs this file
 * under each set of scripts/setup/font-sets.ts.
 */
import {
  expect,
  movingParts,
  open,
  pagePaths,
  partsThatStickOut,
  test,
  wakeWidgets,
} from './fixtures.ts';

test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });

for (const path of pagePaths) {
  // A Japanese font changes Japanese pages, a wide Latin one the others.
  test(`${path} fits a screen of 320 px, and is still @${path.startsWith('/ja/') ? 'ja' : 'en'}`, async ({
    page,
  }) => {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await open(page, path);
    await wakeWidgets(page);
    expect(await partsThatStickOut(page)).toEqual([]);
    expect(await movingParts(page)).toEqual([]);
  });
}
