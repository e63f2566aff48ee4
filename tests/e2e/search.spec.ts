/** The search by keyboard and by touch: nothing loads unasked, results lead to the very place, text stays text. */
import {
  accessibilityProblems,
  expect,
  open,
  partsThatStickOut,
  test,
  wakeWidgets,
} from './fixtures.ts';

test('Ctrl+K finds, arrow keys choose, Enter leads to the turn', async ({ page, problems }) => {
  const requested: string[] = [];
  page.on('request', (request) => requested.push(new URL(request.url()).pathname));
  await open(page, '/lessons/10-what-a-port-is/');
  expect(requested.filter((path) => path.includes('search'))).toEqual([]);

  await page.keyboard.press('Control+k');
  const dialog = page.getByRole('dialog', { name: 'Search' });
  const field = dialog.getByRole('combobox');
  await expect(field).toBeFocused();
  const options = dialog.getByRole('option');
  await field.fill('four network jacks');
  await expect(options.first()).toContainText('network jacks');
  await expect(dialog.getByRole('status')).toContainText('found');
  expect(await accessibilityProblems(page)).toEqual([]);

  // The arrows walk round, and the field says where they are.
  await expect(field).toHaveAttribute('aria-activedescendant', 'search-result-0');
  await page.keyboard.press('ArrowUp');
  await expect(options.last()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/lessons/10-what-a-port-is/#at-the-back');
  await expect(dialog).toBeHidden();
  await expect(page.locator('#at-the-back')).toBeInViewport();

  // Markup is text, nothing runs, and Escape gives the focus back.
  const loupe = page.getByRole('button', { name: 'Search', exact: true });
  await loupe.click();
  await expect(field).toBeFocused();
  await field.fill('<img src=x onerror=alert(1)> zzzz');
  await expect(options.last()).toContainText('“<img src=x onerror=alert(1)> zzzz”');
  await expect(dialog.locator('img')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(loupe).toBeFocused();

  // In a terminal the key cuts the line, as in any shell.
  await open(page, '/lab/');
  await wakeWidgets(page);
  await page.getByRole('button', { name: /^Open/ }).first().click();
  const line = page.locator('.terminal form input');
  await line.fill('echo one two');
  await line.evaluate((input: HTMLInputElement) => {
    input.setSelectionRange(8, 8);
  });
  await line.press('Control+k');
  await expect(line).toHaveValue('echo one');
  await expect(dialog).toBeHidden();

  // An index that cannot be had is said, and can be asked for again.
  await page.route('**/search.json', (route) => route.abort());
  await page.goto('/about/');
  await page.keyboard.press('Control+k');
  await expect(dialog.getByRole('status')).toContainText('could not be fetched');
  problems.length = 0;
  await page.unroute('**/search.json');
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await field.fill('４４３');
  await expect(options.first()).toContainText('443');
  await field.fill('51515');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/ports/?q=51515');
});

test('in Japanese, at 320 px, by touch and in the dark', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    viewport: { width: 320, height: 640 },
    hasTouch: true,
    isMobile: true,
    colorScheme: 'dark',
    ...(baseURL === undefined ? {} : { baseURL }),
  });
  const page = await context.newPage();
  await page.goto('/ja/glossary/');
  const header = page.getByRole('banner');
  for (const control of await header.locator('a, button').all())
    await expect(control).toBeInViewport({ ratio: 1 });
  await header.getByRole('button', { name: '検索' }).tap();
  const dialog = page.getByRole('dialog', { name: '検索' });
  await dialog.getByRole('combobox').fill('あてさきぽーと');
  const first = dialog.getByRole('option').first();
  await expect(first).toContainText('宛先ポート');
  await expect(first).toContainText('用語');
  expect(await partsThatStickOut(page)).toEqual([]);
  expect(await accessibilityProblems(page)).toEqual([]);
  await first.tap();
  await expect(page).toHaveURL('/ja/glossary/#destination-port');
  await expect(page.locator('#destination-port')).toBeInViewport();
  await context.close();
});
