/** Light, dark or the system's: chosen once, kept, and there before anything is painted. */
import { findViolations } from '../../scripts/built-site/accessibility.ts';
import { expect, open, type Page, test, wakeWidgets } from './fixtures.ts';

async function background(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

/** Notes the theme at the moment when the body begins, before anything can be painted. */
async function noteFirstTheme(page: Page): Promise<void> {
  await page.addInitScript(() => {
    new MutationObserver((_changes, observer) => {
      if (document.querySelector('body') === null) return;
      document.documentElement.dataset['firstTheme'] =
        document.documentElement.dataset['theme'] ?? 'system';
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
}

test('the theme follows the system until one is chosen', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, '/');
  const light = await background(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await background(page)).not.toBe(light);
});

test('a chosen theme is kept, on every page, without a flash of the other', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await noteFirstTheme(page);
  await open(page, '/');
  const light = await background(page);
  const theme = page.locator('.theme-switch');
  await theme.click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await expect(theme).toHaveAccessibleName(/light/);
  await theme.click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const dark = await background(page);
  expect(dark).not.toBe(light);

  await open(page, '/ja/');
  await expect(page.locator('html')).toHaveAttribute('data-first-theme', 'dark');
  expect(await background(page)).toBe(dark);

  await page.locator('.theme-switch').click();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-first-theme', 'system');
  expect(await background(page)).toBe(light);
});

test('where the browser keeps nothing, a theme can still be chosen', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'localStorage', {
      get() {
        throw new DOMException('refused', 'SecurityError');
      },
    });
  });
  await open(page, '/');
  await page.locator('.theme-switch').click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('who asks for more contrast gets seven to one', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, contrast: 'more' });
    for (const path of ['/', '/lessons/30-listening/', '/lab/range/', '/practice/', '/ports/']) {
      await open(page, path);
      await wakeWidgets(page);
      const found = await findViolations(page, {
        runOnly: { type: 'rule', values: ['color-contrast-enhanced'] },
      });
      const where = found.flatMap(({ nodes }) =>
        nodes.map(({ target, any }) => `${target.flat().join(' ')}: ${any[0]?.message ?? ''}`),
      );
      expect.soft(where, `${path}, ${colorScheme}`).toEqual([]);
    }
  }
});
