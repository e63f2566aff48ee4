/** The site below a folder, as on a school's server: everything it asks for lies below it too. */
import { basePath } from '../../scripts/checks/checks.ts';
import { expect, open, pagePaths, siteBelowBasePath, test, wakeWidgets } from './fixtures.ts';

for (const path of pagePaths.filter((_path, index) => index % 4 === 0)) {
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
