/**
 * Each page in each language, in two visits: one in light on a desktop, one in dark with reduced
 * motion, which begins on a phone's width.
 */
import {
  accessibilityProblems,
  expect,
  open,
  pagePaths,
  partsThatStickOut,
  test,
  wakeWidgets,
} from './fixtures.ts';

for (const path of pagePaths) {
  test(`${path} in light: quiet, light, and open to everyone`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'light' });
    const requested: string[] = [];
    page.on('request', (request) => requested.push(request.url()));
    const response = await open(page, path);
    expect(response?.status()).toBe(200);
    // What loads unasked on a phone's or a desktop's first screen.
    expect(requested.length).toBeLessThanOrEqual(10);
    await wakeWidgets(page);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
}

test.describe('by touch', () => {
  test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });

  for (const path of pagePaths) {
    test(`${path} in dark, with reduced motion: fits 320 px, legible and still`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
      await open(page, path);
      await wakeWidgets(page);
      expect(await partsThatStickOut(page), 'at 320 px').toEqual([]);
      await page.setViewportSize({ width: 1280, height: 720 });
      expect(await partsThatStickOut(page), 'at 1280 px').toEqual([]);
      expect(await accessibilityProblems(page, 'colours')).toEqual([]);
      const moving = await page.evaluate(() =>
        document
          .getAnimations()
          .filter((animation) => animation.playState === 'running')
          .filter((animation) => Number(animation.effect?.getComputedTiming().duration ?? 0) > 0)
          .map(({ effect }) =>
            effect instanceof KeyframeEffect ? effect.target?.outerHTML : 'unnamed',
          ),
      );
      expect(moving).toEqual([]);
    });
  }
});
