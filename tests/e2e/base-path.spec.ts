/**
 * The site below a folder, as on a school's server: everything it asks for lies below it too. Its other
 * kinds of pages: stress-words.spec.ts.
 */
import { oneOfEachKind, readBuiltSite } from '../../scripts/built-site/pages.ts';
import { basePath } from '../../scripts/checks/checks.ts';
import { expect, open, siteBelowBasePath, test, wakeWidgets } from './fixtures.ts';

const kinds = oneOfEachKind(readBuiltSite('dist', '/'));

for (const path of kinds.filter((one) => /\/(?:teach|embed)\/./.test(one))) {
  test(`${path} works below ${basePath}`, async ({ page }) => {
    const outside: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (!pathname.startsWith(basePath)) outside.push(pathname);
    });
    const response = await open(page, new URL(path.slice(1), siteBelowBasePath).href);
    expect(response?.status()).toBe(200);
    await wakeWidgets(page);
    expect(outside).toEqual([]);
  });
}

test('links lead from page to page below the base path', async ({ page }) => {
  await open(page, siteBelowBasePath);
  await page.getByRole('banner').getByRole('navigation').getByRole('link').first().click();
  expect(new URL(page.url()).pathname).toMatch(new RegExp(`^${basePath}.+`));
  await page.getByRole('link', { name: '日本語' }).click();
  expect(new URL(page.url()).pathname).toMatch(new RegExp(`^${basePath}ja/.+`));
  await expect(page.locator('html')).toHaveAttribute('lang', 'ja');
});
