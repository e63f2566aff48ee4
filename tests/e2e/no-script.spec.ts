/**
 * Without script every kind of page can be read and walked. That each page brings its words:
 * tests/site/pages.test.ts.
 */
import { oneOfEachKind, readBuiltSite } from '../../scripts/built-site/pages.ts';
import { expect, visitorTest } from './fixtures.ts';

const test = visitorTest({ javaScriptEnabled: false });

for (const path of oneOfEachKind(readBuiltSite('dist', '/'))) {
  test(`${path} can be read without script`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect((await page.getByRole('main').innerText()).length).toBeGreaterThan(80);
    await expect(page.getByRole('navigation').first().getByRole('link').first()).toBeVisible();
    // A widget's first frame is in the page; it is not an empty box.
    for (const island of await page.locator('astro-island').all()) {
      const box = await island.evaluate((element) => element.innerHTML.trim().length);
      expect(box).toBeGreaterThan(0);
    }
  });
}
