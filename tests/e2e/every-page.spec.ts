/** Each page in each language and theme. The dark pass also asks for reduced motion. */
import { accessibilityProblems, expect, open, pagePaths, test, wakeWidgets } from './fixtures.ts';

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

  test(`${path} in dark, with reduced motion: legible and still`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await open(page, path);
    await wakeWidgets(page);
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
