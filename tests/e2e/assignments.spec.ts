/** An assignment from the teacher's choice to the table of results. */
import { accessibilityProblems, expect, test } from './fixtures.ts';

test('a link is made, answered by two students, and their codes are read out of a chat', async ({
  page,
  context,
}) => {
  await page.goto('./teach/assign/');
  await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
  await page.getByLabel('Questions').fill('4');
  await expect(page.getByRole('img', { name: /QR/ })).toBeVisible();
  expect(await accessibilityProblems(page)).toEqual([]);
  const link = await page.getByRole('textbox', { name: 'The link' }).inputValue();
  const results =
    (await page.getByRole('link', { name: 'Read the results' }).getAttribute('href')) ?? '';

  const codes: string[] = [];
  for (const who of ['Hanako', '=7']) {
    await page.goto('about:blank');
    await page.goto(link);
    await page.getByLabel('Nickname').fill(who);
    await page.getByRole('button', { name: 'Start', exact: true }).press('Enter');
    const prompt = page.locator('#practice-prompt');
    await expect(prompt).toBeVisible();
    for (let n = 0; n < 4; n += 1) {
      if ((await page.locator('.question .option').count()) > 0) await page.keyboard.press('1');
      await page.keyboard.press('Enter');
    }
    // A reload takes nothing away.
    await page.reload();
    await expect(prompt).toBeVisible();
    const otherTab = who === 'Hanako' ? await context.newPage() : null;
    await otherTab?.goto(link);
    await expect(otherTab?.locator('#practice-prompt') ?? prompt).toBeVisible();
    await page.getByRole('button', { name: 'Hand in' }).click();
    if ((await page.locator('.result-code').count()) === 0) {
      await page.getByRole('button', { name: 'Hand in' }).click();
    }
    const code = page.locator('.result-code');
    await expect(code).toHaveText(/^PD-[0-9A-Z-]+$/);
    // Another tab knows of it.
    const given = (await code.textContent()) ?? '';
    await expect(otherTab?.locator('.result-code') ?? code).toHaveText(given);
    await otherTab?.close();
    await expect(page.getByRole('img', { name: /QR/ })).toBeVisible();
    expect(await accessibilityProblems(page)).toEqual([]);
    codes.push(given);
    const key = await page.evaluate(
      () =>
        Object.keys(localStorage).find((name) => name.startsWith('port-dojo.assignment.')) ?? '',
    );
    await page.getByRole('button', { name: 'Start over' }).click();
    await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible();
    if (who === 'Hanako') continue;
    // A record that cannot be used is put aside before the next one is written.
    await page.evaluate((name) => {
      localStorage.setItem(name, '{"record":{"star');
    }, key);
    await page.reload();
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.getByText('It is kept aside in this browser')).toBeVisible();
    expect(await page.evaluate((name) => localStorage.getItem(`${name}.aside.1`), key)).toBe(
      '{"record":{"star',
    );
    await page.getByRole('button', { name: 'Remove it, I have saved it' }).press('Enter');
    await expect(page.getByText('It is kept aside in this browser')).toHaveCount(0);
    await expect(prompt).toBeVisible();
  }

  await page.goto(results);
  await expect(page.locator('astro-island[ssr]')).toHaveCount(0);
  const [first = '', second = ''] = codes;
  const at = first.length - 1;
  const damaged = `${first.slice(0, at)}${first[at] === 'A' ? 'B' : 'A'}`;
  await page
    .getByLabel('Codes', { exact: true })
    .fill(`10:02 Hanako > here ${damaged} <b>bye</b>\n10:03 ${second.toLowerCase()}!`);
  await expect(page.getByText('1 result,')).toBeVisible();
  await page.getByRole('button', { name: `Take ${first}` }).click();
  await expect(page.getByText('2 results')).toBeVisible();
  const table = page.getByRole('table');
  await expect(table.getByRole('row')).toHaveCount(3);
  await expect(table.getByRole('rowheader')).toHaveText(['=7', 'Hanako']);
  await expect(page.locator('.results-questions li')).toHaveCount(4);
  expect(await accessibilityProblems(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save as CSV' }).click();
  expect((await download).suggestedFilename()).toBe('port-dojo-results.csv');
});

test('a link that is cut says so', async ({ page }) => {
  await page.goto('./ja/assignment/#1~50~choi');
  await expect(page.getByText('途中で切れています')).toBeVisible();
});
