/** The header by keyboard alone, and the language switch, which keeps one's place. */
import { isBare } from '../../scripts/built-site/pages.ts';
import { expect, open, pagePaths, resize, test, wakeWidgets } from './fixtures.ts';

test('the first key leads past the header', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('Tab');
  const skip = page.locator(':focus');
  await expect(skip).toHaveAttribute('href', '#main');
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page.locator('#main')).toBeFocused();
});

for (const width of [360, 1280]) {
  test(`Tab reaches every link and button of the header, at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 720 });
    await open(page, '/');
    const controls = page.getByRole('banner').locator('a:visible, button:visible, summary:visible');
    const wanted = await controls.count();
    expect(wanted).toBeGreaterThan(3);
    await page.keyboard.press('Tab');
    const seen: string[] = [];
    for (let index = 0; index < wanted; index += 1) {
      await page.keyboard.press('Tab');
      const focus = page.locator(':focus');
      await expect(focus).toBeInViewport();
      const outline = await focus.evaluate((element) => getComputedStyle(element).outlineStyle);
      expect(outline).not.toBe('none');
      const isInHeader = await focus.evaluate((element) => element.closest('header') !== null);
      expect(isInHeader).toBe(true);
      seen.push(await focus.evaluate((element) => element.outerHTML));
    }
    expect(new Set(seen).size).toBe(wanted);
  });
}

test('the language switch keeps the page, the place in it and what is in the address', async ({
  page,
}) => {
  const english = pagePaths.filter((path) => !path.startsWith('/ja/') && !isBare(path));
  // One of each kind: every page has the same header, and tests/site holds where its links lead.
  const kindOf = (path: string): string => path.split('/').slice(0, 2).join('/');
  const firstOfKind = english.filter(
    (path, place) => english.findIndex((other) => kindOf(other) === kindOf(path)) === place,
  );
  for (const path of firstOfKind) {
    await page.goto(`${path}?seed=7#main`);
    await page.getByRole('banner').getByRole('link', { name: '日本語' }).click();
    await expect(page).toHaveURL(`/ja${path}?seed=7#main`);
    // Until a page has loaded, the browser scrolls to the part in the address, from under the mouse too.
    await page.waitForLoadState('load');
    await page.getByRole('banner').getByRole('link', { name: 'English' }).click();
    await expect(page).toHaveURL(`${path}?seed=7#main`);
  }
});

test('the language switch leads to the turn that is being read', async ({ page }) => {
  await open(page, '/lessons/50-ephemeral-ports/');
  await wakeWidgets(page);
  const link = page.getByRole('banner').getByRole('link', { name: '日本語' });
  const turn = page.locator('.dialogue > .turn').nth(14);
  const id = (await turn.getAttribute('id')) ?? '';
  // At one go, so that nothing moves in between.
  const there = await turn.elementHandle();
  await link.evaluate((element: HTMLElement, reading) => {
    if (reading instanceof Element) reading.scrollIntoView({ block: 'start', behavior: 'instant' });
    element.click();
  }, there);
  await expect(page).toHaveURL(`/ja/lessons/50-ephemeral-ports/#${id}`);
  await expect(page.locator(`#${id}`)).toBeInViewport();
});

for (const path of ['/', '/ja/']) {
  test(`no way stands alone in a row of the header of ${path}, however narrow`, async ({
    page,
  }) => {
    await open(page, path);
    for (const width of [320, 340, 360, 390, 500]) {
      await resize(page, { width, height: 640 });
      const tops = await page
        .getByRole('banner')
        .locator('nav a')
        .evaluateAll((ways) => ways.map((way) => Math.round(way.getBoundingClientRect().top)));
      const rows = Map.groupBy(tops, (top) => top);
      expect(rows.size, `rows at ${String(width)} px`).toBeLessThanOrEqual(2);
      for (const row of rows.values()) expect(row.length).toBeGreaterThan(1);
    }
  });
}
