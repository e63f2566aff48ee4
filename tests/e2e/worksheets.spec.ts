/** Worksheets on paper: sizes, pages, and nothing of the key on a student's sheet. */
import { accessibilityProblems, expect, test, type Page } from './fixtures.ts';

/** Pages of a PDF, with their sizes in points. */
async function printed(page: Page): Promise<readonly string[]> {
  const text = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  return [...text.matchAll(/\/MediaBox \[0 0 (\d+)[\d.]* (\d+)/g)].map(
    ([, width = '', height = '']) => `${width}x${height}`,
  );
}

const a4 = '594x841';
const letter = '612x792';

test('a version is chosen, printed on either paper, and its key is elsewhere', async ({ page }) => {
  await page.goto('./teach/worksheets/50-ephemeral-ports/');
  await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
  const sheet = page.locator('.paper-sheet');
  const first = await sheet.innerText();
  await page.getByLabel('Version').selectOption('D');
  await page.getByLabel('Seed').fill('17');
  await page.getByLabel('Seed').press('Tab');
  await expect(sheet).toContainText('Version D · seed 17');
  await expect(sheet).not.toHaveText(first);
  await expect(sheet.getByRole('img', { name: /QR/ })).toBeVisible();
  const prompts = await sheet.locator('.sheet-prompt').allInnerTexts();
  const pages = await printed(page);
  expect(pages.length).toBeLessThanOrEqual(3);
  expect([...new Set(pages)]).toEqual([a4]);
  await page.getByLabel('Paper').selectOption('Letter');
  expect([...new Set(await printed(page))]).toEqual([letter]);
  expect(await accessibilityProblems(page)).toEqual([]);
  const own = await sheet.innerText();

  await page.getByRole('link', { name: 'Key to this version' }).click();
  await expect(sheet).toContainText('Version D · seed 17');
  await expect(sheet.locator('.sheet-prompt')).toHaveText(prompts);
  const answers = await sheet.locator('.sheet-answer').allInnerTexts();
  expect(answers.length).toBe(prompts.length);
  const said = await sheet.locator('.sheet-options > li > span:last-child').allInnerTexts();
  expect(said.length).toBeGreaterThan(prompts.length);
  for (const words of [...answers, ...said]) expect(own).not.toContain(words);
  expect([...new Set(await printed(page))]).toEqual([letter]);
  expect(await accessibilityProblems(page)).toEqual([]);
});

test('cards: four on one page, or one each', async ({ page }) => {
  await page.goto('./ja/teach/worksheets/cards/');
  expect(await printed(page)).toHaveLength(1);
  await page.getByLabel('一枚', { exact: true }).check();
  expect(await printed(page)).toHaveLength(4);
});
