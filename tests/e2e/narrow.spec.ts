/** At 320 px nothing is cut off or needs scrolling sideways (WCAG 2.2, 1.4.10 Reflow). */
import { expect, open, pagePaths, test, wakeWidgets } from './fixtures.ts';

test.use({ viewport: { width: 320, height: 640 }, hasTouch: true });

for (const path of pagePaths) {
  test(`${path} fits a screen of 320 px`, async ({ page }) => {
    await open(page, path);
    await wakeWidgets(page);
    const overflow = await page.evaluate(() => {
      const root = document.documentElement;
      if (root.scrollWidth <= root.clientWidth) return [];
      return [...document.querySelectorAll('body *')]
        .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
        .map((element) => `${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`)
        .slice(0, 5);
    });
    expect(overflow).toEqual([]);
  });
}
